import { compareSides } from '../report/compare/comparable.js';
import type { ComparisonReport } from '../report/compare/schema.js';
import type { Report } from '../report/schema.js';

export interface CompareOptions {
  /** Compares results of unlike workloads, settings or machines too; `unlike` says what differs. */
  readonly force?: boolean;
  /** What to call the two in messages and in the comparison; absent: `base` and `head`. */
  readonly names?: { readonly base: string; readonly head: string };
}

/**
 * Holds a report against one of before, figure by figure, worst first, as `rtbench compare` does: ratio, its interval
 * and a verdict for each. Pure.
 *
 * @throws UsageError where the two are not of the same kind of run and `force` is not set, or have no row in common.
 */
export function compare(base: Report, head: Report, options: CompareOptions = {}): ComparisonReport {
  const { force = false, names = { base: 'base', head: 'head' } } = options;
  return compareSides({ file: names.base, report: base }, { file: names.head, report: head }, force);
}
