import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveRows } from '../scenario/rows.js';
import { makeCertificate } from '../server/certificate.js';
import { FIRST_ID, SERVER_LIMITS } from '../server/limits.js';
import { ReferenceServer } from '../server/reference-server.js';
import { completedRowsOf, measured, rtbench } from '../testing/cli.js';
import { registry } from './registry.js';

const TOKEN = 'nobody-"may"-read-this';
const WEB = ['short-polling', 'long-polling', 'sse', 'websocket'];
const HEADER = ['--header', `Authorization: Bearer \${RT_TOKEN}`];
const env = { RT_TOKEN: TOKEN };

const folder = mkdtempSync(join(tmpdir(), 'rtbench-access-'));
const CA = join(folder, 'ca.pem');
let server: ReferenceServer;
let url: string;

beforeAll(async () => {
  const tls = await makeCertificate(['127.0.0.1']);
  writeFileSync(CA, tls.certificate);
  const requests = WEB.map((spec) => ({ spec, where: 'test' }));
  server = await ReferenceServer.open({
    transports: await resolveRows(requests, 'clients', registry, process.cwd(), { resume: true }),
    payload: 'text',
    limits: SERVER_LIMITS,
    firstId: FIRST_ID,
    history: { messages: 400, bytes: 8_000_000 },
    addresses: ['127.0.0.1'],
    tls,
    credentials: { way: 'bearer', token: TOKEN },
  });
  url = server.urls[0]?.[0] ?? '';
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('a server over TLS that asks who is there', () => {
  test('is held against the contract, every check of it, and what is shown is not the token', async () => {
    const args = ['conform', url.replace('https:', 'wss:'), '--ca', CA, ...HEADER, '--history', '400'];
    const { code, stdout, stderr } = await rtbench([...args, ...WEB.flatMap((spec) => ['-t', spec])], { env });
    expect(stdout).toMatch(/^conforms: \d{2,} checks passed, 0 failed, \d not checked$/m);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('nobody');
  });

  test('is probed, and the scenario says how to get in without the token', async () => {
    const { code, stdout } = await rtbench(['probe', url, '--ca', CA, ...HEADER, '--json', '-'], { env });
    const { scenario } = JSON.parse(stdout);
    expect([code, scenario]).toEqual([
      0,
      { target: { url, ca: CA, headers: { authorization: `Bearer \${RT_TOKEN}` } }, transports: WEB },
    ]);
  });

  test('is not trusted without its authority, nor without the header, and the reason is told', async () => {
    const untrusted = await rtbench(['conform', url, '-t', 'sse', ...HEADER], { env });
    expect([untrusted.code, untrusted.stdout.replace(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringMatching(/its certificate is not trusted: name its authority with --ca/),
    ]);
    const unknown = await rtbench(['conform', url, '-t', 'websocket', '--ca', CA]);
    expect([unknown.code, unknown.stdout]).toEqual([1, expect.stringMatching(/answered with 401/)]);
  });

  test('is measured with the same flags', async () => {
    const tiny = ['--rounds', '1', '--clients', '4', '--probes', '2', '--rate', '50/s', '--duration', '600ms'];
    const where = ['--target', url, '--ca', CA, ...HEADER];
    const report = await measured([...tiny, ...where, '-t', 'sse', '-t', 'websocket'], { env });
    for (const row of completedRowsOf(report)) expect(row.delivery).toMatchObject({ published: 30, lost: 0 });
    expect(JSON.stringify(report)).not.toContain('nobody');
  });
});

test('a server that repeats what it was shown, whole or in part, does not have it printed', async () => {
  const tattling = createServer(({ headers }, response) => {
    response.writeHead(404, { 'x-was': headers.authorization });
    response.end(`${'.'.repeat(60)}${headers.authorization}`);
  });
  tattling.on('upgrade', ({ headers }, socket) => socket.end(`HTTP/1.1 400 ${headers.authorization}\r\n\r\n`));
  tattling.listen(0, '127.0.0.1');
  await once(tattling, 'listening');
  const where = `http://127.0.0.1:${(tattling.address() as AddressInfo).port}`;
  try {
    for (const args of [
      ['conform', where, '-t', 'sse', '-t', 'websocket', '-t', 'short-polling'],
      ['probe', where],
    ]) {
      const said = await rtbench([...args, ...HEADER, '--json', '-', '--patience', '500ms'], { env });
      expect(said.code).toBe(1);
      expect(said.stdout + said.stderr).not.toContain('nobody');
    }
  } finally {
    tattling.close();
  }
});

test.each([
  [['--header', 'Bearer nobody'], {}, /^rtbench: --header: must be the name and the value of a header/],
  [['--header', 'Authorization: Bearer nobody'], {}, /--header: it must be without a credential in it/],
  [HEADER, {}, /--header takes \$\{RT_TOKEN\} from the environment, and it is not set there/],
  [['--ca', '/nowhere/ca.pem'], {}, /--ca: .*ENOENT.*; give the path of a PEM file/],
  [['--ca', CA], {}, /--ca: http:\/\/127\.0\.0\.1:9 is in the clear/],
])('%j is wrong usage', async (flags, environment, message) => {
  for (const command of ['conform', 'probe']) {
    const { code, stderr } = await rtbench([command, 'http://127.0.0.1:9', ...flags], { env: environment });
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr).not.toContain('nobody');
  }
});
