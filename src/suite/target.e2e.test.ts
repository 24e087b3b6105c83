import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../cli/registry.js';
import type { CompletedRow, ReportRow } from '../report/schema.js';
import { resolveRows } from '../scenario/rows.js';
import { FIRST_ID, SERVER_LIMITS } from '../server/limits.js';
import { ReferenceServer } from '../server/reference-server.js';
import { measured } from '../testing/cli.js';

const LOAD = ['--rounds', '1', '--clients', '6', '--probes', '3', '--rate', '50/s', '--warmup', '300ms'];
const QUICK = [...LOAD, '--duration', '2s', '--no-floor'];
const PUSHING = ['sse', 'websocket'];
const SPOKEN = [...PUSHING, 'short-polling', 'long-polling'];

const CLIENTS = 6;
/** By src/transports/http/theory.ts, at a port of five digits. */
const POLL_BYTES = [103, 114];
const EMPTY_ANSWER_BYTES = 176;

let server: ReferenceServer;
let url: string;

beforeAll(async () => {
  server = await ReferenceServer.open({
    transports: await resolveRows(
      SPOKEN.map((spec) => ({ spec, where: 'test' })),
      'clients',
      registry,
    ),
    payload: 'text',
    limits: SERVER_LIMITS,
    firstId: FIRST_ID,
    history: { messages: 10_000, bytes: 8_000_000 },
    addresses: ['127.0.0.1'],
  });
  url = server.urls[0]?.[0] ?? '';
});

afterAll(() => server.close());

function completed(row: ReportRow | undefined): CompletedRow {
  if (row?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return row;
}

function rowsOf(names: readonly string[]): string[] {
  return names.flatMap((name) => ['-t', name === 'short-polling' ? 'short-polling:intervalMs=100' : name]);
}

describe('the reference server measured as somebody else’s', () => {
  test('gives the counts and bytes that it gives as our own', async () => {
    const own = await measured([...QUICK, ...rowsOf(PUSHING)]);
    const foreign = await measured([...QUICK, ...rowsOf(PUSHING), '--target', url]);
    for (const [index, transport] of PUSHING.entries()) {
      const [a, b] = [completed(own.transports[index]), completed(foreign.transports[index])];
      expect({ transport, ...b.delivery }).toEqual({ transport, ...a.delivery });
      expect({ transport, ...b.connections }).toEqual({ transport, ...a.connections });
      const { up, down } = a.bytes;
      expect({ transport, ...b.bytes }).toMatchObject({ transport, side: 'client', up, down, parts: null });
      expect(b.bytes.phases.open).toEqual(a.bytes.phases.open);
      expect(b.latencyUs.count).toBe(300);
    }
  });

  // How many polls there are is a matter of time, and so are sums; what a request, an empty answer and a message take is not.
  test('gives the bytes of a request, an answer and a message that it gives as our own, over polling', async () => {
    const polling = ['-t', 'short-polling:intervalMs=40', '-t', 'long-polling', '--size', '64B', '--duration', '1s'];
    const own = await measured([...QUICK, ...polling]);
    const foreign = await measured([...QUICK, ...polling, '--target', url]);
    for (const [index, of] of own.transports.entries()) {
      const [a, b] = [completed(of), completed(foreign.transports[index])];
      expect(b.delivery).toMatchObject({ delivered: a.delivery.delivered, lost: 0 });
      const morePolls = (b.bytes.up - a.bytes.up) / (POLL_BYTES[index] ?? Number.NaN);
      expect([a.label, Number.isInteger(morePolls)]).toEqual([a.label, true]);
      // The messages are the same; that they come in two answers and not in one takes an empty answer more.
      const moreBytes = b.bytes.down - a.bytes.down - morePolls * EMPTY_ANSWER_BYTES;
      // Of the polls that were under way at the end, some were not answered any more: one of each client at most.
      const unanswered = Math.round(moreBytes / EMPTY_ANSWER_BYTES);
      expect(Math.abs(unanswered)).toBeLessThanOrEqual(CLIENTS);
      // A digit of Content-Length, where a machine that stood still has an answer hold a dozen messages.
      expect(Math.abs(moreBytes - unanswered * EMPTY_ANSWER_BYTES)).toBeLessThanOrEqual(6);
    }
  }, 240_000);

  test('tells what it cannot see, and why', async () => {
    const { transports, target } = await measured([...QUICK, ...rowsOf(SPOKEN), '--target', url]);
    expect(target).toEqual({
      url,
      headers: [],
      endpoints: {},
      publish: 'POST /messages?channel={channel}',
      server: null,
    });
    for (const row of transports.map(completed)) {
      expect(row.delivery).toMatchObject({ published: 100, expected: 600, delivered: 600, lost: 0, duplicated: 0 });
      expect(row.server.cpuShare).toBeNull();
      expect(row.notMeasured['server.cpuShare']).toMatch(/--server-command/);
      expect(row.bytes.requests).toEqual({ total: null, empty: null });
      expect(row.bytes.perMessage.down).toBeGreaterThan(200);
    }
  });

  test('takes what clients publish', async () => {
    const { transports } = await measured(['echo', ...QUICK, ...rowsOf(PUSHING), '--target', url]);
    for (const row of transports.map(completed)) {
      expect(row.delivery).toMatchObject({ published: 100, expected: 100, delivered: 100, lost: 0, duplicated: 0 });
    }
  });
});
