import { Box, Text } from 'ink';
import type { ReportRow } from '../report/schema.js';
import { latencyCell, oneLine } from './figures.js';
import { paint } from './paint.js';
import { type Outcome, outcomeOf } from './store.js';

/** What the other columns take of the width, with a verdict in one word. */
const OTHER_COLUMNS = 41;

const OUTCOME_COLOR: Readonly<Record<Outcome, string>> = {
  valid: 'green',
  suspect: 'yellow',
  saturated: 'yellow',
  invalid: 'red',
  aborted: 'yellow',
  failed: 'red',
};

export interface TableProps {
  /** Rows with at least one round that is over. */
  readonly finished: readonly ReportRow[];
  /** Rounds of the plan; `≤10` where there may be fewer. */
  readonly rounds: string;
  /** Columns to fill. */
  readonly width: number;
  /** Lines for rows; rows beyond them are only counted. */
  readonly room: number;
  readonly color: boolean;
}

/** The rows that have something to show, and how they have done so far. */
export function Table({ finished, rounds, width, room, color }: TableProps) {
  if (finished.length === 0) return null;
  const shown = finished.length <= room ? finished : finished.slice(0, Math.max(0, room - 1));
  const hidden = finished.length - shown.length;
  const longest = Math.max(9, ...finished.map((row) => row.label.length));
  const labelWidth = Math.min(30, Math.max(14, width - OTHER_COLUMNS), longest);
  return (
    <>
      <Line
        labelWidth={labelWidth}
        label="transport"
        rounds="rounds"
        p50="p50 ms"
        p99="p99 ms"
        outcome="verdict"
        isHead
      />
      {shown.map((row) => (
        <Line
          key={row.label}
          labelWidth={labelWidth}
          label={row.label}
          rounds={`${row.rounds.length}/${rounds}`}
          p50={latencyCell(row.state === 'completed' ? row.latencyUs.p50 : null)}
          p99={latencyCell(row.state === 'completed' ? row.latencyUs.p99 : null)}
          outcome={outcomeText(row)}
          {...paint(color, OUTCOME_COLOR[outcomeOf(row)])}
        />
      ))}
      {hidden > 0 && room > 0 ? <More rows={hidden} /> : null}
    </>
  );
}

function More({ rows }: { readonly rows: number }) {
  return <Text dimColor wrap="truncate">{`  … ${rows} more at the end`}</Text>;
}

interface LineProps {
  readonly labelWidth: number;
  readonly label: string;
  readonly rounds: string;
  readonly p50: string;
  readonly p99: string;
  readonly outcome: string;
  readonly color?: string;
  readonly isHead?: boolean;
}

function Line({ labelWidth, label, rounds, p50, p99, outcome, color, isHead = false }: LineProps) {
  return (
    <Box>
      <Box width={labelWidth + 2} flexShrink={0} paddingLeft={2}>
        <Text dimColor={isHead} wrap="truncate-middle">
          {label}
        </Text>
      </Box>
      <Box flexShrink={0}>
        <Text dimColor={isHead}>{`${rounds.padStart(9)}${p50.padStart(9)}${p99.padStart(9)}  `}</Text>
      </Box>
      <Text dimColor={isHead} wrap="truncate" {...(color === undefined ? {} : { color })}>
        {outcome}
      </Text>
    </Box>
  );
}

function outcomeText(row: ReportRow): string {
  const [reason] = row.reasons;
  return reason === undefined ? outcomeOf(row) : `${outcomeOf(row)}: ${oneLine(reason)}`;
}
