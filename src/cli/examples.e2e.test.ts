import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { rtbench } from '../testing/cli.js';

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
