import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { measured, rtbench, withFolder } from '../testing/cli.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

function isInstalled(command: string, args: readonly string[]): boolean {
  const { status } = spawnSync(command, args, { stdio: 'ignore' });
  return status === 0;
}

/** Starts an example server, which prints its URL in its first line, for as long as `use` takes. */
async function withServer<T>(
  command: string,
  args: readonly string[],
  use: (url: string) => Promise<T>,
): Promise<{ readonly result: T; readonly stderr: string }> {
  const server = spawn(command, args, { cwd: EXAMPLES, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  server.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  try {
    const url = await firstLineOf(server, () => stderr);
    return { result: await use(url), stderr };
  } finally {
    const ended = once(server, 'close');
    server.kill('SIGTERM');
    await ended;
  }
}

async function firstLineOf(server: ChildProcess, said: () => string): Promise<string> {
  if (!server.stdout) throw new Error('there is no stdout to read');
  const lines = createInterface({ input: server.stdout });
  const ended = once(server, 'exit').then(() => Promise.reject(new Error(`ended before it listened: ${said()}`)));
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  ended.catch(() => {});
  return line;
}

async function techniquesOf(url: string, args: readonly string[]) {
  const { stdout } = await rtbench(['conform', url, '--json', '-', ...args]);
  const { conforms, techniques } = JSON.parse(stdout) as {
    conforms: boolean;
    techniques: { transport: string; state: string; checks: { id: string; state: string; reason: string | null }[] }[];
  };
  const wrong = techniques.flatMap(({ transport, checks }) =>
    checks.filter(({ state }) => state !== 'passed').map(({ id, reason }) => `${transport} ${id}: ${reason}`),
  );
  const offered = techniques.filter(({ state }) => state !== 'absent').map(({ transport }) => transport);
  return { conforms, wrong, offered };
}

const python = isInstalled('python3', ['--version']);

describe.skipIf(!python)(`examples/python-sse${python ? '' : ' (skipped: install python3)'}`, () => {
  test('conforms in polling, long polling and SSE, every check of them, and says nothing on stderr', async () => {
    const { result, stderr } = await withServer('python3', ['python-sse/server.py', '0', '0.3'], (url) =>
      techniquesOf(url, ['--keep-alive', '3s']),
    );
    expect(result).toEqual({ conforms: true, wrong: [], offered: ['short-polling', 'long-polling', 'sse'] });
    expect(stderr).toBe('');
  });
});

const go = isInstalled('go', ['version']);

describe.skipIf(!go)(`examples/go-server${go ? '' : ' (skipped: install golang-go)'}`, () => {
  test('conforms in SSE and WebSocket, every check of them, and says nothing on stderr', async () => {
    await withFolder(async (folder) => {
      const built = join(folder, 'server');
      const { status, stderr: said } = spawnSync('go', ['build', '-o', built, '.'], {
        cwd: join(EXAMPLES, 'go-server'),
        encoding: 'utf8',
      });
      expect([status, said]).toEqual([0, '']);
      const { result, stderr } = await withServer(built, ['-port', '0', '-keep-alive', '300ms'], (url) =>
        techniquesOf(url, ['--keep-alive', '3s']),
      );
      expect(result).toEqual({ conforms: true, wrong: [], offered: ['sse', 'websocket'] });
      expect(stderr).toBe('');
      const tiny = ['--rounds', '1', '--clients', '4', '--probes', '2', '--rate', '50/s', '--duration', '600ms'];
      const measuring = await withServer(built, ['-port', '0'], (url) =>
        measured(['--target', url, '-t', 'sse', '-t', 'websocket', ...tiny]),
      );
      for (const row of measuring.result.transports) {
        if (row.state !== 'completed') throw new Error(row.reasons.join());
        expect(row.delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, published: 30 });
      }
    });
  });
});

describe('examples/socket-io', () => {
  const path = './examples/socket-io/index.js';

  test('keeps the contract of a technique, compressed too', async () => {
    for (const spec of [path, `${path}:deflate=true`]) {
      const { code, stdout } = await rtbench(['check-transport', spec]);
      expect(stdout).toMatch(/^19 passed, 0 failed, 6 skipped$/m);
      expect(code).toBe(0);
    }
  });

  test('is a row of the table beside those that ship: everything arrives, by path and by the name of a package', async () => {
    await withFolder(async (folder) => {
      await mkdir(join(folder, 'node_modules'));
      await symlink(join(EXAMPLES, 'socket-io'), join(folder, 'node_modules/rtbench-example-socket-io'), 'junction');
      const tiny = ['--rounds', '1', '--clients', '4', '--probes', '2', '--rate', '50/s', '--duration', '600ms'];
      const report = await measured(['-t', path, '-t', 'websocket', '--no-floor', ...tiny]);
      const [row, shipped] = report.transports;
      if (row?.state !== 'completed' || shipped?.state !== 'completed') throw new Error(report.finished.stderr);
      expect([row.transport, row.label]).toEqual(['socket-io', 'Socket.IO']);
      expect(row.delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
      expect(row.delivery.delivered).toBe(shipped.delivery.delivered);
      // What Socket.IO puts around a body is more than the two bytes of a WebSocket frame.
      expect(row.bytes.perMessage.down).toBeGreaterThan(shipped.bytes.perMessage.down ?? Number.POSITIVE_INFINITY);
      const { stdout, code } = await rtbench(['run', '-t', 'rtbench-example-socket-io', '--dry-run'], { cwd: folder });
      expect([code, stdout]).toEqual([0, expect.stringContaining('Socket.IO')]);
    });
  });
});
