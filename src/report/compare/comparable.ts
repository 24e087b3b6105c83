import { UsageError } from '../../errors.js';
import { compareReports, type Side } from './compare.js';
import type { ComparisonReport } from './schema.js';

/** Most differences of two results that are worth reading. */
const MAX_NAMED = 8;

/**
 * Two results held against each other. `force`: though they are of unlike workloads, settings or machines.
 *
 * @throws UsageError where they are unlike and nobody insists, or have no row in common.
 */
export function compareSides(base: Side, head: Side, force: boolean): ComparisonReport {
  const report = compareReports(base, head);
  if (report.unlike.length > 0 && !force) {
    const more = report.unlike.length - MAX_NAMED;
    const named = [...report.unlike.slice(0, MAX_NAMED), ...(more > 0 ? [`and ${more} more`] : [])];
    throw new UsageError(
      `${base.file} and ${head.file} are not of the same run: ${named.join('; ')}; measure both alike, or compare them all the same with --force`,
    );
  }
  if (report.figures.length === 0) {
    throw new UsageError(
      `${base.file} and ${head.file} have no row in common: rows are matched by transport and settings; run both with the same -t`,
    );
  }
  return report;
}
