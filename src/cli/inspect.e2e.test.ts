import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Inspection } from '../report/inspection/inspection.js';
import { Cli } from '../testing/cli.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtbench-inspect-'));
});
afterAll(() => rm(folder, { recursive: true }));

function rtbench(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function inspected(spec: string, ...flags: string[]): Promise<Inspection> {
  const file = join(folder, 'inspection.json');
  const { code, stderr } = await rtbench(['inspect', spec, '--json', file, ...flags]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(await readFile(file, 'utf8'));
}

const SPECS = [
  'websocket',
  'websocket:ids=true',
  'websocket:deflate=true',
  'sse',
  'sse:retryMs=2s',
  'sse:http=2',
  'short-polling',
  'short-polling:keepAlive=false',
  'short-polling:format=binary',
  'short-polling:http=2',
  'long-polling',
  'long-polling:http=2',
  'grpc',
  'grpc:mode=unary',
];

describe.each(SPECS)('%s', (spec) => {
  test('each byte has its part, and they make what sockets and ledger say', async () => {
    const { count, events, sums } = await inspected(spec);
    expect(count.problems).toEqual([]);
    expect(count.parts).toEqual(count.server);
    expect(sums.up.unread + sums.down.unread).toBe(0);
    expect(sums.up.payload).toBeGreaterThan(0);
    expect(sums.down.payload).toBeGreaterThan(0);
    expect(events.flatMap(({ notes }) => notes.filter(({ state }) => state === 'wrong'))).toEqual([]);
    const hex = events.flatMap(({ parts }) => parts.map((part) => part.hex)).join('');
    expect(hex.length / 2).toBe(count.recorded.up + count.recorded.down);
  });
});

test.each(['unary', 'server', 'client', 'bidi'])('gRPC, pattern %s', async (pattern) => {
  const { count, sums, pattern: shown } = await inspected('grpc', '--pattern', pattern);
  expect(count.problems).toEqual([]);
  expect(sums.up.unread + sums.down.unread).toBe(0);
  expect(shown).toMatchObject({ name: pattern });
});

test('piped, it is plain text of 80 columns', async () => {
  const { code, stdout } = await rtbench(['inspect', 'websocket']);
  expect(code).toBe(0);
  expect(stdout).not.toContain('\u001b');
  expect(Math.max(...stdout.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
  expect(stdout).toMatch(/#2 │◄─ 101 Switching Protocols ─+ \d+ B ──│/);
  expect(stdout).toMatch(/✓ Base64\(SHA-1\("[\w+/=]{24}" \+ GUID\)\) is/);
});

test('--size makes lengths of 16 and of 64 bits', async () => {
  for (const [size, name] of [['200', 'length, 16 bits'] as const, ['70KiB', 'length, 64 bits'] as const]) {
    const { events } = await inspected('websocket', '--size', size);
    const lengths = events.flatMap(({ parts }) => parts.filter((part) => part.name === name));
    expect(lengths.map(({ value }) => value)).toEqual(Array(4).fill(String(size === '200' ? 200 : 70 * 1024)));
  }
});

test.each([
  [['inspect', 'nothing'], 'unknown transport `nothing`'],
  [['inspect', 'tcp'], 'brings nothing that reads its bytes'],
  [['inspect', 'websocket', '--tls'], 'what goes over TLS is encrypted'],
  [['inspect', 'grpc', '--pattern', 'constructor'], 'is none of unary, server, client, bidi'],
  [['inspect', 'websocket', '--pattern', 'unary'], 'has one exchange only'],
  [['inspect', 'websocket', '--size', '2MiB'], 'of 1 MiB at most'],
  [['inspect', 'websocket', '--url', 'wss://127.0.0.1:1'], '--url: what goes over TLS is encrypted'],
  [['inspect', 'websocket', '--url', 'ws://192.0.2.1:1'], '--i-may-load-this-host'],
  [['inspect', 'websocket', '--url', '127'], 'is no URL such as'],
  [['inspect', 'websocket', '--url', 'ws://127.0.0.1:1/chat'], 'give ws://127.0.0.1:1 alone'],
])('%j is refused with exit 2', async (args, reason) => {
  const { code, stderr } = await rtbench(args);
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
});

test('a server that is not there: exit 3, and nothing is printed', async () => {
  const { code, stdout, stderr } = await rtbench(['inspect', 'websocket', '--url', 'ws://127.0.0.1:9']);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain('the exchange with ws://127.0.0.1:9 did not come about');
});

test('a server that answers something else: what it said is shown, in words and not as it steers a terminal; exit 3', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(404, { 'Content-Type': 'text/plain' });
    response.end(`\u001b[31mnot\nhere${'!'.repeat(100_000)}`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = join(folder, 'foreign.json');
  try {
    const { code, stdout, stderr } = await rtbench(['inspect', 'short-polling', '--url', url, '--json', file]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/◄─ 404 Not Found/);
    expect(stderr).toContain(`the exchange with ${url} broke off: ${url}: answered 404 ·[31mnot here!!!`);
    expect(stderr.length).toBeLessThan(500);
    expect(stdout + stderr).not.toContain('\u001b');
    const { count, url: of }: Inspection = JSON.parse(await readFile(file, 'utf8'));
    expect(of).toBe(url);
    expect(count.server).toBeNull();
    expect(count.problems).toEqual([expect.stringContaining('the exchange broke off: ')]);
  } finally {
    server.close();
  }
});

test('a server of rtbench serve is inspected like the one inside', async () => {
  const server = new Cli(['serve', '-t', 'websocket', '--port', '0']);
  onTestFinished(() => server.kill('SIGKILL'));
  await server.shows(/Ctrl-C ends/);
  const port = /127\.0\.0\.1:(\d+)/.exec(server.stdout)?.[1];
  const { code, stdout, stderr } = await rtbench(['inspect', 'websocket', '--url', `ws://127.0.0.1:${port}`]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('text Hello from client');
  expect(stdout).toContain('The parts make what was recorded.');
});
