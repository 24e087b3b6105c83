import type { Writable } from 'node:stream';
import type { RunResult } from '../report/schema.js';
import { between, counted } from '../report/wording.js';
import { MIN_AUTO_ROUNDS } from '../scenario/limits.js';
import type { Plan, PlannedRun } from '../scenario/scenario.js';
import type { SuiteEvent } from '../suite/events.js';
import { formatBytes, formatCount, formatDurationMs, significant } from '../units.js';
import type { Dashboard } from './dashboard.js';
import { aboutMs, atMostMs, latencyText, oneLine, upTo } from './figures.js';
import { fold, headingOf, isOpenEnded, outcomeOf, type View } from './store.js';
import { allLeftMs } from './time-left.js';

/** For logs and pipes: a line for what will happen, then a line when a run is over. */
export function openPlain(stream: Writable): Dashboard {
  let view: View | null = null;
  return {
    onEvent(event) {
      view = fold(view, event);
      const line = lineOf(event, view);
      if (line !== null) stream.write(`${line}\n`);
    },
    async close() {},
  };
}

function lineOf(event: SuiteEvent, after: View | null): string | null {
  if (after === null) return null;
  if (event.type === 'planned') return intent(after);
  if (event.type !== 'runEnded') return null;
  const open = isOpenEnded(after.plan);
  const total = upTo(after.plan.runs.length, open);
  const parts = [
    `[${String(event.run.index + 1).padStart(total.length)}/${total}] round ${event.run.round + 1}`,
    labelOf(after.plan, event.run),
    ...figuresOf(event.result),
    formatDurationMs(Math.round(event.tookMs / 100) * 100),
  ];
  const restMs = allLeftMs(after, event.atMs);
  if (restMs > 0) parts.push(`${(open ? atMostMs : aboutMs)(restMs)} left`);
  return parts.join(' · ');
}

function intent(view: View): string {
  const { plan } = view;
  const { scenario, rows, runs, estimatedMs } = plan;
  const { clients, publish, ratePerSecond, sizeBytes } = scenario.workload;
  return [
    isOpenEnded(plan)
      ? `${headingOf(view)}: at most ${counted(runs.length, 'run')} (${counted(rows.length, 'row')} × ${between(String(MIN_AUTO_ROUNDS), String(scenario.rounds))} rounds)`
      : `${headingOf(view)}: ${counted(runs.length, 'run')} (${counted(rows.length, 'row')} × ${counted(scenario.rounds, 'round')})`,
    `${formatCount(clients)} clients`,
    publish === 'observe'
      ? 'nothing is published'
      : `${Number(significant(ratePerSecond))} messages/s of ${formatBytes(sizeBytes)}`,
    scenario.auto === null ? aboutMs(estimatedMs) : atMostMs(Math.min(estimatedMs, scenario.auto.budgetMs)),
  ].join(' · ');
}

function labelOf(plan: Plan, run: PlannedRun): string {
  return plan.rows[run.row]?.label ?? `row ${run.row + 1}`;
}

function figuresOf(result: RunResult): string[] {
  if (result.state !== 'completed') return [`${result.state}: ${oneLine(result.reason)}`];
  const { up, down } = result.bytes.perMessage;
  const [reason] = result.reasons;
  return [
    `p50 ${latencyText(result.latencyUs.p50)}`,
    `p99 ${latencyText(result.latencyUs.p99)}`,
    up === null || down === null ? '– B/msg' : `${formatBytes(up + down)}/msg`,
    reason === undefined ? outcomeOf(result) : `${outcomeOf(result)} (${oneLine(reason)})`,
  ];
}
