import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cli, rtbench } from '../testing/cli.js';

let serving: Cli;
let urls: Record<string, string> = {};
beforeAll(async () => {
  serving = new Cli(['serve', '--port', '0']);
  await serving.shows(/Ctrl-C ends it/);
  urls = Object.fromEntries(
    serving.stdout.split('\n').flatMap((line) => {
      const [, label, url] = /^(.+?) +((?:http|tcp):\S+)/.exec(line) ?? [];
      return label && url ? [[label, url]] : [];
    }),
  );
});
afterAll(async () => {
  serving.kill('SIGTERM');
  await serving.finished();
});

test('rtbench serve conforms in all that its port offers, the loss of a cursor included', async () => {
  const { code, stdout } = await rtbench(['conform', urls.WebSocket ?? '', '--history', '10000']);
  expect(stdout).toMatch(/^conforms: \d+ checks passed, 0 failed, 2 not checked$/m);
  expect(stdout).toMatch(/Can be measured as it is: Short polling, Long polling, SSE \+ POST, WebSocket/);
  expect(stdout).toMatch(/Not offered: gRPC/);
  expect(code).toBe(0);
});

test('gRPC and the bare socket at their own ports', async () => {
  for (const [name, label] of [
    ['grpc', 'gRPC streaming'],
    ['tcp', 'TCP (floor)'],
  ] as const) {
    const { code, stdout } = await rtbench(['conform', urls[label] ?? '', '-t', name, '--json', '-']);
    const { conforms, techniques } = JSON.parse(stdout);
    expect(techniques[0].checks.filter((check: { state: string }) => check.state !== 'passed')).toEqual([]);
    expect([conforms, code]).toEqual([true, 0]);
  }
});

test('a server that offers nothing, or not what was asked for, fails with 1', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const all = await rtbench(['conform', url]);
    expect([all.code, all.stdout]).toEqual([1, expect.stringMatching(/does not conform: 0 checks passed/)]);
    const one = await rtbench(['conform', url, '-t', 'sse']);
    expect([one.code, one.stdout]).toEqual([1, expect.stringMatching(/GET \/events was answered with 404/)]);
  } finally {
    server.close();
  }
});

test.each([
  [['conform', 'nonsense'], /`nonsense` is no URL such as/],
  [['conform', 'http://192.0.2.1:80'], /192\.0\.2\.1 is not this machine.*--i-may-load-this-host/],
  [['conform', 'http://user:secret@127.0.0.1:1'], /has a user name or a password/],
  [['conform', 'http://127.0.0.1:1', '--history', '0'], /--history: `0` is not a whole number/],
  [['conform', 'http://127.0.0.1:1', '--patience', '5'], /--patience: `5` is not a duration/],
])('%j is wrong usage', async (args, message) => {
  const { code, stderr } = await rtbench(args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(stderr).not.toMatch(/secret/);
});
