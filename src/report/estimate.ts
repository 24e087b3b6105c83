import type { CompletedRow, Interval, Spread } from './schema.js';

/** A figure of a row as it is shown: the figure, and how far it may be off. */
export interface Estimate {
  /** `null`: not measured. */
  readonly value: number | null;
  /** 95 % interval where there are rounds enough for one, else the range of the rounds; `null` where neither is known. */
  readonly bounds: { readonly low: number; readonly high: number } | null;
}

/** From enough rounds on the percentile of all of them together with its interval; below, the rounds' median and range. */
export function latencyEstimate(row: CompletedRow, name: 'p50' | 'p99'): Estimate {
  const { interval, spread, latencyUs } = row;
  const bounds = boundsOf(interval.latencyUs[name]);
  if (bounds !== null) return { value: latencyUs[name], bounds };
  return ofSpread(spread.latencyUs[name], latencyUs[name]);
}

export function serverCpuEstimate({ interval, spread, server }: CompletedRow): Estimate {
  const estimate = ofSpread(spread.serverCpuUsPerMessage, server.cpuUsPerMessage);
  return { ...estimate, bounds: boundsOf(interval.serverCpuUsPerMessage) ?? estimate.bounds };
}

/** Where no round has the figure, that of all rounds together is shown. */
function ofSpread({ median, min, max }: Spread, merged: number | null): Estimate {
  return { value: median ?? merged, bounds: min === null || max === null ? null : { low: min, high: max } };
}

function boundsOf({ low, high }: Interval): Estimate['bounds'] {
  return low === null || high === null ? null : { low, high };
}

/** Whether the report's latencies are shown with intervals, and not with ranges. */
export function hasIntervals(rows: readonly CompletedRow[]): boolean {
  return rows.some((row) => boundsOf(row.interval.latencyUs.p50) !== null);
}
