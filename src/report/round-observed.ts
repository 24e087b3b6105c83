import { type Stamp, spellPlace, tellsTime } from '../scenario/stamp.js';
import { describeHistogram, mergeHistograms, withheldDistribution } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import { type RoundMeasurement, sumOver, type WorkerMeasurement } from './round-measurement.js';
import type { CompletedRun } from './schema.js';

type Figures = Pick<
  CompletedRun,
  'latencyUs' | 'serviceLatencyUs' | 'crowdLatencyUs' | 'firstRecipientUs' | 'lastRecipientUs' | 'delivery'
> & { readonly observed: Observed; readonly samples: CompletedRun['samples'] };
type Observed = NonNullable<CompletedRun['observed']>;
type Workers = readonly WorkerMeasurement[];

/** What messages are counted by that one client got: those of several clients are often the same. */
export const AT_ONE_CLIENT = 'messages at one client';

const NOTHING_PUBLISHED = 'nothing was published: the server sends what it sends';
const NOT_OURS = 'what the server sends is not what rtbench published, and no sequence number was asked for';
const NO_DUE_TIME = 'takes the times at which messages were due, and these are not of rtbench';
const NO_STAMP = 'messages were not looked into for a stamp (stamp: none)';

/** What is known of a server whose messages are not rtbench's; `null`: they are. */
export function observedOf(
  measured: RoundMeasurement,
  probes: Workers,
  crowd: Workers,
): { readonly figures: Figures; readonly notMeasured: NotMeasured } | null {
  const asked = measured.target?.observed;
  if (!asked) return null;
  const { observed, notMeasured: ofArrivals } = arrivalsOf(measured, probes, crowd);
  const { delivery, notMeasured: ofDelivery } = deliveryOf(measured, asked.stamp);
  const why = noLatency(asked);
  const latencies: NotMeasured = {};
  const latency = (name: string, of: Workers, nobody: string) => {
    const reason = of.length === 0 ? nobody : why;
    const described =
      reason === undefined
        ? describeHistogram(name, mergeHistograms(of.map(({ tally }) => tally.latency)), atOneClient(of))
        : withheldDistribution(name, reason);
    Object.assign(latencies, described.notMeasured);
    return described.distribution;
  };
  const withheld = (name: string) => withheldDistribution(name, NO_DUE_TIME).distribution;
  return {
    figures: {
      observed,
      samples: {
        publishes: atOneClient(probes).count,
        deliveries: sumOver(probes, ({ tally }) => tally.delivery.delivered),
      },
      latencyUs: latency('latencyUs', probes, NO_STAMP),
      serviceLatencyUs: withheld('serviceLatencyUs'),
      crowdLatencyUs: latency('crowdLatencyUs', crowd, 'every client of this workload is a probe'),
      firstRecipientUs: withheld('firstRecipientUs'),
      lastRecipientUs: withheld('lastRecipientUs'),
      delivery,
    },
    notMeasured: {
      ...Object.fromEntries(
        ['serviceLatencyUs', 'firstRecipientUs', 'lastRecipientUs', 'stalenessMs', 'overTime', 'steadyState'].map(
          (name) => [name, NO_DUE_TIME],
        ),
      ),
      'generator.busyInFlightShare': NO_DUE_TIME,
      ...latencies,
      ...ofArrivals,
      ...ofDelivery,
    },
  };
}

function arrivalsOf(
  measured: RoundMeasurement,
  probes: Workers,
  crowd: Workers,
): { observed: Observed; notMeasured: NotMeasured } {
  const { workers, workload } = measured;
  const all = workers.flatMap(({ tally }) => tally.observed ?? []);
  const sum = (pick: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + pick(one), 0);
  const messages = sum((one) => one.messages);
  const first = mergeHistograms(all.map(({ firstMessage }) => firstMessage));
  const gap = mergeHistograms(all.map(({ gap }) => gap));
  const firstMessage = describeHistogram('observed.firstMessageUs', first, { count: first.count, noun: 'clients' });
  const gaps = describeHistogram('observed.gapUs', gap, atOneClient(workers));
  const stamp = stampOf(measured);
  return {
    observed: {
      messages,
      clients: workload.clients,
      silentClients: sum((one) => one.silentClients),
      mostOfOneClient: { probes: atOneClient(probes).count, crowd: atOneClient(crowd).count },
      perClientPerSecond: messages / workload.clients / (workload.durationMs / 1_000),
      bodyBytesPerMessage: messages > 0 ? sum((one) => one.bodyBytes) / messages : null,
      firstMessageUs: firstMessage.distribution,
      firstsBeyondRange: sum((one) => one.firstsOutOfRange),
      gapUs: gaps.distribution,
      longestGapUs: messages > 0 ? Math.max(...all.map(({ longestGapUs }) => longestGapUs)) : null,
      gapsBeyondRange: sum((one) => one.gapsOutOfRange),
      stamp: stamp.stamp,
    },
    notMeasured: {
      ...firstMessage.notMeasured,
      ...gaps.notMeasured,
      ...(messages > 0 ? {} : { 'observed.bodyBytesPerMessage': SILENCE, 'observed.longestGapUs': SILENCE }),
      ...stamp.notMeasured,
    },
  };
}

const SILENCE = 'no message came in the window';

function stampOf({ workers, target }: RoundMeasurement): { stamp: Observed['stamp']; notMeasured: NotMeasured } {
  const all = workers.flatMap(({ tally }) => tally.observed?.stamp ?? []);
  const asked = target?.observed;
  if (!asked || all.length === 0) return { stamp: null, notMeasured: { 'observed.stamp': NO_STAMP } };
  const sum = (pick: (one: (typeof all)[number]) => number | null) =>
    all.reduce((total, one) => total + (pick(one) ?? 0), 0);
  const counts = { read: sum((one) => one.read), unread: sum((one) => one.unread) };
  const none = { negative: null, beyondRange: null, resolutionUs: null, clockErrorUs: null };
  const reasons = (why: string) => Object.fromEntries(Object.keys(none).map((key) => [`observed.stamp.${key}`, why]));
  if (!tellsTime(asked.stamp)) return { stamp: { ...counts, ...none }, notMeasured: reasons(NO_TIME) };
  const resolutionUs = Math.min(...all.map((one) => one.resolutionUs ?? Number.POSITIVE_INFINITY));
  if (asked.clock === null) {
    const { 'observed.stamp.resolutionUs': _, ...unknown } = reasons(NO_CLOCK);
    return { stamp: { ...counts, ...none, resolutionUs }, notMeasured: unknown };
  }
  return {
    stamp: {
      ...counts,
      negative: sum((one) => one.negative),
      beyondRange: sum((one) => one.outOfRange),
      resolutionUs,
      clockErrorUs: Math.round(asked.clock.errorUs + Math.max(...all.map((one) => one.driftUs ?? 0))),
    },
    notMeasured: {},
  };
}

const NO_TIME = "messages carry the server's sequence number, and no time";
const NO_CLOCK = "the server's clock against this machine's is not known: say it with --clock-offset 3ms±1ms";

function noLatency({ stamp, clock }: NonNullable<NonNullable<RoundMeasurement['target']>['observed']>) {
  if (stamp.kind !== 'field') return NO_STAMP;
  if (!tellsTime(stamp)) return NO_TIME;
  return clock === null ? NO_CLOCK : undefined;
}

function deliveryOf({ workers, workload }: RoundMeasurement, stamp: Stamp) {
  const total = (pick: (delivery: WorkerMeasurement['tally']['delivery']) => number) =>
    sumOver(workers, ({ tally }) => pick(tally.delivery));
  const isNumbered = stamp.kind === 'field' && !tellsTime(stamp);
  const isPublished = workload.publish !== 'observe';
  const reasons = (names: readonly string[], why: string): NotMeasured =>
    Object.fromEntries(names.map((name) => [`delivery.${name}`, why]));
  return {
    delivery: {
      published: isPublished ? total(({ published }) => published) : null,
      unpublished: isPublished ? total(({ unpublished }) => unpublished) : null,
      expected: isNumbered ? total(({ expected }) => expected) : null,
      delivered: total(({ delivered }) => delivered),
      lost: isNumbered ? total(({ lost }) => lost) : null,
      duplicated: isNumbered ? total(({ duplicated }) => duplicated) : null,
      reordered: isNumbered ? total(({ reordered }) => reordered) : null,
    },
    notMeasured: {
      ...(isPublished
        ? {}
        : {
            ...reasons(['published', 'unpublished'], NOTHING_PUBLISHED),
            'throughput.offeredPerSecond': NOTHING_PUBLISHED,
          }),
      ...(isNumbered ? {} : reasons(['expected', 'lost', 'duplicated', 'reordered'], NOT_OURS)),
    },
  };
}

function atOneClient(workers: Workers) {
  const count = Math.max(0, ...workers.map(({ tally }) => tally.observed?.mostOfOneClient ?? 0));
  return { count, noun: AT_ONE_CLIENT };
}

/** Where the stamp was looked for, for reasons. */
export function placeOf(stamp: Stamp): string {
  return stamp.kind === 'field' ? spellPlace(stamp.place) : stamp.kind;
}
