import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../testing/free-port.js';
import type { Readiness } from './readiness.js';
import { ServerCommand, type ServerCommandOptions } from './server-command.js';

const NODE = JSON.stringify(process.execPath);
const started: ServerCommand[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

describe('a server command', () => {
  it.each<Readiness['kind']>(['port', 'url'])(
    'is started, is ready when its %s answers, and is gone after it is stopped',
    async (kind) => {
      const port = await freePort();
      const readiness: Readiness =
        kind === 'port' ? { kind, host: '127.0.0.1', port } : { kind, url: `http://127.0.0.1:${port}/` };
      const server = await start(serverScript(port), { readiness });
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
      await server.stop();
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    },
  );

  it('is killed where it does not end by itself, with what it started', async () => {
    const port = await freePort();
    const stubborn = `process.on('SIGTERM', () => {}); ${listening(port)}`;
    const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}]); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
    const server = await start(script(parent), { readiness: { kind: 'port', host: '127.0.0.1', port } });
    await server.stop();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it.runIf(process.platform === 'linux')('is sampled with the processes it started', async () => {
    const port = await freePort();
    const busy = `const end = Date.now() + 50; while (Date.now() < end); ${listening(port)}`;
    const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busy)}]); setInterval(() => {}, 1000)`;
    const server = await start(script(parent), { readiness: { kind: 'port', host: '127.0.0.1', port } });
    const { cpuUs, memoryBytes } = server.sample();
    expect(cpuUs).toBeGreaterThan(50_000);
    expect(memoryBytes).toBeGreaterThan(20_000_000);
  });

  it('says with what code it ended, and its last words', async () => {
    const ended = start(script("console.error('no such table: users'); process.exit(7)"), {
      readiness: { kind: 'port', host: '127.0.0.1', port: await freePort() },
    });
    await expect(ended).rejects.toThrow(/ended with code 7: no such table: users$/);
  });

  it('says the error that ended it, not the end of its stack', async () => {
    const ended = start(script("require('no-such-package')"), {
      readiness: { kind: 'port', host: '127.0.0.1', port: await freePort() },
    });
    await expect(ended).rejects.toThrow(/ended with code 1: Error: Cannot find module 'no-such-package'$/);
  });

  it('that ends in the middle of a run fails it', async () => {
    const port = await freePort();
    const dying = `${listening(port)}.on('request', () => process.exit(3))`;
    const server = await start(script(dying), { readiness: { kind: 'port', host: '127.0.0.1', port } });
    await fetch(`http://127.0.0.1:${port}/`).catch(() => {});
    await expect(server.failure).rejects.toThrow(/ended with code 3/);
  });

  it('that never gets ready is ended, and what it was waited for is said', async () => {
    const port = await freePort();
    const waiting = start(script("console.log('warming up'); setInterval(() => {}, 1000)"), {
      readiness: { kind: 'port', host: '127.0.0.1', port },
      timeoutMs: 300,
    });
    await expect(waiting).rejects.toThrow(`port ${port} of 127.0.0.1 did not answer within 0.3 s`);
  });

  it('is not started where something answers already', async () => {
    const other = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const second = start('exit 0', { readiness: { kind: 'url', url: `http://127.0.0.1:${port}/` } });
    await expect(second).rejects.toThrow(/answers before `exit 0` is started/);
    other.close();
  });

  it('is given up with the reason of an abort', async () => {
    const abort = new AbortController();
    const waiting = start(script('setInterval(() => {}, 1000)'), {
      readiness: { kind: 'port', host: '127.0.0.1', port: await freePort() },
      signal: abort.signal,
    });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

async function start(
  command: string,
  options: Pick<ServerCommandOptions, 'readiness'> & Partial<ServerCommandOptions>,
): Promise<ServerCommand> {
  const server = await ServerCommand.start({
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...options,
    command,
  });
  started.push(server);
  return server;
}

function script(code: string): string {
  return `${NODE} -e '${code.replaceAll("'", `'"'"'`)}'`;
}

function serverScript(port: number): string {
  return script(listening(port));
}

function listening(port: number): string {
  return `require('node:http').createServer((_, response) => response.end()).listen(${port}, '127.0.0.1')`;
}
