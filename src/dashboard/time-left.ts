import { MIN_AUTO_ROUNDS } from '../scenario/limits.js';
import type { PlannedRun } from '../scenario/scenario.js';
import { type View, waitedSince } from './store.js';

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
  const measuredMs = atMs - view.waitedMs - waitedSince(view, atMs);
  return Math.min(takeMs(pending), Math.max(certainMs, auto.budgetMs - measuredMs));
}

/** The same with all that comes after this suite. */
export function allLeftMs(view: View, atMs: number): number {
  return leftMs(view, atMs) + (view.series?.laterMs ?? 0);
}

function currentLeftMs(view: View, atMs: number): number {
  if (view.current === null) return 0;
  return Math.max(0, view.current.startedAtMs + expectedMs(view, view.current.run.row) - atMs);
}

function expectedMs(view: View, row: number): number {
  if (view.skipped.has(row)) return 0;
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
