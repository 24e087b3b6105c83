import type { LatencyOutline } from '../metrics/histogram.js';
import type { EndedBy, RunResult } from '../report/schema.js';
import type { Plan, PlannedRun } from '../scenario/scenario.js';

/** The steps of one run, in order. */
export const RUN_STEPS = ['start', 'connect', 'warmup', 'settle', 'measure', 'drain', 'stop', 'roundTrips'] as const;
export type RunStep = (typeof RUN_STEPS)[number];

/** Where a suite stands among several that are carried out one after the other. */
export interface Series {
  /** From 0. */
  readonly index: number;
  readonly of: number;
  /** How long those after it should take, ms. */
  readonly laterMs: number;
}

/** What the suite tells whoever watches: plain data, in order. `atMs` is the time since the suite began. */
export type SuiteEvent =
  | { readonly type: 'planned'; readonly atMs: number; readonly plan: Plan; readonly series?: Series }
  | { readonly type: 'runStarted'; readonly atMs: number; readonly run: PlannedRun }
  | { readonly type: 'step'; readonly atMs: number; readonly run: PlannedRun; readonly step: RunStep }
  | { readonly type: 'progress'; readonly atMs: number; readonly run: PlannedRun; readonly progress: RunProgress }
  | {
      readonly type: 'runEnded';
      readonly atMs: number;
      readonly run: PlannedRun;
      readonly result: RunResult;
      /** How long it took, ms; of runs side by side each has its share. */
      readonly tookMs: number;
    }
  /** It will wait before its next run; before a suite's first run, too. */
  | { readonly type: 'pauseAsked'; readonly atMs: number }
  /** It waits now. */
  | { readonly type: 'paused'; readonly atMs: number }
  /** It goes on, or never came to wait. */
  | { readonly type: 'resumed'; readonly atMs: number }
  /** What is left of a row is left out; `row`: its index in the plan. */
  | { readonly type: 'skipAsked'; readonly atMs: number; readonly row: number }
  | { readonly type: 'ended'; readonly atMs: number; readonly interrupted: boolean; readonly by: EndedBy };

/** A few times a second while a run's window is open. */
export interface RunProgress {
  readonly connected: number;
  readonly published: number;
  readonly delivered: number;
  /** Deliveries that all messages of the window will make. */
  readonly expected: number;
  /** Headline latency so far; null while there is none. */
  readonly latency: LatencyOutline | null;
  /** CPU of the server since the one before, as a share of one core; null where the system does not tell, and at first. */
  readonly serverCpuShare: number | null;
}
