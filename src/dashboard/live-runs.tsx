import { Text } from 'ink';
import type { RunResult } from '../report/schema.js';
import type { PlannedRun } from '../scenario/scenario.js';
import { latencyCell, oneLine } from './figures.js';
import { OUTCOME_COLOR } from './live-table.js';
import { paint } from './paint.js';
import { outcomeOf, type View } from './store.js';

export interface RunsProps {
  readonly view: View;
  /** Lines for runs. */
  readonly room: number;
  readonly color: boolean;
}

/** The plan, run by run: what is done and what became of it, what is under way, what comes. */
export function Runs({ view, room, color }: RunsProps) {
  const { runs, rows } = view.plan;
  const from = firstShown(view, room);
  const labelWidth = Math.min(24, Math.max(9, ...rows.map(({ label }) => label.length)));
  return (
    <>
      <Text dimColor wrap="truncate">
        {`   run  round  ${'transport'.padEnd(labelWidth)}   p50 ms   p99 ms  verdict`}
      </Text>
      {runs.slice(from, from + room).map((run) => {
        const result = resultOf(view, run);
        return (
          <Text key={run.index} wrap="truncate" {...(result ? paint(color, OUTCOME_COLOR[outcomeOf(result)]) : {})}>
            {lineOf(view, run, result, labelWidth)}
          </Text>
        );
      })}
    </>
  );
}

/** So that the run under way, or the next one, is in the middle. */
function firstShown({ plan: { runs }, doneRuns }: View, room: number): number {
  return Math.max(0, Math.min(runs.length - room, doneRuns - Math.floor(room / 2)));
}

function resultOf({ rows }: View, { row, round }: PlannedRun): RunResult | undefined {
  return rows[row]?.results.find((result) => result.round === round);
}

function lineOf(view: View, run: PlannedRun, result: RunResult | undefined, labelWidth: number): string {
  const label = (view.plan.rows[run.row]?.label ?? '').slice(0, labelWidth).padEnd(labelWidth);
  const latency = result?.state === 'completed' ? result.latencyUs : null;
  const cells = result
    ? [latencyCell(latency?.p50 ?? null), latencyCell(latency?.p99 ?? null)].map((cell) => cell.padStart(9)).join('')
    : ' '.repeat(18);
  const place = `${String(run.index + 1).padStart(4)}  ${String(run.round + 1).padStart(5)}`;
  return `${markOf(view, run, result)} ${place}  ${label}${cells}  ${wordOf(view, run, result)}`;
}

function markOf({ current, doneRuns }: View, run: PlannedRun, result: RunResult | undefined): string {
  if (result) return '✓';
  if (current?.run.row === run.row && current.run.round === run.round) return '▸';
  return current === null && run.index === doneRuns ? '→' : ' ';
}

function wordOf({ current, skipped }: View, run: PlannedRun, result: RunResult | undefined): string {
  if (result) {
    const reason = result.state === 'completed' ? result.reasons[0] : result.reason;
    return reason === undefined ? outcomeOf(result) : `${outcomeOf(result)}: ${oneLine(reason)}`;
  }
  if (current?.run.row === run.row && current.run.round === run.round) return 'running';
  return skipped.has(run.row) ? 'skipped' : '';
}
