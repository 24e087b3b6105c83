import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Cli, rtbench, withFolder } from '../testing/cli.js';

/** A server that has never heard of rtbench. */
async function withForeign<T>(use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    if (request.url !== '/feed') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
  });
  const sockets = new WebSocketServer({ server, path: '/live', handleProtocols: () => false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  }
}

test('what answers at unusual paths is found, and the scenario that is printed can be run', async () => {
  await withForeign(async (url) => {
    const { code, stdout } = await rtbench(['probe', url, '--path', '/feed', '--json', '-']);
    expect(code).toBe(0);
    const { techniques, scenario } = JSON.parse(stdout);
    expect(
      techniques.flatMap(({ transport, path }: Record<string, string | null>) => (path ? [[transport, path]] : [])),
    ).toEqual([
      ['sse', '/feed'],
      ['websocket', '/live'],
    ]);
    expect(scenario).toEqual({
      target: { url, endpoints: { sse: { path: '/feed' }, websocket: { path: '/live' } } },
      transports: ['sse', 'websocket'],
    });
    const shown = await rtbench(['probe', `${url}/feed`]);
    const [, yaml = ''] = /mine\.yaml\):\n\n([\s\S]*?)\n\n/.exec(shown.stdout) ?? [];
    expect(yaml).toMatch(/^target:\n {2}url: http/);
    await withFolder(async (folder) => {
      await writeFile(join(folder, 'mine.yaml'), yaml);
      const dry = await rtbench(['run', './mine.yaml', '--dry-run'], { cwd: folder });
      expect([dry.code, dry.stderr]).toEqual([0, '']);
    });
  });
});

test('a server that keeps the contract takes no words beside its URL', async () => {
  const serving = new Cli(['serve', '--port', '0', '-t', 'sse', '-t', 'websocket', '-t', 'long-polling']);
  try {
    await serving.shows(/Ctrl-C ends it/);
    const [url = ''] = /http:\S+/.exec(serving.stdout) ?? [];
    const { code, stdout } = await rtbench(['probe', url, '--json', '-']);
    expect([code, JSON.parse(stdout).scenario.target]).toEqual([0, { url }]);
  } finally {
    serving.kill('SIGTERM');
    await serving.finished();
  }
});

test('where nobody listens it ends with 1 and the reason', async () => {
  const { code, stdout } = await rtbench(['probe', 'http://127.0.0.1:9']);
  expect([code, stdout]).toEqual([1, expect.stringMatching(/ECONNREFUSED 127\.0\.0\.1:9[\s\S]*Nothing answers/)]);
});

test('a host that is not this machine is not touched unasked', async () => {
  const { code, stderr } = await rtbench(['probe', 'http://192.0.2.1']);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/--i-may-load-this-host/)]);
});
