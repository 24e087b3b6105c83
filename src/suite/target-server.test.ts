import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { HostClock } from '../metrics/clock.js';
import { DEFAULT_BOUNDS, type Target } from '../scenario/target.js';
import { freePort } from '../testing/free-port.js';
import { TargetServer } from './target-server.js';

const SECRET = 'hush-4f9c1d';
const open: TargetServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
  delete process.env.RTBENCH_TEST_TOKEN;
});

/** A server that a shell starts; its reason, where it ends though nobody ends it. */
async function serverOf(command: (port: number) => string) {
  process.env.RTBENCH_TEST_TOKEN = SECRET;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const target: Target = {
    url,
    headers: { authorization: `Bearer \${RTBENCH_TEST_TOKEN}` },
    endpoints: {},
    publish: null,
    stamp: { kind: 'none' },
    clockOffset: null,
    caFile: null,
    bounds: DEFAULT_BOUNDS,
    answerMs: 10_000,
    server: { kind: 'command', command: command(port), ready: null, timeoutMs: 30_000 },
    mayLoadHost: false,
  };
  let onFailure: (reason: unknown) => void = () => {};
  const failed = new Promise<unknown>((resolve) => {
    onFailure = resolve;
  });
  const server = new TargetServer({
    target,
    endpoint: { url },
    isPolled: false,
    clock: new HostClock(process.hrtime.bigint()),
    count: () => Promise.reject(new Error('nobody counts')),
    onFailure,
  });
  open.push(server);
  return { server, failed };
}

describe.skipIf(process.platform === 'win32')('a server that repeats a secret as it ends', () => {
  it('has it replaced where it was not ready yet', async () => {
    const { server } = await serverOf(() => 'echo "no user for Bearer $RTBENCH_TEST_TOKEN" >&2; exit 3');
    const reason = await server.start().catch((error: unknown) => error);
    expect(String(reason)).toMatch(/ended with code 3: no user for Bearer \$\{RTBENCH_TEST_TOKEN\}$/);
    expect(inspect(reason)).not.toContain(SECRET);
  });

  it('has it replaced where it ends in the middle of a run', async () => {
    const script = (port: number) =>
      `require('node:net').createServer((s) => s.resume().on('error', () => {}).on('close', () => { console.error('gone: ' + process.env.RTBENCH_TEST_TOKEN); process.exit(3); })).listen(${port}, '127.0.0.1')`;
    const { server, failed } = await serverOf((port) => `${JSON.stringify(process.execPath)} -e "${script(port)}"`);
    await server.start();
    const reason = await failed;
    expect(String(reason)).toMatch(/ended with code 3: gone: \$\{RTBENCH_TEST_TOKEN\}$/);
    expect(inspect(reason)).not.toContain(SECRET);
  });
});
