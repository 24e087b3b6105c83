import { type Evidence, judgeLook, verdictOfAll } from '../report/gate/decision.js';
import { planLooks } from '../report/gate/looks.js';
import type { GateVerdict } from '../report/gate/schema.js';

/** A machine as gates are simulated on. */
export interface SimulatedMachine {
  /** Standard deviation of the log of a figure, from one run to the next, for each figure. */
  readonly noise: readonly number[];
  /** What the machine's speed wanders by from one run to the next, standard deviation; all figures share it. */
  readonly drift: number;
  /** How often a run is disturbed, and then takes up to so many times as long. */
  readonly hiccups: { readonly share: number; readonly upTo: number };
}

export interface SimulatedGate {
  readonly verdict: GateVerdict;
  readonly pairs: number;
}

/** A whole gate on made-up figures: runs in random order on a machine that wanders, looked at as a real one is. */
export function simulateGate(
  draw: () => number,
  machine: SimulatedMachine,
  {
    pairs,
    alpha,
    threshold,
    effects,
  }: {
    readonly pairs: number;
    readonly alpha: number;
    readonly threshold: number;
    /** Log ratios of head to base. */
    readonly effects: readonly number[];
  },
): SimulatedGate {
  const run = simulatedRuns(draw, machine);
  const values = machine.noise.map((): { base: number; head: number }[] => []);
  let verdict: GateVerdict = 'inconclusive';
  let done = 0;
  for (const look of planLooks(pairs, machine.noise.length, alpha)) {
    for (; done < look.pairs; done++) {
      const headFirst = draw() < 0.5;
      const [one, other] = [run(), run()];
      const [base, head] = headFirst ? [other, one] : [one, other];
      for (const [index, list] of values.entries()) {
        list.push({ base: base[index] ?? 1, head: (head[index] ?? 1) * Math.exp(effects[index] ?? 0) });
      }
    }
    const family: Evidence[] = values.map((list) => ({ threshold, knownSpread: null, values: list }));
    verdict = verdictOfAll(judgeLook(family, look));
    if (verdict !== 'inconclusive') break;
  }
  return { verdict, pairs: done };
}

/** Figures of one run after the other. */
export function simulatedRuns(draw: () => number, { noise, drift, hiccups }: SimulatedMachine): () => number[] {
  let mood = 0;
  return () => {
    mood += drift * normal(draw);
    const slower = draw() < hiccups.share ? 1 + draw() * (hiccups.upTo - 1) : 1;
    return noise.map((deviation) => 100 * Math.exp(mood + deviation * normal(draw)) * slower);
  };
}

/** Box and Muller. */
function normal(draw: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}
