import { setTimeout as delay } from 'node:timers/promises';
import { median } from 'simple-statistics';
import { channelName } from '../../load/schedule.js';
import { startRelay } from '../../network/relay/relay.js';
import { NO_DISTANCE } from '../../scenario/network.js';
import type { Row } from '../../scenario/scenario.js';
import type { Connection } from '../../transports/transport.js';
import { RttMeter } from '../rtt-meter.js';
import { connectTo, openServer } from '../same-process.js';
import { type Check, check } from './check.js';

/** Each way: far above what a timer is late by. */
const DELAY_MS = 20;
const PAIRS = 7;
/** Of a round trip. */
const TOLERANCE = 0.25;
const TIMEOUT_MS = 10_000;
const CHANNEL = channelName(0);

/**
 * Two messages published at once, over a distance: of a held poll, the second has to wait until the client has the
 * first and its next request is there, a round trip. Of a push it comes with the first. The round trip is measured
 * through a relay of the same delay, between the pairs.
 */
export async function secondMessageCheck(row: Row, signal: AbortSignal): Promise<Check> {
  const { laterMs, roundTripMs } = await measure(row, signal);
  const held = row.profile.delivery === 'pull';
  return check({
    subject: row.label,
    name: held ? '1 round trip later' : 'with the first',
    unit: 'ms',
    theory: held ? roundTripMs : 0,
    measured: laterMs,
    tolerance: TOLERANCE * roundTripMs,
    note: `medians of ${PAIRS} pairs; tolerance: a quarter of the round trip, which is measured between the pairs`,
  });
}

/** Medians: how much later than the first the second message arrives, and a round trip. */
async function measure(row: Row, signal: AbortSignal): Promise<{ laterMs: number; roundTripMs: number }> {
  const server = await openServer(row);
  const { protocol, hostname, port } = new URL(server.urls[0]?.[0] ?? '');
  const meter = await RttMeter.open();
  const relay = await startRelay({
    upstreams: [{ host: hostname, port: Number(port) }, meter.endpoint],
    conditions: { ...NO_DISTANCE, rttMs: 2 * DELAY_MS },
    seed: 1,
  });
  const arrivals = new Arrivals(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
  let connection: Connection | undefined;
  try {
    const [way, wayToEcho] = relay.addresses;
    if (!way || !wayToEcho) throw new Error('the relay has no address');
    await meter.through(wayToEcho);
    connection = await connectTo(row, {
      urls: [`${protocol}//${way.host}:${way.port}`],
      clientId: 0,
      channels: [CHANNEL],
      signal: arrivals.signal,
      onMessage: arrivals.note,
    });
    const laterMs: number[] = [];
    const roundTripsMs: number[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      // The next request of a held poll has to be there.
      await delay(3 * DELAY_MS, undefined, { signal });
      roundTripsMs.push((await meter.roundTripUs()) / 1_000);
      const both = arrivals.next(2);
      for (const text of ['first', 'second']) server.hub.publish(CHANNEL, Buffer.from(text));
      const [firstMs = 0, secondMs = 0] = await both;
      laterMs.push(secondMs - firstMs);
    }
    return { laterMs: median(laterMs), roundTripMs: median(roundTripsMs) };
  } finally {
    await connection?.close();
    await Promise.all([relay.stop(), meter.close(), server.close()]);
  }
}

/** When messages arrive. */
class Arrivals {
  readonly signal: AbortSignal;
  #atMs: number[] = [];
  #onArrival = () => {};

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  readonly note = (): void => {
    this.#atMs.push(performance.now());
    this.#onArrival();
  };

  /** The times of the next `count`, ms. Rejects when the signal aborts. */
  next(count: number): Promise<readonly number[]> {
    this.#atMs = [];
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(new Error(`${this.#atMs.length} of ${count} messages arrived`));
      this.signal.addEventListener('abort', onAbort, { once: true });
      this.#onArrival = () => {
        if (this.#atMs.length < count) return;
        this.signal.removeEventListener('abort', onAbort);
        resolve(this.#atMs);
      };
    });
  }
}
