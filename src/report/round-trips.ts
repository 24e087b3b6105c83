import { median } from 'simple-statistics';
import type { RoundTripTimes } from '../protocol/round-trip-messages.js';
import type { RoundTripPrediction } from '../transports/round-trips.js';
import { mergeHistograms } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import type { RoundMeasurement, RoundTripMeasurement } from './round-measurement.js';
import type { CountedRoundTrips, RoundTrips, Trip } from './round-trips-schema.js';
import { spreadOf } from './statistics.js';

/** What is counted in round trips, in the order in which a client does it. */
export const TRIPS = [
  'connect',
  'firstMessage',
  'message',
  'secondMessage',
  'firstUplink',
  'uplink',
  'uplinkBack',
] as const satisfies readonly (keyof RoundTripPrediction)[];
export type TripName = (typeof TRIPS)[number];

/** Those in which a message waits for the next poll, where polls have fixed times. */
const WAITING: readonly TripName[] = ['firstMessage', 'message', 'secondMessage', 'uplinkBack'];

/** Clients below which a median is one client's luck. */
const MIN_CLIENTS = 3;

const NO_UPLINK = 'clients of this transport do not publish';
const NO_THEORY = 'the transport says nothing about round trips';
const NO_RTT = 'the round trip itself was not measured';

type Samples = Readonly<Record<TripName, readonly number[]>>;

interface Counted {
  readonly roundTrips: RoundTrips;
  readonly notMeasured: NotMeasured;
}

export function roundTripsOfRound({ roundTrips, row }: Pick<RoundMeasurement, 'roundTrips' | 'row'>): Counted {
  if (roundTrips === undefined || 'why' in roundTrips) {
    return nothing(roundTrips?.why ?? 'nobody counted them');
  }
  const { clients, failure } = roundTrips;
  if (clients.length < MIN_CLIENTS) {
    return nothing(`only ${clients.length} of the clients saw it through: ${failure ?? 'there were no more'}`);
  }
  const rtt = mergeHistograms([roundTrips.rtt]);
  return count({
    rttMs: rtt.count > 0 ? rtt.percentile(50) / 1_000 : null,
    clients: clients.length,
    pollWaitMs: row.worstWaitMs,
    samples: samplesOf(roundTrips),
    expected: (name) => roundTrips.expected?.[name] ?? null,
  });
}

/** Of all rounds together, the multiples by the median of their round trips. */
export function combineRoundTrips(rounds: readonly RoundTrips[]): Counted | undefined {
  const counted = rounds.filter((round) => round !== null);
  const [first] = counted;
  if (first === undefined) return undefined;
  return count({
    rttMs: spreadOf(counted.map(({ rttMs }) => rttMs)).median,
    clients: counted.reduce((sum, { clients }) => sum + clients, 0),
    pollWaitMs: first.pollWaitMs,
    samples: byTrip((name) => counted.flatMap((round) => round[name].samplesMs)),
    expected: (name) => first[name].expected,
  });
}

function nothing(why: string): Counted {
  return { roundTrips: null, notMeasured: { roundTrips: why } };
}

interface CountOptions extends Pick<CountedRoundTrips, 'rttMs' | 'clients' | 'pollWaitMs'> {
  readonly samples: Samples;
  readonly expected: (name: TripName) => number | null;
}

function count({ rttMs, clients, pollWaitMs, samples, expected }: CountOptions): Counted {
  const notMeasured: NotMeasured = rttMs === null ? { 'roundTrips.rttMs': NO_RTT } : {};
  const trips = byTrip((name): Trip => {
    const path = `roundTrips.${name}`;
    const samplesMs = [...samples[name]];
    const ms = samplesMs.length > 0 ? median(samplesMs) : null;
    const waits = pollWaitMs > 0 && WAITING.includes(name);
    if (ms === null) notMeasured[path] = waits ? longPollWait(pollWaitMs) : NO_UPLINK;
    else if (rttMs === null) notMeasured[`${path}.roundTrips`] = NO_RTT;
    else if (waits) notMeasured[`${path}.roundTrips`] = `the wait for the next poll is in it, 0 to ${pollWaitMs} ms`;
    if (expected(name) === null) notMeasured[`${path}.expected`] = NO_THEORY;
    const roundTrips = ms === null || rttMs === null || waits ? null : ms / rttMs;
    return { samplesMs, ms, roundTrips, expected: expected(name) };
  });
  return { roundTrips: { rttMs, clients, pollWaitMs, ...trips }, notMeasured };
}

function longPollWait(pollWaitMs: number): string {
  return `it waits for the next poll, up to ${pollWaitMs} ms, which was not waited for`;
}

/** In ms. An uplink that the server has not noted is left out. */
function samplesOf({ clients, receivedUs }: RoundTripMeasurement): Samples {
  const arrivals = clients.flatMap((client) => client.arrivals ?? []);
  const uplinks = (place: number) =>
    clients.flatMap(({ channel, uplinks: sent }) => {
      const [own, atUs] = [sent[place], receivedUs[channel]?.[place]];
      return own === undefined || atUs === undefined ? [] : [atUs - own.sentUs];
    });
  const back = ({ uplinks: [, second] }: RoundTripTimes) =>
    second === undefined || second.backUs === null ? [] : [second.backUs - second.sentUs];
  const us = {
    connect: clients.map(({ connectUs }) => connectUs),
    firstMessage: arrivals.map(({ firstMessageUs }) => firstMessageUs),
    message: arrivals.map(({ messageUs }) => messageUs),
    secondMessage: arrivals.map(({ secondMessageUs }) => secondMessageUs),
    firstUplink: uplinks(0),
    uplink: uplinks(1),
    uplinkBack: clients.flatMap(back),
  };
  return byTrip((name) => us[name].map((value) => value / 1_000));
}

function byTrip<Value>(read: (name: TripName) => Value): Record<TripName, Value> {
  return Object.fromEntries(TRIPS.map((name) => [name, read(name)])) as Record<TripName, Value>;
}
