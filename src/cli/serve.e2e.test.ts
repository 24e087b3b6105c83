import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { Cli, rtbench } from '../testing/cli.js';

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

  test('at SIGTERM an event stream ends with a time to retry, after what was published', async () => {
    const { cli, url } = await served('sse', '--publish', '100/s');
    const response = await fetch(new URL('/events', url));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) throw new Error('no stream');
    let text = (await reader.read()).value ?? '';
    cli.kill('SIGTERM');
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    expect(text).toMatch(/^id: \d+\ndata: message \d+\n\n/);
    expect(text.endsWith('retry: 1000\n\n')).toBe(true);
    const { code, stdout } = await cli.finished();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/Drained: all have gone/)]);
  });

  test('at SIGTERM a held poll gets its last answer, with the end of the connection', async () => {
    const { cli, url } = await served('long-polling');
    const polls = new URL('/messages?since=0&hold=600000', url);
    const held = fetch(polls);
    // A poll that finds something proves that the server answers; the one that is held came before it.
    await fetch(new URL('/messages?channel=other', url), { method: 'POST', body: 'x' });
    await (await fetch(new URL('/messages?channel=other&since=0', url))).text();
    cli.kill('SIGTERM');
    const answer = await held;
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    expect(await answer.json()).toMatchObject({ messages: [] });
    expect((await cli.finished()).code).toBe(0);
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

describe('serve --auth', () => {
  test('each technique takes only who shows the token, in the way that it has', async () => {
    const cli = new Cli(['serve', '--port', '0', '--auth', 'cookie', '--token', 'secret', '--publish', '100/s']);
    onTestFinished(() => cli.kill('SIGKILL'));
    await cli.shows(/Ctrl-C ends/);
    expect(cli.stdout).toMatch(/Nobody gets in without the token secret/);
    expect(cli.stdout).toMatch(/gRPC streaming cannot authenticate by cookie: by bearer instead/);
    const [, http = ''] = /(http:\/\/[\d.]+:\d+)/.exec(cli.stdout) ?? [];
    const [, example = ''] = /curl -b 'token=secret' '(.*)'/.exec(cli.stdout) ?? [];
    const statusOf = async (url: string, headers = {}) => {
      const abort = new AbortController();
      const { status } = await fetch(url, { headers, signal: abort.signal });
      abort.abort();
      return status;
    };
    const cookie = { cookie: 'token=secret' };
    expect(await statusOf(example)).toBe(401);
    expect(await statusOf(example, cookie)).toBe(200);
    expect(await statusOf(`${http}/events`)).toBe(401);
    expect(await statusOf(`${http}/events`, cookie)).toBe(200);
    const socket = (headers = {}) => new WebSocket(`${http.replace('http', 'ws')}/ws`, { headers });
    const [refused] = (await once(socket(), 'error')) as [Error];
    expect(refused.message).toMatch(/401/);
    const client = socket(cookie);
    await once(client, 'message');
    client.close();
    cli.kill('SIGTERM');
    expect((await cli.finished()).code).toBe(0);
  });

  test('a token is drawn where none is given; what cannot be is named', async () => {
    const { cli } = await served('websocket', '--auth', 'first-message');
    expect(cli.stdout).toMatch(/without the token [\w-]{43}, by first-message/);
    const wrong = await Promise.all([
      rtbench(['serve', '--auth', 'basic']),
      rtbench(['serve', '--token', 'secret']),
      rtbench(['serve', '--auth', 'query', '--token', 'a b']),
    ]);
    expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(wrong.map(({ stderr }) => stderr)).toEqual([
      expect.stringMatching(/--auth: `basic` is not `bearer`, `cookie`/),
      expect.stringMatching(/--token: .*add --auth bearer/),
      expect.stringMatching(/--token: must be 1 to 200 letters/),
    ]);
  });
});
