import { mergeHistograms } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import { stalenessP99 } from './round-staleness.js';
import type { CompletedRun } from './schema.js';

/** Over the rounds that measured it: the mean weighted by time, the percentile from the histograms together. */
export function combineStaleness(runs: readonly CompletedRun[]): {
  stalenessMs: CompletedRun['stalenessMs'];
  notMeasured: NotMeasured;
} {
  const measured = runs.filter(({ stalenessMs }) => stalenessMs.mean !== null);
  const clientMs = measured.reduce((sum, { stalenessMs }) => sum + stalenessMs.clientMs, 0);
  if (clientMs === 0) {
    return { stalenessMs: { mean: null, p99: null, clientMs: 0, histogram: null }, notMeasured: {} };
  }
  const area = measured.reduce((sum, { stalenessMs: { mean, clientMs } }) => sum + (mean ?? 0) * clientMs, 0);
  const encoded = measured.map(({ stalenessMs }) => stalenessMs.histogram);
  const histogram = encoded.includes(null) ? null : mergeHistograms(encoded).encode();
  const publishes = measured.reduce((sum, { samples }) => sum + samples.publishes, 0);
  const { p99, notMeasured } = stalenessP99(histogram, publishes);
  return { stalenessMs: { mean: area / clientMs, p99, clientMs, histogram }, notMeasured };
}
