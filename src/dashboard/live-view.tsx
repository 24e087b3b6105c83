import { Box, Text } from 'ink';
import type { RunProgress, RunStep } from '../suite/events.js';
import { formatCount } from '../units.js';
import { aboutMs, atMostMs, clock, latencyText, upTo } from './figures.js';
import { Table } from './live-table.js';
import { paint } from './paint.js';
import { allLeftMs, doneShare, headingOf, isOpenEnded, type View } from './store.js';

export interface LiveViewProps {
  readonly view: View | null;
  /** Time since the suite began, ms. */
  readonly atMs: number;
  /** Size of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

const MAX_COLUMNS = 88;
/** Title, bar, two lines of the current run, the table's head, the hint. */
const FIXED_LINES = 6;
const BLANK_LINES = 3;

const STEP_TEXT: Readonly<Record<RunStep, string>> = {
  start: 'starting its server',
  connect: 'connecting the clients',
  warmup: 'warming up',
  settle: 'waiting for the last of the warm-up',
  measure: 'measuring',
  drain: 'waiting for the last messages',
  stop: 'stopping',
  roundTrips: 'counting round trips',
};

/** The whole frame; always lower than the terminal, since a frame as high as it cannot be redrawn in place. */
export function LiveView({ view, atMs, columns, rows, color }: LiveViewProps) {
  if (view === null) return <Text>Planning…</Text>;
  const width = Math.min(columns, MAX_COLUMNS);
  const finished = view.rows.flatMap(({ soFar }) => soFar ?? []);
  const isRoomy = rows - 1 >= FIXED_LINES + BLANK_LINES + finished.length;
  const blank = isRoomy ? 1 : 0;
  const room = Math.max(0, rows - 1 - FIXED_LINES - (isRoomy ? BLANK_LINES : 0));
  return (
    <Box flexDirection="column" width={width} {...(room === 0 ? { height: rows - 1, overflowY: 'hidden' } : {})}>
      <Header view={view} atMs={atMs} width={width} color={color} />
      <Box flexDirection="column" marginTop={blank}>
        <Current view={view} color={color} />
      </Box>
      <Box flexDirection="column" marginTop={blank}>
        <Table
          finished={finished}
          rounds={upTo(view.plan.scenario.rounds, isOpenEnded(view.plan))}
          width={width}
          room={room}
          color={color}
        />
      </Box>
      <Box marginTop={blank}>
        <Text dimColor wrap="truncate">
          Ctrl-C stops and keeps what was measured (again: at once)
        </Text>
      </Box>
    </Box>
  );
}

interface PartProps {
  readonly view: View;
  readonly color: boolean;
}

function Header({ view, atMs, width, color }: PartProps & { readonly atMs: number; readonly width: number }) {
  const { runs } = view.plan;
  const open = isOpenEnded(view.plan);
  const left = view.state === 'running' ? ` · ${(open ? atMostMs : aboutMs)(allLeftMs(view, atMs))} left` : '';
  const count = ` ${view.doneRuns}/${upTo(runs.length, open)} runs`;
  const barWidth = Math.max(0, width - count.length);
  const filled = Math.round(barWidth * doneShare(view, atMs));
  return (
    <>
      <Box justifyContent="space-between">
        <Text bold wrap="truncate">
          {headingOf(view)}
        </Text>
        <Box flexShrink={0} marginLeft={2}>
          <Text>{`${clock(atMs)}${left}`}</Text>
        </Box>
      </Box>
      <Text wrap="truncate">
        <Text {...paint(color, 'cyan')}>{'█'.repeat(filled)}</Text>
        <Text dimColor>{'░'.repeat(barWidth - filled)}</Text>
        {count}
      </Text>
    </>
  );
}

function Current({ view: { current, plan, state }, color }: PartProps) {
  if (current === null) {
    return (
      <>
        <Text>{state === 'running' ? 'Between two runs' : 'All runs are over'}</Text>
        <Text> </Text>
      </>
    );
  }
  const { run, step, progress } = current;
  return (
    <>
      <Text wrap="truncate">
        <Text {...paint(color, 'cyan')}>▸ </Text>
        <Text bold>{plan.rows[run.row]?.label}</Text>
        {` · round ${run.round + 1} of ${upTo(plan.scenario.rounds, isOpenEnded(plan))}${step === null ? '' : ` · ${STEP_TEXT[step]}`}`}
      </Text>
      <Text wrap="truncate">{progress === null ? ' ' : progressText(progress)}</Text>
    </>
  );
}

function progressText({ delivered, expected, latency }: RunProgress): string {
  const count = `  delivered ${formatCount(delivered)} of ${formatCount(expected)}`;
  return `${count} · p50 ${latencyText(latency?.p50Us ?? null)} · p99 ${latencyText(latency?.p99Us ?? null)}`;
}
