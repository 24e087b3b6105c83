import type { Scenario } from './scenario.js';
import { uplinkAt } from './uplink.js';

/** Whose turn it is in an interleaved round: run `index` of `of` publishes for `sliceMs`, then the next, and so on. */
export interface Turn {
  /** From 0, in the round's order. */
  readonly index: number;
  readonly of: number;
  /** Length of a turn, ms. */
  readonly sliceMs: number;
}

/**
 * What one run of an interleaved round is measured with: as many messages as it would have had alone, at the same rate
 * within its turns, over phases that are as many times longer as there are runs. Rate and durations become those of the
 * whole phase, so that everything reckoned from them holds.
 */
export function scenarioInTurns(scenario: Scenario, { of }: Pick<Turn, 'of'>): Scenario {
  const { workload } = scenario;
  return {
    ...scenario,
    workload: {
      ...workload,
      ratePerSecond: workload.ratePerSecond / of,
      uplink: uplinkAt(workload.uplink, 1 / of),
      warmupMs: workload.warmupMs * of,
      durationMs: workload.durationMs * of,
    },
  };
}

/**
 * When something happens in a phase of `durationMs`, µs, that happens after `ownUs` of a run's own turns. A phase holds
 * a whole number of turns of each run, so that a turn is as near to `sliceMs` as that allows.
 */
export function inTurn(ownUs: number, durationMs: number, { index, of, sliceMs }: Turn): number {
  const ownDurationMs = durationMs / of;
  const turns = Math.max(1, Math.round(ownDurationMs / sliceMs));
  const turnUs = (1_000 * ownDurationMs) / turns;
  const turn = Math.min(turns - 1, Math.floor(ownUs / turnUs));
  return (turn * of + index) * turnUs + (ownUs - turn * turnUs);
}
