import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { CompletedRow, CompletedRun, ReportRow } from '../report/schema.js';
import { measured } from '../testing/cli.js';

const FAKE = fileURLToPath(new URL('../testing/fake-transport/index.js', import.meta.url));
const SIZE_BYTES = 200;
const QUICK = [
  ...['--rounds', '1', '--clients', '6', '--probes', '2', '--rate', '50/s', '--size', `${SIZE_BYTES}`],
  ...['--warmup', '200ms', '--duration', '500ms'],
];

function completedRow(row: ReportRow | undefined): CompletedRow {
  if (row?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return row;
}

function sumOfParts({ parts }: CompletedRun['bytes'], way: 'up' | 'down'): number {
  return Object.values(parts ?? {}).reduce((sum, part) => sum + (part[way] ?? 0), 0);
}

/** That the parts of a row and of its rounds are there, and add up to the totals of the sockets to the last byte. */
function expectPartsToAddUp(row: CompletedRow): void {
  const rounds = row.rounds.filter((run) => run.state === 'completed');
  expect(rounds).toHaveLength(row.rounds.length);
  for (const { bytes, notMeasured } of [row, ...rounds]) {
    expect([row.label, notMeasured['bytes.parts']]).toEqual([row.label, undefined]);
    expect([row.label, sumOfParts(bytes, 'up'), sumOfParts(bytes, 'down')]).toEqual([row.label, bytes.up, bytes.down]);
    const { open, warmup } = bytes.phases;
    expect(bytes.parts?.opening).toEqual({ up: open.up + warmup.up, down: open.down + warmup.down });
  }
}

/** These rows and no others. */
function only(specs: readonly string[]): string[] {
  return [...specs.flatMap((spec) => ['-t', spec]), ...(specs.includes('tcp') ? [] : ['--no-floor'])];
}

test.each([
  {
    specs: ['short-polling:intervalMs=100', 'short-polling:intervalMs=100,keepAlive=false', 'long-polling:holdMs=200'],
  },
  { specs: ['sse:heartbeatMs=200', 'websocket:ids=true,pingMs=200', 'websocket:deflate=true'] },
  { specs: ['grpc', 'grpc:mode=unary,intervalMs=100', 'tcp'] },
])('parts of a feed add up, and its payload is every delivery: $specs', async ({ specs }) => {
  const { transports } = await measured([...QUICK, ...only(specs)]);
  expect(transports).toHaveLength(specs.length);
  for (const row of transports.map(completedRow)) {
    expectPartsToAddUp(row);
    const { parts } = row.bytes;
    const payload = parts?.payload;
    if (row.settings.deflate === true) expect(payload?.down).toBeLessThan(row.delivery.delivered * SIZE_BYTES);
    else expect([row.label, payload]).toEqual([row.label, { up: 0, down: row.delivery.delivered * SIZE_BYTES }]);
    // No client publishes: what comes up is polls, answers to pings, flow control and the end.
    expect([row.label, parts?.framing.up]).toEqual([row.label, 0]);
    if (row.settings.pingMs === 200 || row.settings.heartbeatMs === 200) {
      expect(parts?.heartbeats.down).toBeGreaterThan(0);
    }
  }
});

test.each([
  { specs: ['short-polling:intervalMs=100', 'long-polling', 'sse'] },
  { specs: ['websocket', 'grpc', 'tcp'] },
])('parts of a chat add up; what clients publish is payload too, with its cost: $specs', async ({ specs }) => {
  const { transports } = await measured(['chat', ...QUICK, ...only(specs)]);
  expect(transports).toHaveLength(specs.length);
  for (const row of transports.map(completedRow)) {
    expectPartsToAddUp(row);
    const { published, delivered } = row.delivery;
    const { parts, perPublish } = row.bytes;
    const payload = { up: (published ?? Number.NaN) * SIZE_BYTES, down: delivered * SIZE_BYTES };
    expect([row.label, parts?.payload]).toEqual([row.label, payload]);
    if (row.deliveredBy === 'push') expect(perPublish.up).toBeGreaterThan(SIZE_BYTES);
    // Of HTTP/2 nobody says which bytes answer a publish.
    if (row.group === 'rpc') expect(perPublish.down).toBeNull();
    else expect(perPublish.down).toEqual(expect.any(Number));
  }
});

test.each([
  { specs: ['short-polling:intervalMs=100,keepAlive=false', 'long-polling', 'sse'] },
  { specs: ['websocket', 'tcp'] },
  { specs: ['short-polling:intervalMs=100,http=2', 'sse:http=2'] },
])('parts add up over TLS too: $specs', async ({ specs }) => {
  const { transports } = await measured(['chat', ...QUICK, '--tls', ...only(specs)]);
  expect(transports).toHaveLength(specs.length);
  for (const row of transports.map(completedRow)) {
    expectPartsToAddUp(row);
    const { published, delivered } = row.delivery;
    const payload = { up: (published ?? Number.NaN) * SIZE_BYTES, down: delivered * SIZE_BYTES };
    expect([row.label, row.bytes.parts?.payload]).toEqual([row.label, payload]);
  }
});

test('of a transport that does not tell what its bytes are for there are no parts, and a reason', async () => {
  const { transports } = await measured([...QUICK, '-t', FAKE]);
  const { bytes, notMeasured } = completedRow(transports[0]);
  expect(bytes.parts).toBeNull();
  expect(notMeasured['bytes.parts']).toBe("the transport's server half does not tell what its bytes are for");
});
