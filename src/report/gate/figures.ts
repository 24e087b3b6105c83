import type { CompletedRun } from '../schema.js';

/** Names of figures as `--figures` and `--threshold` take them. */
export const GATE_FIGURE_NAMES = ['cpu', 'memory', 'p50', 'p99'] as const;

export type GateFigureName = (typeof GATE_FIGURE_NAMES)[number];

/** A figure that base and head are held together by. Of each of them less is better. */
export interface GateFigure {
  readonly name: GateFigureName;
  readonly title: string;
  readonly unit: 'µs' | 'B';
  /** Where it stands in a run of `result.json`. */
  readonly path: string;
  /** So much more is a regression, as a share: 0.03 is 3 %. */
  readonly threshold: number;
  /** Whether it is in the family where nobody says what is. */
  readonly byDefault: boolean;
  readonly ofRun: (run: CompletedRun) => number | null;
}

/**
 * What a user of a server feels and what its owner pays. Thresholds are what pairs of a few seconds can see in a few
 * minutes. On a quiet machine with two cores CPU differs by 1 to 4 % within a pair, p50 by 2 to 3 % and p99 by 15 to 40 %,
 * whatever the rate: it is made of the few moments in which the machine did something else.
 */
export const GATE_FIGURES: readonly GateFigure[] = [
  {
    name: 'cpu',
    title: 'server CPU per delivery',
    unit: 'µs',
    path: 'server.cpuUsPerMessage',
    threshold: 0.03,
    byDefault: true,
    ofRun: (run) => run.server.cpuUsPerMessage,
  },
  {
    name: 'memory',
    title: 'memory per client',
    unit: 'B',
    path: 'server.rssPerClientBytes',
    threshold: 0.05,
    // Of few clients it is smaller than what the memory of a process moves by of itself.
    byDefault: false,
    ofRun: (run) => run.server.rssPerClientBytes,
  },
  {
    name: 'p50',
    title: 'latency p50',
    unit: 'µs',
    path: 'latencyUs.p50',
    threshold: 0.05,
    byDefault: true,
    ofRun: (run) => run.latencyUs.p50,
  },
  {
    name: 'p99',
    title: 'latency p99',
    unit: 'µs',
    path: 'latencyUs.p99',
    threshold: 0.1,
    // Pairs of five minutes rarely tell it from chance, and a gate passes only when every figure does.
    byDefault: false,
    ofRun: (run) => run.latencyUs.p99,
  },
];
