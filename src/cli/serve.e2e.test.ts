import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { Cli } from '../testing/cli.js';

/** A server of the built command with one transport, and where it listens. */
async function served(transport: string, ...args: string[]): Promise<{ cli: Cli; url: URL }> {
  const cli = new Cli(['serve', '-t', transport, '--port', '0', ...args]);
  onTestFinished(() => cli.kill('SIGKILL'));
  await cli.shows(/Ctrl-C ends/);
  const [, url = ''] = /((?:http|tcp):\/\/[\d.]+:\d+)/.exec(cli.stdout) ?? [];
  return { cli, url: new URL(url) };
}

/** A peer that takes the end of the connection and never ends it itself. */
async function stubborn({ hostname, port }: URL) {
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.resume();
  const hello = Buffer.from(JSON.stringify({ channels: ['news'], since: null }));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(hello.length);
  socket.write(Buffer.concat([head, hello]));
  await once(socket, 'data');
  return socket;
}

describe('serve drains', () => {
  test('at SIGTERM a WebSocket client gets what was published, close code 1001 and time to answer; exit 0', async () => {
    const { cli, url } = await served('websocket', '--publish', '100/s');
    const client = new WebSocket(new URL('/ws', url.href.replace('http', 'ws')));
    const texts: string[] = [];
    client.on('message', (frame) => texts.push(String(frame)));
    await once(client, 'message');
    cli.kill('SIGTERM');
    const [code, reason] = (await once(client, 'close')) as [number, Buffer];
    expect([code, String(reason)]).toEqual([1001, 'the server drains']);
    const { code: exitCode, stdout } = await cli.finished();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Draining: 1 connection told to go, for 5s at most/);
    expect(stdout).toMatch(/Drained: all have gone/);
    const numbers = texts.map((text) => Number(text.replace('message ', '')));
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  });

  test('a client that does not go is cut when the time is up', async () => {
    const { cli, url } = await served('tcp', '--drain', '100ms');
    const socket = await stubborn(url);
    const ended = once(socket, 'end');
    cli.kill('SIGINT');
    await ended;
    const { code, stdout } = await cli.finished();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/Drained: 1 connection cut after 100ms/)]);
  });

  test('a second SIGTERM ends it at once', async () => {
    const { cli, url } = await served('tcp', '--drain', '1h');
    await stubborn(url);
    cli.kill('SIGTERM');
    await cli.shows(/Draining/);
    cli.kill('SIGTERM');
    const { code, stdout } = await cli.finished();
    expect(code).toBe(130);
    expect(stdout).not.toMatch(/Drained/);
  });
});
