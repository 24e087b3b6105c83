import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../cli/registry.js';
import { browserProblem, Chromium } from '../load/browser/chromium.js';
import { resolveRows } from '../scenario/rows.js';
import { makeCertificate, type ServerIdentity } from '../server/certificate.js';
import { measureLimit } from './browser-limits.js';

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
    return measureLimit({ chromium, row, identity, connections: 10, waitMs: 2_000 });
  }

  test.each(['sse', 'long-polling'])('%s over HTTP/1.1: six of ten, and nothing else gets through', async (spec) => {
    expect(await limitOf(spec)).toMatchObject({ asked: 10, atServer: 6, sockets: 6, furtherRequestMs: null });
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
});
