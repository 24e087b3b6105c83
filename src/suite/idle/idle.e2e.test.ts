import { expect, test } from 'vitest';
import { buildIdleReport, type IdleMeasurement } from '../../report/idle.js';
import { type IdleRow, idleReportSchema } from '../../report/idle-schema.js';
import { resolveRows, type TransportRegistry } from '../../scenario/rows.js';
import { exampleReport } from '../../testing/example-report.js';
import type { AuthWay } from '../../transports/credentials.js';
import { builtInTransports, loadTransport } from '../../transports/index.js';
import { idleCases, measureIdle } from './idle.js';

const builtIn = new Map(builtInTransports.map(({ name, module }) => [name, module]));
const registry: TransportRegistry = { builtIn, load: loadTransport };
/** Beyond a promise, for a machine with other things to do. */
const SLACK_MS = 1_500;

async function measured(spec: string, intervalMs = 200, auth: AuthWay | null = null): Promise<readonly IdleRow[]> {
  const [row] = await resolveRows([{ spec, where: 'test' }], 'server', registry);
  if (!row) throw new Error('no row');
  const cases = idleCases(row, await loadTransport(row.module), { intervalMs, scaledToMs: 25_000 });
  const measurements: IdleMeasurement[] = [];
  const plan = { cases, clients: 3, watchMs: 2_500, idleTimeoutsMs: [60, 1_200], auth };
  for await (const one of measureIdle(plan, new AbortController().signal)) measurements.push(one);
  const { tool, environment, command } = exampleReport();
  const startedAt = new Date('2026-11-24T12:00:00Z');
  const origin = { tool, environment, command, startedAt, durationMs: 1, interrupted: false, planned: cases.length };
  const settings = { intervalMs, scaledToMs: 25_000, watchMs: plan.watchMs, auth };
  return idleReportSchema.parse(buildIdleReport({ ...origin, ...settings, measurements })).transports;
}

test.each([
  ['websocket', { up: 6, down: 2 }],
  ['sse', { up: 0, down: 8 }],
  ['grpc', { up: 17, down: 17 }],
  ['sse:http=2', { up: 17, down: 17 }],
  ['long-polling:http=2', { up: 17, down: 17 }],
] as const)('%s: bytes of an idle client, who notices, what is cut', async (spec, each) => {
  const [beating] = await measured(spec);
  expect(beating?.reason).toBeNull();
  expect(beating?.bytes).toMatchObject({ heartbeats: 6, up: 6 * each.up, down: 6 * each.down });
  // 25 s: 2.4 a minute.
  expect(beating?.scaled?.perMinute.up).toBeCloseTo(2.4 * each.up, 6);
  expect(beating?.scaled?.perMinute.down).toBeCloseTo(2.4 * each.down, 6);
  expect(beating?.notice?.client.noticed).toBe(3);
  expect(beating?.notice?.client.ms?.max).toBeLessThan((beating?.notice?.client.promisedMs ?? 0) + SLACK_MS);
  const server = beating?.notice?.server;
  expect(server?.noticed).toBe(server?.promisedMs === null ? 0 : 3);
  expect(beating?.survival).toMatchObject([
    { timeoutMs: 60, survived: 0, theory: 'none' },
    { timeoutMs: 1_200, survived: 3, theory: 'all' },
  ]);
});

test('polls: bytes as theory says, and both sides notice', async () => {
  const [beating, asSet] = await measured('short-polling:intervalMs=300ms');
  const { bytes } = beating ?? {};
  expect({ up: bytes?.up, down: bytes?.down }).toEqual(bytes?.theory);
  expect(bytes?.up).toBeGreaterThan(0);
  expect([beating?.notice?.client.noticed, beating?.notice?.server.noticed]).toEqual([3, 3]);
  // As it is set, the client waits half a minute for an answer and the server for any time.
  expect(asSet?.heartbeat).toMatchObject({ by: 'settings', everyMs: 300 });
  expect([asSet?.notice?.client.noticed, asSet?.notice?.server.noticed]).toEqual([0, 0]);
  expect(asSet?.notMeasured['notice.server.promisedMs']).toMatch(/never notices/);
});

test('without a heartbeat nothing crosses, nobody notices, and every idle timeout cuts', async () => {
  const [floor, ...others] = await measured('tcp');
  expect(others).toEqual([]);
  expect(floor).toMatchObject({
    heartbeat: { by: 'settings', means: null, everyMs: null },
    bytes: { up: 0, down: 0 },
    scaled: null,
    notice: { client: { noticed: 0, ms: null }, server: { noticed: 0, ms: null } },
    survival: [
      { survived: 0, theory: 'none' },
      { survived: 0, theory: 'none' },
    ],
  });
});

test('a connection for each poll leaves nothing to notice, and that is said', async () => {
  const [beating] = await measured('short-polling:keepAlive=false');
  expect(beating?.notice).toBeNull();
  expect(beating?.notMeasured.notice).toMatch(/each request makes its own/);
  expect(beating?.bytes?.connections).toBe(6);
});

test('an abort ends it, with its reason, and leaves nothing open', async () => {
  const [row] = await resolveRows([{ spec: 'websocket', where: 'test' }], 'server', registry);
  if (!row) throw new Error('no row');
  const cases = idleCases(row, await loadTransport(row.module), { intervalMs: 1_000, scaledToMs: 25_000 });
  const controller = new AbortController();
  const run = measureIdle(
    { cases, clients: 2, watchMs: 60_000, idleTimeoutsMs: [60_000], auth: null },
    controller.signal,
  ).next();
  setTimeout(() => controller.abort(new Error('enough')), 200);
  await expect(run).rejects.toThrow('enough');
});

let tokenless: ReturnType<typeof measured> | undefined;
function withoutToken(): ReturnType<typeof measured> {
  tokenless ??= measured('short-polling', 200);
  return tokenless;
}

test.each(['bearer', 'cookie', 'query'] as const)(
  'an idle client that polls pays its token each time, by %s',
  async (way) => {
    const [beating] = await measured('short-polling', 200, way);
    expect([beating?.reason, beating?.auth]).toEqual([null, way]);
    const adds =
      { bearer: 'authorization: Bearer \r\n', cookie: 'cookie: token=\r\n', query: '&token=' }[way].length + 43;
    expect(beating?.bytes?.up).toBe(beating?.bytes?.theory?.up);
    const [plain] = await withoutToken();
    // The port, which is in `Host`, has as many digits.
    expect(beating?.bytes?.up).toBe((plain?.bytes?.up ?? 0) + 6 * adds);
  },
);

test('an idle stream pays its token when it opens, and nothing after that', async () => {
  const [beating] = await measured('websocket', 200, 'first-message');
  expect(beating).toMatchObject({ auth: 'first-message', bytes: { heartbeats: 6, up: 36, down: 12 } });
});
