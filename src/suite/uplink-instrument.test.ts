import { describe, expect, test } from 'vitest';
import { channelName, channelOf, makeSchedule } from '../load/schedule.js';
import { uplinkSender } from '../load/uplink.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import { readSequence, writeEnvelope } from '../protocol/envelope.js';
import type { PublishPhase } from '../protocol/messages.js';
import type { Workload } from '../scenario/scenario.js';
import type { Uplink } from '../scenario/uplink.js';
import { UplinkAccount } from '../server/uplink-account.js';
import { VirtualTime } from '../testing/virtual-time.js';
import { uplinkRequest } from './uplink-request.js';

const STREAM: Uplink = { kind: 'stream', ratePerSecond: 100, sizeBytes: 64 };
const ANSWERS: Uplink = { kind: 'acknowledgements', sizeBytes: 64 };

function workloadOf(uplink: Uplink): Workload {
  return {
    clients: 5,
    publish: 'server',
    channels: 2,
    ratePerSecond: 50,
    sizeBytes: 200,
    payload: 'text',
    arrivals: 'periodic',
    uplink,
    warmupMs: 1_000,
    durationMs: 10_000,
  };
}

/** When a message that is sent at this time reaches the server, µs; several: it comes several times; none: lost. */
type Way = (sentUs: number, sequence: number, client: number) => readonly number[];

/** The path from clients to the server's account, on a clock that only the test moves. */
function measure(uplink: Uplink, way: Way) {
  const time = new VirtualTime();
  const workload = workloadOf(uplink);
  const schedule = makeSchedule(7, workload);
  const request = uplinkRequest(7, workload, null, schedule);
  if (request === null) throw new Error('there is no uplink');
  const account = new UplinkAccount(request, time);
  const clients = Array.from({ length: workload.clients }, (_, client) => client);
  const channels = new Set<string>();
  const sender = uplinkSender({
    seed: 7,
    workload,
    turn: null,
    schedule,
    clients,
    clock: time,
    wakeAt: time.at,
    send(client, channel, body) {
      channels.add(channel);
      if (channel !== channelName(channelOf(client, workload))) throw new Error('not the channel of the client');
      for (const atUs of way(time.nowUs(), readSequence(body), client)) time.at(atUs, () => account.take(body));
    },
  });
  if (sender === null) throw new Error('nothing is sent');
  const published = (phase: PublishPhase, startUs: number) => {
    sender.start(phase, startUs, () => {});
    const [from, to] = phase === 'warmup' ? [0, schedule.warmupCount] : [schedule.warmupCount, undefined];
    for (const [index, offsetUs] of schedule.offsetUs.subarray(from, to).entries()) {
      const sequence = from + index;
      const body = new Uint8Array(workload.sizeBytes);
      writeEnvelope(body, { publisher: 0, sequence, dueUs: startUs + offsetUs, lagUs: 0 });
      time.at(startUs + offsetUs, () => {
        for (const client of clients) sender.onMessage?.(client, body);
      });
    }
  };
  published('warmup', 0);
  time.at(2_000_000, () => published('window', 2_000_000));
  time.run();
  return { sent: sender.sent, taken: account.collect(), account, request, schedule, channels };
}

const in5ms: Way = (sentUs) => [sentUs + 5_000];

describe.each([
  ['a stream of 100 messages a second', STREAM, { warmup: 100, window: 1_000 }],
  // 500 messages in two channels in turn, of three clients and of two.
  ['acknowledgements of 50 messages a second', ANSWERS, { warmup: 125, window: 1_250 }],
] as const)('%s', (_, uplink, expected) => {
  test('that takes 5 ms is measured at 5 ms, each message once', () => {
    const { sent, taken, request, channels } = measure(uplink, in5ms);
    expect(request.expected).toEqual(expected);
    expect(sent.sent).toBe(expected.window);
    expect(taken).toMatchObject({ taken: expected.window, duplicated: 0, reordered: 0, foreign: 0, negative: 0 });
    for (const encoded of [taken.latency, taken.serviceLatency]) {
      const latency = LatencyHistogram.decode(encoded);
      expect(latency.count).toBe(expected.window);
      expect(latency.percentile(0)).toBeGreaterThanOrEqual(4_997);
      expect(latency.percentile(100)).toBeLessThan(5_005);
    }
    expect(channels).toEqual(new Set(['c00000', 'c00001']));
  });

  test('of which one of the window is lost lacks one, and waits for it no longer than it is told to', async () => {
    const dropped = new Set<string>();
    const { sent, taken, account } = measure(uplink, (sentUs, sequence, client) => {
      if (dropped.size === 0 && sequence === 500) dropped.add(`${sequence} ${client}`);
      return dropped.has(`${sequence} ${client}`) ? [] : [sentUs];
    });
    expect(sent.sent - taken.taken).toBe(1);
    expect(await account.allTaken('warmup', 60_000)).toBe(true);
    expect(await account.allTaken('window', 1)).toBe(false);
  });

  test('of the warm-up is waited for, and not counted', async () => {
    const { taken, account, schedule } = measure(uplink, (sentUs, sequence) =>
      sequence < schedule0(uplink) ? [sentUs, sentUs] : [sentUs],
    );
    expect(schedule.warmupCount).toBeGreaterThan(0);
    expect(taken).toMatchObject({ taken: expected.window, duplicated: 0 });
    expect(await account.allTaken('window', 60_000)).toBe(true);
  });

  test('of which some come twice, or behind a later one of the same client, says how many', () => {
    const twice = measure(uplink, (sentUs, sequence) => (sequence === 500 ? [sentUs, sentUs + 10] : [sentUs]));
    const perSequence = uplink.kind === 'stream' ? 1 : expected.window / 500;
    expect(twice.taken.duplicated).toBeGreaterThanOrEqual(Math.floor(perSequence));
    expect(twice.taken.duplicated).toBeLessThanOrEqual(Math.ceil(perSequence));
    const late = measure(uplink, (sentUs, sequence) => [sequence === 500 ? sentUs + 2_000_000 : sentUs]);
    expect(late.taken.reordered).toBe(twice.taken.duplicated);
    expect(late.taken.taken).toBe(expected.window);
  });
});

/** Sequence numbers below this are the warm-up's. */
function schedule0(uplink: Uplink): number {
  return uplink.kind === 'stream' ? 100 : 50;
}

test('clients that are kept from sending send late: it is in the latency, and not in that from being sent', () => {
  const time = new VirtualTime();
  const workload = workloadOf(STREAM);
  const schedule = makeSchedule(7, workload);
  const request = uplinkRequest(7, workload, null, schedule);
  if (request === null) throw new Error('there is no uplink');
  const account = new UplinkAccount(request, time);
  const sender = uplinkSender({
    seed: 7,
    workload,
    turn: null,
    schedule,
    clients: [0, 1, 2, 3, 4],
    clock: time,
    wakeAt: (atUs, callback) => time.at(atUs + 3_000, callback),
    send: (_client, _channel, body) => account.take(body),
  });
  sender?.start('window', 0, () => {});
  time.run();
  const { latency, serviceLatency } = account.collect();
  expect(LatencyHistogram.decode(latency).percentile(50)).toBeCloseTo(3_000, -2);
  expect(LatencyHistogram.decode(serviceLatency).percentile(100)).toBeLessThanOrEqual(1);
  expect(LatencyHistogram.decode(sender?.sent.scheduleLag ?? '').percentile(50)).toBeCloseTo(3_000, -2);
});

describe('the account', () => {
  const request = uplinkRequest(7, workloadOf(STREAM), null, makeSchedule(7, workloadOf(STREAM)));

  test.each([
    ['of another size', { publisher: 0, sequence: 0, dueUs: 0, lagUs: 0 }, 65],
    ['of a client that there is not', { publisher: 5, sequence: 0, dueUs: 0, lagUs: 0 }, 64],
    ['behind the last', { publisher: 0, sequence: 1_100, dueUs: 0, lagUs: 0 }, 64],
  ])('counts a message %s apart', (_, envelope, sizeBytes) => {
    if (request === null) throw new Error('there is no uplink');
    const account = new UplinkAccount(request, new VirtualTime());
    const body = new Uint8Array(sizeBytes);
    writeEnvelope(body, envelope);
    account.take(body);
    account.take(new Uint8Array(64).fill(0x65));
    expect(account.collect()).toMatchObject({ taken: 0, foreign: 2, duplicated: 0 });
  });

  test('resolves as soon as the last message is there', async () => {
    if (request === null) throw new Error('there is no uplink');
    const account = new UplinkAccount(request, new VirtualTime());
    const all = account.allTaken('warmup', 60_000);
    for (let sequence = 0; sequence < 100; sequence++) {
      const body = new Uint8Array(64);
      writeEnvelope(body, { publisher: sequence % 5, sequence, dueUs: 0, lagUs: 0 });
      account.take(body);
    }
    expect(await all).toBe(true);
  });
});
