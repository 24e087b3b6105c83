import type { LatencyOutline } from '../metrics/histogram.js';
import { reportRow } from '../report/rows.js';
import { titleOf } from '../report/scale-wording.js';
import type { ReportRow, RunResult, Verdict } from '../report/schema.js';
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
  /** What the latency of the latest run looked like that is over and had any; `null`: there is none yet. */
  readonly before: { readonly label: string; readonly latency: LatencyOutline } | null;
  /** Time of the latest event since the suite began, ms. */
  readonly atMs: number;
  readonly state: 'running' | 'ended' | 'interrupted';
  /** `asked`: it will wait before the next run; `waiting`: it does. */
  readonly pause: 'none' | 'asked' | 'waiting';
  /** Time that it has waited in all pauses that are over, ms. */
  readonly waitedMs: number;
  /** Rows of which the rest is left out, by their index. */
  readonly skipped: ReadonlySet<number>;
}

export interface CurrentRun {
  readonly run: PlannedRun;
  readonly startedAtMs: number;
  readonly step: RunStep | null;
  readonly progress: RunProgress | null;
  /** Between the two latest of its progress; `null` while there are not two of its window. */
  readonly deliveriesPerSecond: number | null;
  /** When the latest progress came. */
  readonly progressAtMs: number;
}

export interface RowView {
  readonly label: string;
  /** Results of its rounds that are over, in order. */
  readonly results: readonly RunResult[];
  /** How long each of them took that was not given up, ms. */
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
      return { ...now, current: begun(event.run, event.atMs) };
    case 'step':
      return { ...now, current: now.current && { ...now.current, step: event.step } };
    case 'progress':
      return { ...now, current: now.current && progressed(now.current, event) };
    case 'pauseAsked':
      return { ...now, pause: 'asked' };
    case 'paused':
      return { ...now, pause: 'waiting' };
    case 'resumed':
      return { ...now, pause: 'none', waitedMs: view.waitedMs + waitedSince(view, event.atMs) };
    case 'skipAsked':
      return { ...now, skipped: new Set([...view.skipped, event.row]) };
    case 'runEnded':
      return { ...withResult(now, event), doneRuns: event.run.index + 1, current: null, before: outlineOf(view) };
    case 'ended':
      return { ...now, current: null, pause: 'none', state: event.interrupted ? 'interrupted' : 'ended' };
  }
}

function outlineOf({ current, plan, before }: View): View['before'] {
  const latency = current?.progress?.latency ?? null;
  return current === null || latency === null ? before : { label: plan.rows[current.run.row]?.label ?? '', latency };
}

function begun(run: PlannedRun, atMs: number): CurrentRun {
  return { run, startedAtMs: atMs, step: null, progress: null, deliveriesPerSecond: null, progressAtMs: atMs };
}

function progressed(current: CurrentRun, { progress, atMs }: Extract<SuiteEvent, { type: 'progress' }>): CurrentRun {
  const before = current.progress;
  const sinceMs = atMs - current.progressAtMs;
  const isOpen = before !== null && progress.delivered > 0 && sinceMs > 0;
  const perSecond = isOpen ? ((progress.delivered - before.delivered) / sinceMs) * 1_000 : null;
  return { ...current, progress, deliveriesPerSecond: perSecond, progressAtMs: atMs };
}

/** Nothing happens in a pause: it began with the latest event. */
export function waitedSince(view: View, atMs: number): number {
  return view.pause === 'waiting' ? atMs - view.atMs : 0;
}

function planned({ plan, atMs, series }: Extract<SuiteEvent, { type: 'planned' }>): View {
  const rows = plan.rows.map(({ label }) => ({ label, results: [], tookMs: [], soFar: null }));
  return {
    plan,
    series: series ?? null,
    doneRuns: 0,
    current: null,
    rows,
    before: null,
    atMs,
    state: 'running',
    pause: 'none',
    waitedMs: 0,
    skipped: new Set(),
  };
}

function withResult(view: View, { run, result, tookMs: ownMs }: RunEnded): View {
  const identity = view.plan.rows[run.row];
  const before = view.rows[run.row];
  if (identity === undefined || before === undefined) return view;
  const results = [...before.results, result];
  // What was given up says nothing of how long the others will take.
  const tookMs = result.state === 'aborted' ? before.tookMs : [...before.tookMs, ownMs];
  const soFar = reportRow(identity, results, results.length);
  return { ...view, rows: view.rows.with(run.row, { label: before.label, results, tookMs, soFar }) };
}

/** What became of a run, or of a row's runs together: the verdict, or that there is none. */
export function outcomeOf(judged: RunResult | ReportRow): Outcome {
  return judged.state === 'completed' ? judged.verdict : judged.state;
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

/** The row that comes after the run under way; `null`: none does. */
export function nextRow({ plan, doneRuns, current, skipped }: View): number | null {
  const pending = plan.runs.slice(doneRuns + (current === null ? 0 : 1));
  return pending.find(({ row }) => !skipped.has(row))?.row ?? null;
}
