import { LatencyHistogram } from '../metrics/histogram.js';
import type { CompletedRun, RunResult, Verdict } from '../report/schema.js';
import type { Plan, PlannedRun } from '../scenario/scenario.js';
import type { RunProgress, RunStep, SuiteEvent } from '../suite/events.js';

/** What a watcher sees of a suite at one moment. Plain data, replaced whole by every event that changes it. */
export interface View {
  readonly plan: Plan;
  /** Runs that are over, whatever became of them. */
  readonly doneRuns: number;
  /** The run under way; `null` between two runs, and when all are over. */
  readonly current: CurrentRun | null;
  /** What the rows have shown so far, one for each row of the plan, in its order. */
  readonly rows: readonly RowView[];
  /** Time of the latest event since the suite began, ms. */
  readonly atMs: number;
  readonly state: 'running' | 'ended' | 'interrupted';
}

export interface CurrentRun {
  readonly run: PlannedRun;
  readonly startedAtMs: number;
  readonly step: RunStep | null;
  readonly progress: RunProgress | null;
}

/** How a row has done: the worst of its rounds; `null` while none is over. */
export type Outcome = Verdict | 'aborted' | 'failed';

export interface RowView {
  readonly label: string;
  /** Results of its rounds that are over, in order. */
  readonly results: readonly RunResult[];
  /** How long each of them took, ms. */
  readonly tookMs: readonly number[];
  /** Headline latency over its completed rounds together, µs; `null` where there is none to tell yet. */
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly outcome: Outcome | null;
  /** Why the outcome is not `valid`; `null` where it is, or nothing was said. */
  readonly reason: string | null;
}

const WORST_LAST: readonly Outcome[] = ['valid', 'suspect', 'saturated', 'invalid', 'aborted', 'failed'];

/** Publishes that a p99 needs. */
const P99_PUBLISHES = 299;

/** The view after an event. There is none before the plan is known. */
export function fold(view: View | null, event: SuiteEvent): View | null {
  if (event.type === 'planned') return planned(event.plan, event.atMs);
  if (view === null) return null;
  const now = { ...view, atMs: event.atMs };
  switch (event.type) {
    case 'runStarted':
      return { ...now, current: { run: event.run, startedAtMs: event.atMs, step: null, progress: null } };
    case 'step':
      return { ...now, current: now.current && { ...now.current, step: event.step } };
    case 'progress':
      return { ...now, current: now.current && { ...now.current, progress: event.progress } };
    case 'runEnded':
      return { ...withResult(now, event.run, event.result), doneRuns: event.run.index + 1, current: null };
    case 'ended':
      return { ...now, current: null, state: event.interrupted ? 'interrupted' : 'ended' };
  }
}

function planned(plan: Plan, atMs: number): View {
  const rows = plan.rows.map(({ label }) => ({
    label,
    results: [],
    tookMs: [],
    p50Us: null,
    p99Us: null,
    outcome: null,
    reason: null,
  }));
  return { plan, doneRuns: 0, current: null, rows, atMs, state: 'running' };
}

function withResult(view: View, run: PlannedRun, result: RunResult): View {
  const tookMs = view.atMs - (view.current?.startedAtMs ?? view.atMs);
  const rows = view.rows.map((row, index) => {
    if (index !== run.row) return row;
    const results = [...row.results, result];
    return { label: row.label, results, tookMs: [...row.tookMs, tookMs], ...latencyOf(results), ...worstOf(results) };
  });
  return { ...view, rows };
}

function latencyOf(results: readonly RunResult[]): Pick<RowView, 'p50Us' | 'p99Us'> {
  const merged = new LatencyHistogram();
  let publishes = 0;
  for (const { latencyUs, samples } of results.filter(isCompleted)) {
    if (latencyUs.histogram === null || latencyUs.p50 === null) continue;
    merged.add(LatencyHistogram.decode(latencyUs.histogram));
    publishes += samples.publishes;
  }
  if (merged.count === 0) return { p50Us: null, p99Us: null };
  return { p50Us: merged.percentile(50), p99Us: publishes < P99_PUBLISHES ? null : merged.percentile(99) };
}

function isCompleted(result: RunResult): result is CompletedRun {
  return result.state === 'completed';
}

function worstOf(results: readonly RunResult[]): Pick<RowView, 'outcome' | 'reason'> {
  const judged = results.map((result) => ({ outcome: outcomeOf(result), reason: reasonOf(result) }));
  const worst = WORST_LAST.findLast((outcome) => judged.some((round) => round.outcome === outcome));
  return judged.find((round) => round.outcome === worst) ?? { outcome: null, reason: null };
}

export function outcomeOf(result: RunResult): Outcome {
  return result.state === 'completed' ? result.verdict : result.state;
}

/** The first reason a result gives for not being valid. */
export function reasonOf(result: RunResult): string | null {
  return result.state === 'completed' ? (result.reasons[0] ?? null) : result.reason;
}

/**
 * How long the rest will take, ms, at a time since the suite began: a row's next run as long as its runs so far, a
 * row without any as long as the others' on average, and the plan's estimate before any run is over.
 */
export function leftMs(view: View, atMs: number): number {
  if (view.state !== 'running') return 0;
  const started = view.doneRuns + (view.current === null ? 0 : 1);
  const pendingMs = view.plan.runs.slice(started).reduce((sum, run) => sum + expectedMs(view, run.row), 0);
  return pendingMs + currentLeftMs(view, atMs);
}

function currentLeftMs(view: View, atMs: number): number {
  if (view.current === null) return 0;
  return Math.max(0, view.current.startedAtMs + expectedMs(view, view.current.run.row) - atMs);
}

function expectedMs(view: View, row: number): number {
  const own = view.rows[row]?.tookMs ?? [];
  if (own.length > 0) return mean(own);
  const all = view.rows.flatMap(({ tookMs }) => tookMs);
  return all.length > 0 ? mean(all) : view.plan.estimatedMs / view.plan.runs.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** In [0, 1]: how much of the suite is behind us. A run under way counts by its time, and never quite as a whole. */
export function doneShare(view: View, atMs: number): number {
  const { current, plan } = view;
  if (plan.runs.length === 0) return 1;
  const inRun = current === null ? 0 : (atMs - current.startedAtMs) / expectedMs(view, current.run.row);
  return (view.doneRuns + Math.min(0.95, inRun)) / plan.runs.length;
}
