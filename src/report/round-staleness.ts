import { MIN_SAMPLES_P99, mergeHistograms, tooFew } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import { shortWindow } from './round-latencies.js';
import { type RoundMeasurement, sumOver, type WorkerMeasurement } from './round-measurement.js';
import type { CompletedRun } from './schema.js';
import type { Judgement } from './verdicts.js';

type StalenessMs = CompletedRun['stalenessMs'];

/** Share of the time in which the probes must have held something: what came before their first message is unknown. */
const MIN_HELD_SHARE = 0.95;

/** How old the newest message was that the probes held, and why it is null where it is. */
export function stalenessOf(
  measured: RoundMeasurement,
  probes: readonly WorkerMeasurement[],
  { verdict }: Judgement,
): { stalenessMs: StalenessMs; notMeasured: NotMeasured } {
  const kept = probes.flatMap(({ tally }) => tally.staleness ?? []);
  const heldUs = kept.reduce((sum, { heldUs }) => sum + heldUs, 0);
  const clientUs = kept.reduce((sum, { clientUs }) => sum + clientUs, 0);
  const withheld =
    verdict === 'saturated'
      ? 'the server was saturated: age would only say how long the window was'
      : (shortWindow(measured) ??
        (kept.length < probes.length
          ? 'too many deliveries to the probes to keep when each came: lower --rate or --duration'
          : heldUs < MIN_HELD_SHARE * clientUs || heldUs === 0
            ? 'the probes held no message for too much of the window: raise --warmup or --rate'
            : undefined));
  if (withheld !== undefined) {
    return {
      stalenessMs: { mean: null, p99: null, clientMs: 0, histogram: null },
      notMeasured: { stalenessMs: withheld },
    };
  }
  const areaUs2 = kept.reduce((sum, { meanUs, heldUs }) => sum + (meanUs ?? 0) * heldUs, 0);
  const encoded = kept.map(({ histogram }) => histogram);
  const histogram = encoded.includes(null) ? null : mergeHistograms(encoded).encode();
  const publishes = sumOver(probes, ({ tally }) => tally.publishesReceived);
  const { p99, notMeasured } = stalenessP99(histogram, publishes);
  return {
    stalenessMs: { mean: areaUs2 / heldUs / 1_000, p99, clientMs: Math.round(heldUs) / 1_000, histogram },
    notMeasured,
  };
}

/** The age that was exceeded in 1 % of the time, ms. */
export function stalenessP99(
  histogram: StalenessMs['histogram'],
  publishes: number,
): { p99: number | null; notMeasured: NotMeasured } {
  if (histogram === null) {
    const reason = 'a probe held nothing newer than 60 s, the range of histograms';
    return { p99: null, notMeasured: { 'stalenessMs.p99': reason, 'stalenessMs.histogram': reason } };
  }
  if (publishes < MIN_SAMPLES_P99) {
    const reason = tooFew(MIN_SAMPLES_P99, { count: publishes, noun: 'publishes' });
    return { p99: null, notMeasured: { 'stalenessMs.p99': reason } };
  }
  return { p99: mergeHistograms([histogram]).percentile(99) / 1_000, notMeasured: {} };
}
