import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCapacityReport } from '../report/capacity/file.js';
import type { CapacityReport } from '../report/capacity/schema.js';
import { BUILT_CLI, Cli, finished, rtbench, withFolder } from '../testing/cli.js';

const QUICK = ['--rate', '600/s', '--warmup', '100ms', '--duration', '500ms'];

async function reportIn(folder: string): Promise<CapacityReport> {
  const report = parseCapacityReport(await readFile(join(folder, 'capacity.json'), 'utf8'), 'capacity.json');
  if (!report) throw new Error('not a capacity.json');
  return report;
}

test.runIf(process.platform !== 'win32')(
  'capacity goes up to the limit of descriptors, names it, and is printed again',
  () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const load = ['--clients', '200', '--rate', '100/s', '--warmup', '100ms', '--duration', '500ms'];
      const args = ['capacity', '-t', 'tcp', '--p99', '20s', '--budget', '1m', ...load, '--out', out];
      // A limit of 300 leaves 236 sockets for clients; Node itself opens more than 100 files at once to load its modules.
      const shell = spawn('sh', ['-c', 'ulimit -n 300 && exec "$@"', 'sh', process.execPath, BUILT_CLI, ...args], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const { code, stdout, stderr } = await finished(shell);
      const [row] = (await reportIn(out)).transports;
      expect(row?.ceiling).toMatchObject({ level: 236, limit: expect.stringMatching(/300 are allowed: raise it/) });
      for (const { level } of row?.trials ?? []) expect(level).toBeLessThanOrEqual(236);
      expect(row?.trials.slice(0, 2).map(({ level }) => level)).toEqual([200, 200]);
      // A disturbed machine may make trials invalid, or spend the budget; else all of them pass.
      const sound = row?.trials.every(({ outcome }) => outcome === 'pass');
      if (sound && row?.state !== 'budget') {
        expect(row).toMatchObject({ state: 'limit', pass: 236, fail: null, confirmed: true });
        expect(row?.trials.map(({ level, kind }) => `${kind} ${level}`)).toEqual([
          'trial 200',
          'trial 200',
          'trial 236',
          'trial 236',
          'confirm 236',
        ]);
        expect(stdout).toMatch(/at least 236 clients; nothing above it can be tried/);
      }
      expect(code).toBe(row?.pass === null ? 3 : 0);
      expect(stderr).toMatch(/\[1\/1\] TCP.* · 200 · .* · between \[.*, .*\] · at most .* left/);

      const again = await rtbench(['report', join(out, 'capacity.json')]);
      expect([again.code, stdout.startsWith(again.stdout)]).toEqual([0, true]);
      const markdown = await rtbench(['report', join(out, 'capacity.json'), '--format', 'markdown']);
      expect(markdown.stdout).toBe(await readFile(join(out, 'report.md'), 'utf8'));
    }),
  240_000,
);

test(
  'an objective that nothing keeps ends with 3, and says by what',
  () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      // The p99 of a poll every 300 ms is near 300 ms, on any machine.
      const row = ['-t', 'short-polling:intervalMs=300ms', '--clients', '1'];
      const { code, stdout } = await rtbench(['capacity', ...row, '--p99', '50ms', ...QUICK, '--out', out]);
      const [found] = (await reportIn(out)).transports;
      expect(code).toBe(3);
      expect(found).toMatchObject({ state: 'none', pass: null, fail: 1, confirmed: false });
      expect(new Set(found?.trials.map(({ level }) => level))).toEqual(new Set([1]));
      expect(stdout).toMatch(/not even one client/);
    }),
  240_000,
);

test('Ctrl-C ends it with 130 and keeps what was found', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const cli = new Cli(['capacity', '-t', 'tcp', '--clients', '5', ...QUICK, '--out', out]);
    await cli.shows(/\[1\/1\] TCP.* · 5 · /);
    cli.kill('SIGINT');
    const { code, stdout } = await cli.finished();
    expect(code).toBe(130);
    const report = await reportIn(out);
    expect(report.interrupted).toBe(true);
    expect(report.transports[0]).toMatchObject({ state: 'interrupted', confirmed: false });
    expect(report.transports[0]?.trials[0]).toMatchObject({ level: 5, state: 'completed' });
    expect(stdout).toMatch(/Interrupted/);
  }));

test('--dry-run names what is in the way, and does nothing', () =>
  withFolder(async (folder) => {
    const { code, stdout } = await rtbench(['capacity', '--find', 'rate', '--dry-run'], { cwd: folder });
    expect([code, await readdir(folder)]).toEqual([0, []]);
    expect(stdout).toMatch(/highest rate at 100 clients/);
    expect(stdout).toMatch(/WebSocket: .* for the first trial; up to .*\/s \(.*deliveries to keep account of/);
  }));

test('a scaled scenario has its polls scaled with it, and says so', () =>
  withFolder(async (cwd) => {
    const { stdout } = await rtbench(['capacity', 'dashboard-refresh', '--dry-run'], { cwd });
    expect(stdout).toMatch(/^Dashboard with 30 s refresh \(scaled: 60 times as fast\)/);
    expect(stdout).toMatch(/Short polling intervalMs=500ms/);
  }));

test.each([
  [['--find', 'size'], /--find: `size` is not clients or rate/],
  [['--within', '10'], /--within: `10` is not a share from 1% to 100%/],
  [['--budget', 'long'], /--budget: `long` is not a duration/],
  [['--p99', '250'], /--p99: `250` is not a duration with a unit/],
  [['--clients', '90000'], /90,000 clients need/],
])('capacity %j is refused', async (args, problem) => {
  const { code, stderr } = await rtbench(['capacity', ...args]);
  expect([code, problem.test(stderr) ? problem : stderr]).toEqual([2, problem]);
});
