import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CompletedRow, ReportRow } from '../report/schema.js';
import { measured, rtbench } from '../testing/cli.js';
import { builtInTransports } from '../transports/index.js';

const FAKE = fileURLToPath(new URL('../testing/fake-transport/index.js', import.meta.url));
const LOAD = ['--rounds', '1', '--clients', '6', '--probes', '3', '--rate', '50/s', '--warmup', '300ms'];
const QUICK = [...LOAD, '--duration', '2s', '--no-floor'];
const SIZE_BYTES = 64;
/** What an acknowledgement and its like take on their way: body and head of a frame; no HTTP/1.1 message has a fixed size. */
const EXACT_BYTES: Readonly<Record<string, { up: number; down: number }>> = {
  websocket: { up: SIZE_BYTES + 6, down: 0 },
  tcp: { up: SIZE_BYTES + 4, down: 0 },
};

const every = builtInTransports.flatMap(({ name }) => [
  '-t',
  name === 'short-polling' ? 'short-polling:intervalMs=100' : name,
]);

function completed(row: ReportRow | undefined): CompletedRow {
  if (row?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return row;
}

describe.each([
  ['a stream of messages', `120/s:${SIZE_BYTES}B`, 240],
  // 100 messages, each to six clients.
  ['an answer to every message', `acknowledge:${SIZE_BYTES}B`, 600],
])('%s from the clients of every technique', (_, uplink, expected) => {
  test('reaches the server, each message once, beside all that it publishes, and is in the bytes', async () => {
    const { transports, scenario } = await measured([...LOAD, '--duration', '2s', ...every, '--uplink', uplink]);
    expect(scenario.workload.uplink).toMatchObject({ sizeBytes: SIZE_BYTES });
    expect(transports).toHaveLength(builtInTransports.length);
    expect(transports.map(({ label }) => label)).toContain('SSE + POST');
    for (const row of transports.map(completed)) {
      const found = { transport: row.transport, ...row.uplink };
      expect(found).toMatchObject({
        transport: row.transport,
        ...{ sent: expected, unsent: 0, taken: expected, lost: 0, duplicated: 0, reordered: 0, foreign: 0 },
      });
      expect(row.uplink?.latencyUs.count).toBe(expected);
      expect(row.uplink?.latencyUs.p50).toBeGreaterThan(0);
      expect(row.delivery).toMatchObject({ published: 100, expected: 600, delivered: 600, lost: 0 });
      expect([row.transport, row.bytes.parts?.payload.up]).toEqual([row.transport, expected * SIZE_BYTES]);
      const exact = EXACT_BYTES[row.transport];
      if (exact) expect(row.bytes.perUplink).toEqual(exact);
      else if (row.group === 'rpc') expect(row.bytes.perUplink).toEqual({ up: null, down: null });
      else expect(row.bytes.perUplink.down).toBeGreaterThan(50);
    }
  });
});

describe('a technique that does not keep to its promise on the way up', () => {
  test.each([
    ['loses messages', 'uplinkDropEvery=40', { lost: 6 }, /messages of clients never reached the server/],
    [
      'repeats messages',
      'uplinkRepeatEvery=40',
      { duplicated: 6 },
      /messages of clients reached the server more than once/,
    ],
  ])('%s: they are counted, and the run is invalid', async (_, fault, counts, reason) => {
    // 40 of the warm-up, 240 of the window.
    const load = ['--uplink', '120/s', '--warmup', '334ms', '-t', `${FAKE}:${fault}`];
    const { transports } = await measured([...QUICK, ...load]);
    const row = completed(transports[0]);
    expect(row.uplink).toMatchObject({ sent: 240, ...counts });
    expect(row.verdict).toBe('invalid');
    // A machine at work gives reasons of its own, and then no others.
    if (row.rounds.some((run) => run.state === 'completed' && run.fault === 'delivery')) {
      expect(row.reasons.join()).toMatch(reason);
    }
    expect(row.delivery.lost).toBe(0);
  });

  test('is 40 ms late: it is measured as that, and the drain waits for it', async () => {
    const { transports } = await measured([...QUICK, '--uplink', '160/s', '-t', `${FAKE}:uplinkDelayMs=40`]);
    const { uplink } = completed(transports[0]);
    expect(uplink).toMatchObject({ sent: 320, taken: 320, lost: 0 });
    expect(uplink?.latencyUs.min).toBeGreaterThanOrEqual(39_000);
    expect(uplink?.serviceLatencyUs.min).toBeGreaterThanOrEqual(39_000);
  });
});

test('rows inside one process have no server to send to, and say so', async () => {
  const { transports } = await measured([...LOAD, '--duration', '1s', '-t', 'tcp', '--floor', '--uplink', '60/s']);
  const inside = transports.map(completed).find((row) => row.inProcess);
  expect(inside?.uplink).toBeNull();
  expect(inside?.notMeasured.uplink).toMatch(/no server that clients could send to/);
});

test('over TLS and in turns it is counted as well; what TLS adds to a message is not told', async () => {
  const rows = ['-t', 'websocket', '-t', 'sse'];
  const { transports } = await measured([...QUICK, ...rows, '--tls', '--interleave', '50ms', '--uplink', '120/s']);
  for (const row of transports.map(completed)) {
    expect(row.uplink).toMatchObject({ sent: 240, taken: 240, lost: 0, reordered: 0 });
    expect(row.bytes.perUplink).toEqual({ up: null, down: null });
  }
});

test('a plan says what clients send', async () => {
  const { stdout } = await rtbench(['run', 'multiplayer-game', '--dry-run']);
  expect(stdout).toContain('the clients send 360 messages/s of 48 B to the server, where they end');
  const { stdout: scaled } = await rtbench(['run', 'iot-commands', '--dry-run']);
  expect(scaled).toContain('each client acknowledges every message to the server with 48 B');
});
