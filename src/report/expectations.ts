import type { Limit, Threshold } from '../scenario/threshold.js';
import { isMet } from '../scenario/threshold.js';
import { isAbout } from '../scenario/thresholds.js';
import type { Expectation } from './expectations-schema.js';
import { reasonFor } from './not-measured.js';
import type { CompletedRow, ReportRow } from './schema.js';
import { completedRuns } from './statistics.js';

/** Every threshold for every row that it is about, in the order of the rows. */
export function judgedExpectations(thresholds: readonly Threshold[], rows: readonly ReportRow[]): Expectation[] {
  return rows.flatMap((row) =>
    thresholds
      .filter((threshold) => isAbout(threshold, row))
      .map(({ path, operator, limit }) => ({
        transport: row.transport,
        label: row.label,
        settings: { ...row.settings },
        path,
        operator,
        limit,
        ...judged(row, { path, operator, limit }),
      })),
  );
}

type Judgement = Pick<Expectation, 'actual' | 'interval' | 'verdict' | 'reason'>;

function judged(row: ReportRow, limit: Limit): Judgement {
  if (row.state !== 'completed') return unmeasured(`${row.state}: ${row.reasons[0] ?? 'no reason was given'}`);
  if (isUnusable(row)) return unmeasured(`the row is invalid: ${row.reasons[0] ?? 'no reason was given'}`);
  const actual = figureAt(row, limit.path);
  if (actual === null) return unmeasured(reasonFor(row.notMeasured, limit.path) ?? 'this row has no such figure');
  const interval = intervalOf(row, limit.path);
  return {
    actual,
    interval,
    verdict: isMet(limit, actual) ? 'met' : 'missed',
    reason: [...closeness(limit, interval), ...doubts(row)].join('; ') || null,
  };
}

function unmeasured(reason: string): Judgement {
  return { actual: null, interval: null, verdict: 'not measured', reason };
}

/** What is lost stays a figure of an invalid run; what its instrument failed to measure does not. */
function isUnusable(row: CompletedRow): boolean {
  return completedRuns(row).some(({ verdict, fault }) => verdict === 'invalid' && fault !== 'delivery');
}

/** The figure at a path such as `latencyUs.p99`; `null`: not measured, or no such figure. */
export function figureAt(row: CompletedRow, path: string): number | null {
  let at: unknown = row;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return typeof at === 'number' ? at : null;
}

function intervalOf({ interval }: CompletedRow, path: string): Expectation['interval'] {
  const of: Readonly<Record<string, CompletedRow['interval']['serverCpuUsPerMessage']>> = {
    'latencyUs.p50': interval.latencyUs.p50,
    'latencyUs.p99': interval.latencyUs.p99,
    'bytes.perMessage.up': interval.bytesPerMessage.up,
    'bytes.perMessage.down': interval.bytesPerMessage.down,
    'server.cpuUsPerMessage': interval.serverCpuUsPerMessage,
    'server.rssPerClientBytes': interval.rssPerClientBytes,
  };
  const { low = null, high = null } = of[path] ?? {};
  return low === null || high === null ? null : { low, high };
}

function closeness(limit: Limit, interval: Expectation['interval']): string[] {
  if (interval === null) return [];
  const isOneSided = isMet(limit, interval.low) === isMet(limit, interval.high);
  return isOneSided ? [] : ['its 95 % interval is on both sides of the limit: another run may be judged otherwise'];
}

function doubts({ verdict, reasons }: CompletedRow): string[] {
  return verdict === 'valid' ? [] : [`the row is ${verdict}: ${reasons[0] ?? 'no reason was given'}`];
}
