import type { Row } from '../../scenario/scenario.js';
import type { Vary } from '../../scenario/vary.js';
import type { CostLoad } from '../cost-load.js';
import type { RunResult } from '../schema.js';
import { isSound } from '../soundness.js';
import { type Cost, type Curve, fitCurve } from './curve.js';

/** One run of a sweep. */
export interface SweepRun {
  /** Index of its row. */
  readonly row: number;
  /** Of what is varied. */
  readonly value: number;
  readonly use: 'sweep' | 'confirm';
  /** Runs of one stage followed each other, and had the same workload. */
  readonly stage: number;
  readonly clients: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly result: RunResult;
  /** `null` where the run did not get so far. */
  readonly load: CostLoad | null;
}

/** What is swept, and over what. */
export interface SweepOf {
  readonly rows: readonly Row[];
  readonly vary: Vary;
  /** Of each row, whether the value makes a difference to it. */
  readonly follows: readonly boolean[];
}

/** Of the runs that the curve is fitted to: those at a crossing are kept out, as they are held against it. */
export function curveOf(
  row: number,
  cost: Cost,
  { vary, follows }: SweepOf,
  runs: readonly SweepRun[],
): Curve | string {
  const points = runs.flatMap((run) => {
    const figure = run.row === row && run.use === 'sweep' ? costOf(run, cost) : null;
    return figure === null ? [] : [{ value: run.value, cost: figure }];
  });
  return fitCurve(points, { variable: vary.variable, cost, follows: follows[row] ?? true });
}

/** A second; `null` where the run is not sound or shows none. */
export function costOf({ result, load }: SweepRun, cost: Cost): number | null {
  if (load === null || !isSound(result)) return null;
  const figure = cost === 'serverCpu' ? load.cpuUsPerSecond : load.bytesPerSecond;
  return figure > 0 ? figure : null;
}
