import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../cli/registry.js';
import { browserProblem, Chromium } from '../load/browser/chromium.js';
import { resolveRows } from '../scenario/rows.js';
import { makeCertificate, type ServerIdentity } from '../server/certificate.js';
import { measureLimits } from './browser-limits.js';

const problem = await browserProblem();

describe.skipIf(problem !== undefined)(`connections of one page${problem ? ` (${problem})` : ''}`, () => {
  let identity: ServerIdentity;
  let chromium: Chromium;
  beforeAll(async () => {
    identity = await makeCertificate(['127.0.0.1']);
    chromium = await Chromium.launch({ certificate: identity.certificate });
  });
  afterAll(() => chromium.close());

  async function limitOf(spec: string) {
    const [row] = await resolveRows([{ spec, where: 'test' }], 'server', registry);
    if (!row) throw new Error(spec);
    const { signal } = new AbortController();
    for await (const limit of measureLimits([row], { chromium, identity, connections: 10, waitMs: 2_000, signal })) {
      if (limit.state === 'completed') return limit;
      throw new Error(limit.reason);
    }
    throw new Error('nothing was measured');
  }

  test.each(['sse', 'long-polling'])('%s over HTTP/1.1: six of ten, and nothing else gets through', async (spec) => {
    expect(await limitOf(spec)).toMatchObject({
      ...{ asked: 10, atServer: 6, sockets: 6, furtherRequestMs: null },
      notMeasured: { furtherRequestMs: expect.stringMatching(/no answer within 2 s/) },
    });
  });

  test.each(['sse:http=2', 'long-polling:http=2'])('%s: all ten, on one connection', async (spec) => {
    const limit = await limitOf(spec);
    expect(limit).toMatchObject({ asked: 10, atServer: 10, sockets: 1, tls: true });
    expect(limit.furtherRequestMs).not.toBeNull();
  });

  test('WebSocket: all ten, on ten connections', async () => {
    const limit = await limitOf('websocket');
    expect(limit.atServer).toBe(10);
    expect(limit.furtherRequestMs).not.toBeNull();
  });

  test('an abort ends what is under way, and reports no row of it', async () => {
    const rows = await resolveRows([{ spec: 'sse', where: 'test' }], 'server', registry);
    const controller = new AbortController();
    const limits = measureLimits(rows, {
      ...{ chromium, identity, connections: 10, waitMs: 600_000 },
      signal: controller.signal,
    });
    const next = limits.next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test('a row that fails has its reason, and the next one is measured', async () => {
    const [row] = await resolveRows([{ spec: 'websocket', where: 'test' }], 'server', registry);
    if (!row) throw new Error('no row');
    const broken = { ...row, module: new URL('./nowhere.js', import.meta.url).href };
    const { signal } = new AbortController();
    const limits = [];
    const options = { chromium, identity, connections: 2, waitMs: 500, signal };
    for await (const limit of measureLimits([broken, row], options)) limits.push(limit);
    expect(limits.map(({ state }) => state)).toEqual(['failed', 'completed']);
    expect(limits[0]).toMatchObject({ reason: expect.stringMatching(/nowhere/) });
  });
});
