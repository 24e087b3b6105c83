import { LatencyHistogram } from '../metrics/histogram.js';
import { bootstrapInterval, medianInterval } from './bootstrap.js';
import type { NotMeasured } from './not-measured.js';
import { PooledRounds } from './pooled-rounds.js';
import type { CompletedRow, CompletedRun, Interval } from './schema.js';
import { MIN_ROUNDS_FOR_INTERVAL, type RunFigure } from './statistics.js';

type Intervals = CompletedRow['interval'];

const NO_INTERVAL: Interval = { low: null, high: null };

/**
 * Intervals of a row's figures from its completed rounds: of the percentiles, by merging the histograms of the rounds
 * that are drawn; of everything else, of the median over them. A figure that fewer than `MIN_ROUNDS_FOR_INTERVAL` rounds
 * have has none, and neither has a percentile that the row itself does not have.
 */
export function intervalsOf(
  runs: readonly CompletedRun[],
  merged: Pick<CompletedRow['latencyUs'], 'p50' | 'p99'>,
): { interval: Intervals; notMeasured: NotMeasured } {
  const notMeasured: NotMeasured = {};
  const enough = (name: string, measured: number) => {
    if (measured >= MIN_ROUNDS_FOR_INTERVAL) return true;
    if (measured > 0) {
      notMeasured[`interval.${name}`] = `an interval takes ${MIN_ROUNDS_FOR_INTERVAL} rounds, there were ${measured}`;
    }
    return false;
  };
  const ofMedian = (name: string, figure: RunFigure): Interval => {
    const values = runs.map(figure).filter((value) => value !== null);
    return enough(name, values.length) ? medianInterval(values) : NO_INTERVAL;
  };
  const encoded = runs.flatMap((run) => run.latencyUs.histogram ?? []);
  const pooled = enough('latencyUs', encoded.length) ? new PooledRounds(encoded.map(LatencyHistogram.decode)) : null;
  const ofPercentile = (percentile: number, figure: number | null): Interval => {
    if (pooled === null || figure === null) return NO_INTERVAL;
    return bootstrapInterval(encoded.length, (times) => pooled.percentile(percentile, times));
  };
  const interval = {
    latencyUs: { p50: ofPercentile(50, merged.p50), p99: ofPercentile(99, merged.p99) },
    bytesPerMessage: {
      up: ofMedian('bytesPerMessage.up', (run) => run.bytes.perMessage.up),
      down: ofMedian('bytesPerMessage.down', (run) => run.bytes.perMessage.down),
    },
    serverCpuUsPerMessage: ofMedian('serverCpuUsPerMessage', (run) => run.server.cpuUsPerMessage),
    rssPerClientBytes: ofMedian('rssPerClientBytes', (run) => run.server.rssPerClientBytes),
  };
  return { interval, notMeasured };
}
