import { reportRow } from '../report/rows.js';
import { titleOf } from '../report/scale-wording.js';
import type { ReportRow, RunResult, Verdict } from '../report/schema.js';
import { MIN_AUTO_ROUNDS } from '../scenario/limits.js';
import type { Plan, PlannedRun } from '../scenario/scenario.js';
import type { RunProgress, RunStep, Series, SuiteEvent } from '../suite/events.js';

/** What a watcher sees of a suite at one moment. Plain data, replaced whole by every event that changes it. */
export interface View {
  readonly plan: Plan;
  /** Among which suites it is one; `null`: there is no other. */
  readonly series: Series | null;
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

export interface RowView {
  readonly label: string;
  /** Results of its rounds that are over, in order. */
  readonly results: readonly RunResult[];
  /** How long each of them took, ms. */
  readonly tookMs: readonly number[];
  /** The row as the report would have it if there were no more rounds; `null` while none is over. */
  readonly soFar: ReportRow | null;
}

type RunEnded = Extract<SuiteEvent, { type: 'runEnded' }>;

export type Outcome = Verdict | 'aborted' | 'failed';

/** The view after an event. There is none before the plan is known. */
export function fold(view: View | null, event: SuiteEvent): View | null {
  if (event.type === 'planned') return planned(event);
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
      return { ...withResult(now, event), doneRuns: event.run.index + 1, current: null };
    case 'ended':
      return { ...now, current: null, state: event.interrupted ? 'interrupted' : 'ended' };
  }
}

function planned({ plan, atMs, series }: Extract<SuiteEvent, { type: 'planned' }>): View {
  const rows = plan.rows.map(({ label }) => ({ label, results: [], tookMs: [], soFar: null }));
  return { plan, series: series ?? null, doneRuns: 0, current: null, rows, atMs, state: 'running' };
}

function withResult(view: View, { run, result, tookMs: ownMs }: RunEnded): View {
  const identity = view.plan.rows[run.row];
  const before = view.rows[run.row];
  if (identity === undefined || before === undefined) return view;
  const results = [...before.results, result];
  const tookMs = [...before.tookMs, ownMs];
  const soFar = reportRow(identity, results, results.length);
  return { ...view, rows: view.rows.with(run.row, { label: before.label, results, tookMs, soFar }) };
}

/** What became of a run, or of a row's runs together: the verdict, or that there is none. */
export function outcomeOf(judged: RunResult | ReportRow): Outcome {
  return judged.state === 'completed' ? judged.verdict : judged.state;
}

/**
 * How long the rest will take, ms, at a time since the suite began: a row's next run as long as its runs so far, a
 * row without any as long as the others' on average, and the plan's estimate before any run is over. With
 * `rounds: auto` the most it may take: to the end of the budget, or of the rounds that there are in any case.
 */
export function leftMs(view: View, atMs: number): number {
  if (view.state !== 'running') return 0;
  const started = view.doneRuns + (view.current === null ? 0 : 1);
  const pending = view.plan.runs.slice(started);
  const takeMs = (runs: readonly PlannedRun[]) =>
    runs.reduce((sum, run) => sum + expectedMs(view, run.row), currentLeftMs(view, atMs));
  const { auto } = view.plan.scenario;
  if (auto === null) return takeMs(pending);
  const certainMs = takeMs(pending.filter(({ round }) => round < MIN_AUTO_ROUNDS));
  return Math.min(takeMs(pending), Math.max(certainMs, auto.budgetMs - atMs));
}

/** The same with all that comes after this suite. */
export function allLeftMs(view: View, atMs: number): number {
  return leftMs(view, atMs) + (view.series?.laterMs ?? 0);
}

/** The title of what is measured, with its place among several. */
export function headingOf({ plan, series }: View): string {
  const title = titleOf(plan.scenario);
  return series === null ? title : `${series.index + 1}/${series.of} ${title}`;
}

/** Whether the suite may end before its plan does. */
export function isOpenEnded({ scenario }: Plan): boolean {
  return scenario.auto !== null;
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
  if (plan.runs.length === 0 || view.state === 'ended') return 1;
  const inRun = current === null ? 0 : (atMs - current.startedAtMs) / Math.max(1, expectedMs(view, current.run.row));
  return (view.doneRuns + Math.min(0.95, inRun)) / plan.runs.length;
}
