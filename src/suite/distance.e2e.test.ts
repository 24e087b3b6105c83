import { beforeAll, describe, expect, test } from 'vitest';
import type { TripName } from '../report/round-trips.js';
import type { CompletedRun, Report, ReportRow } from '../report/schema.js';
import { measured } from '../testing/cli.js';

/** Half of it, which tells one figure from the next, is large against what a shared machine is late by. */
const RTT_MS = 300;
const SLACK_MS = 100;
const SETUP_TIMEOUT_MS = 400_000;
const POLL_MS = 800;
const LOAD = ['--rounds', '1', '--clients', '5', '--probes', '5', '--rate', '20/s', '--duration', '4s', '--no-floor'];
const ROWS = ['websocket', 'sse', 'grpc', `short-polling:intervalMs=${POLL_MS}ms`, 'long-polling'];
const args = [...LOAD, ...ROWS.flatMap((row) => ['-t', row])];

function completed(row: ReportRow | undefined): CompletedRun {
  const run = row?.rounds[0];
  if (run?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return run;
}

/** Of the quickest of several clients: a machine makes things late and never early. */
const about = (theoryMs: number) => expect.toSatisfy((ms: number) => ms >= theoryMs - 2 && ms <= theoryMs + SLACK_MS);

describe(`a distance of ${RTT_MS} ms`, () => {
  let near: Report;
  let far: Report;

  beforeAll(async () => {
    near = await measured(args);
    far = await measured([...args, '--rtt', `${RTT_MS}ms`]);
  }, SETUP_TIMEOUT_MS);

  test('is measured; a push and a poll come half of it later', () => {
    expect(far.network?.measuredRttMs?.p50).toBeGreaterThanOrEqual(RTT_MS);
    expect(far.network?.measuredRttMs?.p50).toBeLessThan(RTT_MS + SLACK_MS);
    for (const [index, row] of far.transports.slice(0, 4).entries()) {
      const here = completed(near.transports[index]);
      const there = completed(row);
      expect(there.delivery).toMatchObject({ delivered: 400, lost: 0, duplicated: 0, reordered: 0 });
      // The same seed: the same messages at the same times, and the same phases of the polls.
      const laterMs = ((there.latencyUs.mean ?? 0) - (here.latencyUs.mean ?? 0)) / 1_000;
      expect({ row: row.label, laterMs: Math.round(laterMs) }).toEqual({
        row: row.label,
        laterMs: expect.toSatisfy((ms: number) => Math.abs(ms - RTT_MS / 2) <= SLACK_MS),
      });
    }
  });

  test('clients that count round trips leave no trace in the figures of the run', () => {
    for (const [index, row] of far.transports.entries()) {
      const { connections, bytes } = completed(row);
      expect({ row: row.label, opened: connections.opened }).toEqual({ row: row.label, opened: 5 });
      // The bytes of a push are those of its messages, whatever the distance.
      if (row.label !== 'WebSocket') continue;
      const { up, down } = completed(near.transports[index]).bytes;
      expect({ up: bytes.up, down: bytes.down }).toEqual({ up, down });
    }
  });

  /** In round trips: to connect, to the first message, one right behind another, the first message up. */
  test.each<[string, Partial<Record<TripName, number>>]>([
    ['WebSocket', { connect: 2, firstMessage: 2, message: 0.5, secondMessage: 0.5, firstUplink: 0.5 }],
    ['SSE', { connect: 2, firstMessage: 2, message: 0.5, secondMessage: 0.5, firstUplink: 1.5 }],
    ['gRPC stream', { connect: 3, firstMessage: 3, message: 0.5, secondMessage: 0.5, firstUplink: 0.5 }],
    ['Long polling', { connect: 2, firstMessage: 3, message: 0.5, secondMessage: 1.5, firstUplink: 1.5 }],
    ['Short polling', { connect: 2, firstUplink: 1.5 }],
  ])('%s: every round trip that its definition has', (label, trips) => {
    const row = far.transports.find((each) => each.label.startsWith(label));
    const { roundTrips } = completed(row);
    const isPoll = label === 'Short polling';
    const all = { ...trips, uplink: 0.5, ...(isPoll ? {} : { uplinkBack: 1 }) };
    for (const [name, expected] of Object.entries(all) as [TripName, number][]) {
      const trip = roundTrips?.[name];
      expect({ name, expected: trip?.expected, ms: Math.min(...(trip?.samplesMs ?? [])) }).toEqual({
        name,
        expected,
        ms: about(expected * RTT_MS),
      });
    }
    expect(roundTrips?.clients).toBe(5);
  });

  test('a poll at fixed times takes half of a round trip, and a wait that is uniform over its interval', () => {
    const { roundTrips, notMeasured } = completed(far.transports[3]);
    const { message, secondMessage } = roundTrips ?? {};
    const waitsMs = (message?.samplesMs ?? []).map((ms) => ms - RTT_MS / 2);
    expect(waitsMs).toHaveLength(5);
    expect(Math.min(...waitsMs)).toBeGreaterThan(-2);
    // The five are spread over the interval: one is in its first fifth, and not all are.
    expect(Math.min(...waitsMs)).toBeLessThan(POLL_MS / 5 + SLACK_MS);
    expect(Math.max(...waitsMs)).toBeGreaterThan(POLL_MS / 5);
    // Both messages are in one answer.
    const apartMs = secondMessage?.samplesMs.map((ms, index) => ms - (message?.samplesMs[index] ?? 0)) ?? [];
    expect(Math.min(...apartMs)).toBeLessThan(SLACK_MS);
    expect(message?.roundTrips).toBeNull();
    expect(notMeasured['roundTrips.message.roundTrips']).toMatch(/the wait for the next poll is in it/);
  });

  test('without a distance there is nothing to count, and the report says why', () => {
    const { roundTrips, notMeasured } = completed(near.transports[0]);
    expect(roundTrips).toBeNull();
    expect(notMeasured.roundTrips).toMatch(/--rtt or --network/);
  });
});
