import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installedVersion } from '../network/middlebox/foreign-process.js';
import { haproxy } from '../network/middlebox/haproxy.js';
import { nginx } from '../network/middlebox/nginx.js';
import { nullPaths, reasonFor } from '../report/not-measured.js';
import type { CompletedRow, ReportRow } from '../report/schema.js';
import { Cli, measured, rtbench, withFolder } from '../testing/cli.js';

const has = { nginx: (await installedVersion(nginx)) !== null, haproxy: (await installedVersion(haproxy)) !== null };
const LOAD = ['--rounds', '1', '--clients', '6', '--probes', '2', '--rate', '40/s', '--warmup', '200ms'];
const QUICK = [...LOAD, '--duration', '1s'];
const ROWS = ['short-polling:intervalMs=100ms', 'long-polling', 'sse', 'websocket', 'grpc'];

function asked(rows: readonly string[]): string[] {
  return rows.flatMap((row) => ['-t', row]);
}

function completed(row: ReportRow | undefined): CompletedRow {
  if (row?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return row;
}

/** Nothing lost, and every figure of the proxy there or explained. */
function expectWhole(row: ReportRow | undefined): CompletedRow {
  const whole = completed(row);
  expect({ row: whole.label, ...whole.delivery }).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
  expect(whole.delivery.delivered).toBe(whole.delivery.expected);
  const { proxy, notMeasured } = whole;
  expect(proxy).toBeDefined();
  for (const path of nullPaths({ proxy })) expect(reasonFor(notMeasured, path)).toBeTypeOf('string');
  return whole;
}

/** What is in a command's folder for temporary files, and processes that were started with something in there. */
function remainsIn(temporary: string): string[] {
  const processes = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${temporary}/`);
    } catch {
      return false;
    }
  });
  return [...readdirSync(temporary), ...processes];
}

describe('run --via nginx', () => {
  test('as documented, every technique gets through, with what the proxy cost', async ({ skip }) => {
    skip(!has.nginx, 'nginx is not installed: apt-get install nginx-light');
    const { transports, environment, scenario, finished } = await measured([
      ...QUICK,
      ...asked(ROWS),
      '--via',
      'nginx',
    ]);
    expect(scenario.via).toEqual({ middlebox: 'nginx', configuration: 'documented' });
    expect(environment.proxy).toMatchObject({ name: 'nginx', version: expect.stringMatching(/^\d/) });
    expect(transports).toHaveLength(ROWS.length);
    const rows = Object.fromEntries(transports.map((row) => [row.transport, expectWhole(row)]));
    for (const { proxy } of Object.values(rows)) {
      expect(proxy?.cpuUsPerMessage).toBeGreaterThan(0);
      expect(proxy?.memoryBytes).toBeGreaterThan(500_000);
    }
    // It opens a connection for each request, and keeps a stream's.
    expect(rows['short-polling']?.proxy?.connections.window).toBeGreaterThan(6);
    expect(rows.websocket?.proxy?.connections).toEqual({ run: 6, window: 0 });
    expect(rows.sse?.proxy?.lines).toContain('proxy_buffering off;');
    expect(rows.grpc?.proxy?.lines).toContain('grpc_pass grpc://<server>;');
    expect(finished.stdout).toMatch(/through nginx \d[\d.]+, set up as its/);
    expect(finished.stdout).toMatch(/Bytes are those between nginx/);
  });

  test('by default a WebSocket fails with what was seen and the lines that mend it, and others go on', async ({
    skip,
  }) => {
    skip(!has.nginx, 'nginx is not installed: apt-get install nginx-light');
    const args = [...QUICK, ...asked(['websocket', 'long-polling']), '--via', 'nginx:default'];
    const { transports, finished } = await measured(args);
    const [websocket, longPolling] = transports;
    expect(websocket?.state).toBe('failed');
    const [reason, ...others] = websocket?.reasons ?? [];
    expect(others).toEqual([]);
    expect(reason).toMatch(
      /^(probe|crowd 1): Unexpected server response: \d+\. One client alone through nginx:default: dead/,
    );
    expect(reason).toMatch(/Mended, tried out, by .*`proxy_set_header Upgrade \$http_upgrade;` \(location\)/);
    expectWhole(longPolling);
    expect(finished.code).toBe(3);
  });

  test('behind a distance', async ({ skip }) => {
    skip(!has.nginx, 'nginx is not installed: apt-get install nginx-light');
    const far = await measured([...QUICK, ...asked(['sse']), '--via', 'nginx', '--rtt', '40ms']);
    expect(expectWhole(far.transports[0]).latencyUs.min).toBeGreaterThanOrEqual(19_000);
    expect(far.network?.measuredRttMs.p50).toBeGreaterThanOrEqual(40);
  });

  test('one for each of the runs that go on side by side', async ({ skip }) => {
    skip(!has.nginx, 'nginx is not installed: apt-get install nginx-light');
    const together = [...QUICK, ...asked(['sse', 'websocket']), '--via', 'nginx', '--interleave', '100ms'];
    for (const row of (await measured(together)).transports) expectWhole(row);
  });

  test.for([
    ['Ctrl-C', 'SIGINT', 130],
    ['a kill', 'SIGKILL', null],
  ] as const)('nothing is left of it after %s', ([, signal, expected], { skip }) => {
    skip(!has.nginx, 'nginx is not installed: apt-get install nginx-light');
    return withFolder((out) =>
      withFolder(async (temporary) => {
        const args = ['run', ...LOAD, '--duration', '60s', '--no-ui', ...asked(['sse']), '--via', 'nginx'];
        const cli = new Cli([...args, '--out', join(out, 'out')], { env: { TMPDIR: temporary } });
        await expect.poll(() => remainsIn(temporary).length, { timeout: 20_000 }).toBeGreaterThan(1);
        cli.kill(signal);
        expect((await cli.finished()).code).toBe(expected);
        await expect.poll(() => remainsIn(temporary), { timeout: 10_000 }).toEqual([]);
      }),
    );
  });

  test('a server that restarts behind it: clients come back and miss nothing', async ({ skip }) => {
    skip(!has.nginx, 'nginx is not installed: apt-get install nginx-light');
    const back = ['--reconnect', 'fixed:wait=100ms', '--fault', 'restart@500ms', '--duration', '3s'];
    const { transports } = await measured([...LOAD, ...back, ...asked(['sse', 'long-polling']), '--via', 'nginx']);
    for (const row of transports) {
      expect(completed(row)).toMatchObject({ delivery: { lost: 0, duplicated: 0 }, recovery: { missed: 0 } });
    }
  });
});

test('run --via haproxy: connections to the server are kept and reused', async ({ skip }) => {
  skip(!has.haproxy, 'HAProxy is not installed: apt-get install haproxy');
  const { transports } = await measured([
    ...QUICK,
    ...asked(['short-polling:intervalMs=100ms', 'grpc', 'tcp']),
    '--via',
    'haproxy',
  ]);
  const rows = transports.map(expectWhole);
  expect(rows.map(({ transport }) => transport)).toContain('tcp');
  const polling = rows.find(({ transport }) => transport === 'short-polling');
  expect(polling?.proxy?.connections.window).toBeLessThanOrEqual(6);
});

describe('run --via hostile', () => {
  test('what it holds back for ever fails in time, with what helps', async () => {
    const { transports } = await measured([...QUICK, ...asked(['sse', 'long-polling']), '--via', 'hostile:buffer']);
    const [sse, longPolling] = transports;
    expect(sse?.state).toBe('failed');
    expect(sse?.reasons).toEqual([
      expect.stringMatching(
        /no "connected" within 10\.06 s\. One client alone through hostile:buffer: dead, nothing arrived.*What helps: encrypt/,
      ),
    ]);
    expectWhole(longPolling);
  });

  test('the floor is left out where it was not asked for', async () => {
    const { code, stdout } = await rtbench(['run', '--via', 'hostile:http-1.0', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/through a proxy: hostile:http-1\.0/);
    expect(stdout).not.toMatch(/TCP \(floor\)/);
  });
});

test.each([
  [['--wire'], /--wire counts what crosses loopback, and by way of a proxy/],
  [['--tls'], /leave out --tls/],
])('%j is refused with what to do', async (args, problem) => {
  const { code, stderr } = await rtbench(['run', ...asked(['sse']), '--via', 'hostile:buffer', ...args]);
  expect(code).toBe(2);
  expect(stderr).toMatch(problem);
});
