import { Box, Text } from 'ink';
import { plainFigure } from '../report/wording.js';
import { latencyCell, oneLine } from './figures.js';
import { paint } from './paint.js';
import { nextRow, type Outcome, outcomeOf, type RowView, type View } from './store.js';

/** Narrowest frames that have the columns a decision can do without. */
const BYTES_WIDTH = 70;
const CPU_WIDTH = 79;
/** Narrowest frames in which the columns that tell most are whole: a figure that is cut off is a wrong one. */
const ROUNDS_WIDTH = 50;
const P99_WIDTH = 36;
/** Marker, and what the columns besides label and optional ones take, with a verdict in one word. */
const OTHER_COLUMNS = 41;
const COLUMN = 9;

export const OUTCOME_COLOR: Readonly<Record<Outcome, string>> = {
  valid: 'green',
  suspect: 'yellow',
  saturated: 'yellow',
  invalid: 'red',
  aborted: 'yellow',
  failed: 'red',
};

export interface TableProps {
  readonly view: View;
  /** Rounds of the plan; `≤10` where there may be fewer. */
  readonly rounds: string;
  /** Columns to fill. */
  readonly width: number;
  /** Lines for rows; rows beyond them are only counted. */
  readonly room: number;
  readonly color: boolean;
}

/** Every row of the plan and how it has done so far: it grows into the table of the report. */
export function Table({ view, rounds, width, room, color }: TableProps) {
  const shown = shownRows(view, room);
  const hidden = view.rows.length - shown.length;
  const columns = {
    hasRounds: width >= ROUNDS_WIDTH,
    hasP99: width >= P99_WIDTH,
    hasBytes: width >= BYTES_WIDTH,
    hasCpu: width >= CPU_WIDTH,
  };
  const optional = (columns.hasBytes ? COLUMN : 0) + (columns.hasCpu ? COLUMN : 0);
  const longest = Math.max(9, ...view.rows.map((row) => row.label.length));
  const labelWidth = Math.min(30, Math.max(14, width - OTHER_COLUMNS - optional), longest);
  return (
    <>
      <Line labelWidth={labelWidth} mark=" " label="transport" cells={headCells(columns)} outcome="verdict" isHead />
      {shown.map(({ row, index }) => (
        <Line
          key={row.label}
          labelWidth={labelWidth}
          mark={markOf(view, index)}
          label={row.label}
          cells={rowCells(row, rounds, columns)}
          outcome={outcomeText(view, row, index)}
          {...(row.soFar === null ? {} : paint(color, OUTCOME_COLOR[outcomeOf(row.soFar)]))}
        />
      ))}
      {hidden > 0 && room > 0 ? <More rows={hidden} /> : null}
    </>
  );
}

/** Where there is no room for all, those about the one under way, in their order. */
function shownRows(view: View, room: number): readonly { readonly row: RowView; readonly index: number }[] {
  const all = view.rows.map((row, index) => ({ row, index }));
  if (all.length <= room) return all;
  const count = Math.max(0, room - 1);
  const active = view.current?.run.row ?? nextRow(view) ?? 0;
  const from = Math.min(all.length - count, Math.max(0, active - Math.floor(count / 2)));
  return all.slice(from, from + count);
}

function markOf(view: View, index: number): string {
  if (view.current?.run.row === index) return '▸';
  if (nextRow(view) === index) return '→';
  const done = view.rows[index]?.results.length ?? 0;
  return done >= view.plan.scenario.rounds ? '✓' : ' ';
}

function More({ rows }: { readonly rows: number }) {
  return <Text dimColor wrap="truncate">{`  … ${rows} more at the end`}</Text>;
}

interface Columns {
  readonly hasRounds: boolean;
  readonly hasP99: boolean;
  readonly hasBytes: boolean;
  readonly hasCpu: boolean;
}

function headCells(columns: Columns): string[] {
  return shownCells(columns, { rounds: 'rounds', p50: 'p50 ms', p99: 'p99 ms', bytes: 'B/msg ↓', cpu: 'CPU µs' });
}

function rowCells({ results, soFar }: RowView, rounds: string, columns: Columns): string[] {
  const row = soFar?.state === 'completed' ? soFar : null;
  return shownCells(columns, {
    rounds: `${results.length}/${rounds}`,
    p50: latencyCell(row?.latencyUs.p50 ?? null),
    p99: latencyCell(row?.latencyUs.p99 ?? null),
    bytes: figure(row?.spread.bytesPerMessage.down.median ?? null),
    cpu: figure(row?.spread.serverCpuUsPerMessage.median ?? null),
  });
}

type Cells = Readonly<Record<'rounds' | 'p50' | 'p99' | 'bytes' | 'cpu', string>>;

function shownCells({ hasRounds, hasP99, hasBytes, hasCpu }: Columns, cells: Cells): string[] {
  const { rounds, p50, p99, bytes, cpu } = cells;
  const shown = [...(hasRounds ? [rounds] : []), p50, ...(hasP99 ? [p99] : [])];
  return [...shown, ...(hasBytes ? [bytes] : []), ...(hasCpu ? [cpu] : [])].map((cell) => cell.padStart(COLUMN));
}

function figure(value: number | null): string {
  return value === null ? '–' : plainFigure(value);
}

interface LineProps {
  readonly labelWidth: number;
  readonly mark: string;
  readonly label: string;
  readonly cells: readonly string[];
  readonly outcome: string;
  readonly color?: string;
  readonly isHead?: boolean;
}

function Line({ labelWidth, mark, label, cells, outcome, color, isHead = false }: LineProps) {
  return (
    <Box>
      <Box width={2} flexShrink={0}>
        <Text>{mark}</Text>
      </Box>
      <Box width={labelWidth} flexShrink={0}>
        <Text dimColor={isHead} wrap="truncate-middle">
          {label}
        </Text>
      </Box>
      <Box flexShrink={0}>
        <Text dimColor={isHead}>{`${cells.join('')}  `}</Text>
      </Box>
      <Text dimColor={isHead} wrap="truncate" {...(color === undefined ? {} : { color })}>
        {outcome}
      </Text>
    </Box>
  );
}

function outcomeText(view: View, { soFar }: RowView, index: number): string {
  const rest = view.skipped.has(index) ? ', the rest skipped' : '';
  if (soFar === null) return rest === '' ? '' : 'skipped';
  const [reason] = soFar.reasons;
  return reason === undefined ? `${outcomeOf(soFar)}${rest}` : `${outcomeOf(soFar)}: ${oneLine(reason)}`;
}
