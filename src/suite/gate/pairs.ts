import { asRun, type MeasuredPair } from '../../report/gate/pairs.js';
import type { RunResult } from '../../report/schema.js';
import type { Plan } from '../../scenario/scenario.js';
import type { Target } from '../../scenario/target.js';
import type { ServerIdentity } from '../../server/certificate.js';
import type { SuiteEvent } from '../events.js';
import { carryOut } from '../run.js';
import { runSuite, type SuiteOptions } from '../suite.js';

export interface PairsOptions extends Pick<SuiteOptions, 'carryOut'> {
  /** Row 0 is base, row 1 is head; as many rounds as there may be pairs, of which some may be no use. */
  readonly plan: Plan;
  readonly signal: AbortSignal;
  readonly pinned: boolean;
  readonly identity: ServerIdentity | null;
  /** For all pairs together, ms: none starts that would not end within; `null`: as long as it takes. */
  readonly budgetMs: number | null;
  readonly onEvent?: (event: SuiteEvent) => void;
  /** Takes a pair; returns whether another one is wanted. Waited for. */
  readonly onPair: (pair: MeasuredPair) => Promise<boolean>;
  /** ms, from any instant; absent: of this process. */
  readonly now?: () => number;
}

/** What ended the pairs. */
export type PairsEnd = 'enough' | 'rounds' | 'budget' | 'interruption';

/**
 * Measures base and head in pairs, one after the other; in each of them both run side by side, in turns, and which of
 * them has the first turn is drawn. Nothing is measured again: a pair that the machine disturbed is for `onPair` to see.
 *
 * Rejects when a run fails, with the side's name.
 */
export async function measurePairs(options: PairsOptions): Promise<PairsEnd> {
  const {
    plan,
    signal,
    pinned,
    identity,
    budgetMs,
    onEvent = () => {},
    onPair,
    now = () => performance.now(),
  } = options;
  const startedMs = now();
  for (let round = 0; round < plan.scenario.rounds; round++) {
    if (signal.aborted) return 'interruption';
    const elapsedMs = now() - startedMs;
    const nextMs = round === 0 ? 0 : elapsedMs / round;
    if (budgetMs !== null && round > 0 && elapsedMs + nextMs > budgetMs) return 'budget';
    const runs = plan.runs.filter((run) => run.round === round);
    const results = await runSuite({
      plan: { ...plan, runs },
      signal,
      pinned,
      wire: false,
      identity,
      onEvent,
      onResult: async () => {},
      again: false,
      ...(options.carryOut ? { carryOut: options.carryOut } : {}),
    });
    if (signal.aborted) return 'interruption';
    const [base, head] = [completed('base', results[0]), completed('head', results[1])];
    const first = runs[0]?.row === 0 ? 'base' : 'head';
    if (!(await onPair({ round, first, base, head }))) return 'enough';
  }
  return 'rounds';
}

/** For `carryOut`: row 0 is measured on the one server and row 1 on the other, neither of which is rtbench's own. */
export function againstTargets(base: Target, head: Target): NonNullable<PairsOptions['carryOut']> {
  return (options) => carryOut({ ...options, plan: { ...options.plan, target: options.run.row === 0 ? base : head } });
}

function completed(side: 'base' | 'head', results: readonly RunResult[] | undefined) {
  const [result] = results ?? [];
  const run = asRun(result);
  if (run) return run;
  throw new PairFailed(`${side} failed: ${result && 'reason' in result ? result.reason : 'no reason was given'}`);
}

/** A side could not be measured to the end. */
export class PairFailed extends Error {
  override readonly name = 'PairFailed';
}
