import type { CompletedRun, RunResult } from '../schema.js';
import type { Evidence } from './decision.js';
import type { GateFigure } from './figures.js';
import type { GatePair } from './schema.js';

/** Two runs that went on side by side, and whose turn came first. */
export interface MeasuredPair {
  readonly round: number;
  readonly first: 'base' | 'head';
  readonly base: CompletedRun;
  readonly head: CompletedRun;
}

/** What of two runs a gate keeps. A pair whose instrument failed on either side is kept, and not used. */
export function pairOf({ round, first, base, head }: MeasuredPair, figures: readonly GateFigure[]): GatePair {
  const valuesOf = (run: CompletedRun) => Object.fromEntries(figures.map(({ name, ofRun }) => [name, ofRun(run)]));
  return { round, first, base: valuesOf(base), head: valuesOf(head), discarded: whyDiscarded(base, head) };
}

function whyDiscarded(base: CompletedRun, head: CompletedRun): string | null {
  const reasons = Object.entries({ base, head }).flatMap(
    ([
      side,
      {
        verdict,
        reasons: [why = 'no reason'],
      },
    ]) => (verdict === 'invalid' ? [`${side} is invalid: ${why}`] : []),
  );
  return reasons.length === 0 ? null : reasons.join('; ');
}

/** Whether head broke a promise of delivery that base kept. */
export function headBrokeDelivery({ base, head }: MeasuredPair): boolean {
  return head.fault === 'delivery' && base.fault !== 'delivery';
}

export function usedPairs(pairs: readonly GatePair[]): GatePair[] {
  return pairs.filter(({ discarded }) => discarded === null);
}

/** The figure in all pairs that are used and have it on both sides, above 0: else there is no ratio. */
export function valuesIn(pairs: readonly GatePair[], name: string): Evidence['values'] {
  return usedPairs(pairs).flatMap((pair) => {
    const [base, head] = [pair.base[name] ?? 0, pair.head[name] ?? 0];
    return base > 0 && head > 0 ? [{ base, head }] : [];
  });
}

export function asRun(result: RunResult | undefined): CompletedRun | undefined {
  return result?.state === 'completed' ? result : undefined;
}
