import type { DeliveryTimes } from '../metrics/tally.js';
import type { ServerStamps } from '../protocol/messages.js';
import { endsServer } from '../scenario/faults.js';
import { MIN_SAMPLES_P99, tooFew } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import { shortWindow } from './round-latencies.js';
import { type RoundMeasurement, sumOver, type WorkerMeasurement } from './round-measurement.js';
import { FOREIGN } from './round-target.js';
import type { CompletedRun, LatencyParts } from './schema.js';
import type { Judgement } from './verdicts.js';

type Attribution = CompletedRun['attribution'];

/** One delivery to a probe; the parts telescope, so that their sum is the latency whatever the stamps say. */
interface Delivery {
  readonly latencyUs: number;
  readonly scheduleLagUs: number;
  readonly ingressUs: number;
  readonly turnUs: number;
  readonly transportUs: number;
}

/** The deliveries counted as around the median: those between these quantiles of latency. */
const AROUND_P50 = [0.45, 0.55] as const;

export const NO_PARTS: LatencyParts = {
  deliveries: 0,
  latencyUs: null,
  scheduleLagUs: null,
  ingressUs: null,
  turnUs: null,
  transportUs: null,
};

/** Where the headline latency went: probe and server stamp the same deliveries by one clock. */
export function attributionOf(
  measured: RoundMeasurement,
  probes: readonly WorkerMeasurement[],
  { verdict }: Judgement,
): { attribution: Attribution; notMeasured: NotMeasured } {
  const times = probes[0]?.tally.deliveries ?? null;
  const { deliveries, unstamped } = joined(times, measured.stamps);
  const withheld =
    verdict === 'saturated'
      ? 'the server was saturated: latency would only say how long the window was'
      : (shortWindow(measured) ?? notStamped(measured, times, unstamped, deliveries.length));
  if (withheld !== undefined) {
    return {
      attribution: { mean: NO_PARTS, aroundP50: NO_PARTS, aboveP99: NO_PARTS },
      notMeasured: { attribution: withheld },
    };
  }
  deliveries.sort((a, b) => a.latencyUs - b.latencyUs);
  const from = (quantile: number) => Math.floor(quantile * deliveries.length);
  const publishes = sumOver(probes, ({ tally }) => tally.publishesReceived);
  const few = publishes < MIN_SAMPLES_P99;
  return {
    attribution: {
      mean: meanParts(deliveries),
      aroundP50: meanParts(
        deliveries.slice(from(AROUND_P50[0]), Math.max(from(AROUND_P50[0]) + 1, from(AROUND_P50[1]))),
      ),
      aboveP99: few ? NO_PARTS : meanParts(deliveries.slice(from(0.99))),
    },
    notMeasured: few
      ? { 'attribution.aboveP99': tooFew(MIN_SAMPLES_P99, { count: publishes, noun: 'publishes' }) }
      : {},
  };
}

function notStamped(
  { row, stamps, faults, target }: RoundMeasurement,
  times: DeliveryTimes | null,
  unstamped: number,
  stamped: number,
): string | undefined {
  if (row.profile.inProcess) return 'no message leaves the process';
  if (target) return FOREIGN.stamps;
  if (faults?.plan.injected.some(endsServer)) return 'another server took the place of the first: its stamps are gone';
  if (stamps === null || times === null) return 'too many probes, or messages to them, to stamp each delivery';
  if (stamped + unstamped === 0) return 'nothing was recorded';
  if (unstamped > 0)
    return `the server has no stamp of ${unstamped} of ${stamped + unstamped} deliveries to the probes`;
  return undefined;
}

/** The deliveries that probe and server both know, and how many only the probe knows. */
function joined(
  times: DeliveryTimes | null,
  stamps: ServerStamps | null,
): { deliveries: Delivery[]; unstamped: number } {
  const deliveries: Delivery[] = [];
  let unstamped = 0;
  for (const [client, arrivals] of (times?.arrivedUs ?? []).entries()) {
    for (const [index, arrivedUs] of arrivals.entries()) {
      if (arrivedUs === null) continue;
      const dueUs = times?.dueUs[index] ?? null;
      const sentUs = times?.sentUs[index] ?? null;
      const takenUs = stamps?.takenUs[index] ?? null;
      const turnAtUs = stamps?.turnUs[client]?.[index] ?? null;
      if (dueUs === null || sentUs === null || takenUs === null || turnAtUs === null) {
        unstamped++;
        continue;
      }
      deliveries.push({
        latencyUs: arrivedUs - dueUs,
        scheduleLagUs: sentUs - dueUs,
        ingressUs: takenUs - sentUs,
        turnUs: turnAtUs - takenUs,
        transportUs: arrivedUs - turnAtUs,
      });
    }
  }
  return { deliveries, unstamped };
}

function meanParts(deliveries: readonly Delivery[]): LatencyParts {
  const mean = (part: keyof Delivery) =>
    deliveries.reduce((sum, delivery) => sum + delivery[part], 0) / deliveries.length;
  return {
    deliveries: deliveries.length,
    latencyUs: mean('latencyUs'),
    scheduleLagUs: mean('scheduleLagUs'),
    ingressUs: mean('ingressUs'),
    turnUs: mean('turnUs'),
    transportUs: mean('transportUs'),
  };
}
