import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseReport } from '../report/report.js';
import { BUILT_CLI, Cli, childrenOf, finished, isAlive, measured, rtbench, withFolder } from '../testing/cli.js';
import { canMakeNamespaces } from '../testing/namespace.js';

const ONE = ['--wire', '--rounds', '1', '--clients', '4', '--probes', '2', '--rate', '40/s', '--warmup', '100ms'];
const LONG = ['run', ...ONE, '--no-ui', '--no-floor', '-t', 'sse', '-t', 'websocket', '--duration', '1500ms'];

/** All processes that descend from one. */
function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child.pid, ...descendantsOf(child.pid)]);
}

async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await delay(20);
}

describe.skipIf(!canMakeNamespaces())('run --wire (unshare and user namespaces)', () => {
  test('measures the IP layer, says so, and leaves files of this user', async () => {
    await withFolder(async (folder) => {
      const out = join(folder, 'out');
      const args = ['run', ...ONE, '-t', 'tcp', '--duration', '500ms', '--no-ui', '--out', out, '--json', '-'];
      const { code, stdout, stderr } = await rtbench(args);
      expect([0, 3]).toContain(code);
      const report = parseReport(stdout, 'stdout');
      expect(report.environment.network).toBe('namespace');
      expect(report.command).toBe(`rtbench ${args.join(' ')}`);
      const [row] = report.transports;
      if (row?.state !== 'completed') throw new Error(stderr);
      // A frame of 210 B and its acknowledgement; what is merged or sent again under load shifts it a little.
      expect(row.bytes.ip).toMatchObject({ source: 'measured' });
      expect(row.bytes.ip?.perMessage.bytes).toBeGreaterThan(210 + 52);
      expect(stderr).toMatch(/MTU of 1500/);
      for (const file of readdirSync(out)) expect(statSync(join(out, file)).uid).toBe(process.getuid?.());
    });
  });

  test('without it the IP layer is modelled, and named so', async () => {
    const [, ...without] = ONE;
    const { transports } = await measured([...without, '-t', 'tcp', '--duration', '500ms']);
    expect(transports[0]).toMatchObject({ bytes: { ip: { source: 'modelled', packets: null } } });
  });

  test.each<[how: string, interrupt: (cli: Cli) => void]>([
    ['a signal to the command', (cli) => cli.kill('SIGINT')],
    ["a terminal's Ctrl-C, which every process gets", (cli) => process.kill(-cli.pid, 'SIGINT')],
  ])('keeps what was measured after %s, and leaves no process behind', async (_how, interrupt) => {
    await withFolder(async (folder) => {
      const cli = new Cli([...LONG, '--out', join(folder, 'out')], { detached: true });
      await cli.shows(/^\[1\/2\]/m);
      const started = descendantsOf(cli.pid);
      expect(started.length).toBeGreaterThanOrEqual(1);
      interrupt(cli);
      expect((await cli.finished()).code).toBe(130);
      await gone(started);
      const file = join(folder, 'out', 'result.json');
      const report = parseReport(readFileSync(file, 'utf8'), file);
      expect(report.interrupted).toBe(true);
      expect(report.transports.flatMap(({ rounds }) => rounds.map(({ state }) => state)).sort()).toContain('completed');
      expect(existsSync(join(folder, 'out', 'report.md'))).toBe(true);
    });
  });

  test('ends inside when the command is killed outright', async () => {
    await withFolder(async (folder) => {
      const cli = new Cli([...LONG, '--out', join(folder, 'out')], { detached: true });
      await cli.shows(/^\[1\/2\]/m);
      const started = descendantsOf(cli.pid);
      cli.kill('SIGKILL');
      await gone(started);
      expect(existsSync(join(folder, 'out', 'report.md'))).toBe(true);
    });
  });
});

describe('run --wire where it cannot', () => {
  test('says what is missing before anything starts', async () => {
    await withFolder(async (folder) => {
      const out = join(folder, 'out');
      const child = spawn(process.execPath, [BUILT_CLI, ...LONG, '--out', out], { env: { PATH: folder } });
      onTestFinished(() => {
        child.kill('SIGKILL');
      });
      const { code, stdout, stderr } = await finished(child);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(process.platform === 'linux' ? /--wire: .*install util-linux/ : /--wire: .*Linux/);
      expect(existsSync(out)).toBe(false);
    });
  });

  test('reports wrong usage as ever', async () => {
    const { code, stderr } = await rtbench(['run', '--wire', '--rate', 'fast']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--rate/)]);
  });
});
