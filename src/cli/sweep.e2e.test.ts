import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSweepReport } from '../report/sweep/file.js';
import type { SweepReport } from '../report/sweep/schema.js';
import { Cli, rtbench, withFolder } from '../testing/cli.js';

const QUICK = ['--rate', '50/s', '--warmup', '100ms', '--duration', '500ms'];

async function reportIn(folder: string): Promise<SweepReport> {
  const report = parseSweepReport(await readFile(join(folder, 'sweep.json'), 'utf8'), 'sweep.json');
  if (!report) throw new Error('not a sweep.json');
  return report;
}

test(
  'sweep measures every row at every value, runs where costs cross, and is printed again',
  () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const rows = ['-t', 'short-polling:intervalMs=100ms', '-t', 'websocket'];
      const { code, stdout, stderr } = await rtbench([
        'sweep',
        '--vary',
        'clients=4,8,16',
        ...rows,
        ...QUICK,
        '--out',
        out,
      ]);
      const report = await reportIn(out);
      // The machine's mood decides whether a run is sound, and what is done about it is certain.
      expect(code).toBe(report.transports.every(({ curves }) => curves.serverCpu) ? 0 : 3);

      for (const [index, { measurements }] of report.transports.entries()) {
        const confirming = report.crossings.filter(
          ({ a, b, state, extrapolated }) => (a === index || b === index) && state === 'crossing' && !extrapolated,
        );
        const swept = measurements.slice(0, 3);
        expect(swept.map(({ value }) => value).sort((a, b) => a - b)).toEqual([4, 8, 16]);
        // Two costs that cross at the same value are run once.
        expect(measurements.length).toBeGreaterThanOrEqual(confirming.length > 0 ? 6 : 3);
        for (const { perSecond } of measurements) {
          expect(perSecond.bytes).toBeGreaterThan(0);
          expect(perSecond.serverCpuUs).toBeGreaterThan(0);
        }
      }
      expect(report.crossings.map(({ cost, a, b }) => [cost, a, b]).every(([, a, b]) => a === 0 && b === 1)).toBe(true);
      expect(stdout).toMatch(/Server CPU in % of a core, and µs per delivery below it\n.* WebSocket/);
      expect(stdout).toMatch(/^ {2}16 .*\n.*\n\n {2}TCP payload/m);
      expect(stderr).toMatch(/\[6\/\d+\] /);

      const again = await rtbench(['report', join(out, 'sweep.json')]);
      expect([again.code, stdout.startsWith(again.stdout)]).toEqual([0, true]);
      const markdown = await rtbench(['report', join(out, 'sweep.json'), '--format', 'markdown']);
      expect(markdown.stdout).toBe(await readFile(join(out, 'report.md'), 'utf8'));
    }),
  240_000,
);

test('Ctrl-C ends it with 130 and keeps what was measured', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const cli = new Cli(['sweep', '--vary', 'clients=4,8,16', '-t', 'tcp', ...QUICK, '--out', out]);
    await cli.shows(/\[1\/3\]/);
    cli.kill('SIGINT');
    const { code, stdout } = await cli.finished();
    expect(code).toBe(130);
    const report = await reportIn(out);
    expect(report.interrupted).toBe(true);
    expect(report.transports[0]?.measurements[0]?.state).toBe('completed');
    expect(stdout).toMatch(/Interrupted/);
  }));

test('--dry-run says what would be done and does nothing', () =>
  withFolder(async (folder) => {
    const { code, stdout } = await rtbench(
      ['sweep', '--vary', 'interval=250ms..8s', '--steps', '3', '-t', 'short-polling', '-t', 'sse', '--dry-run'],
      { cwd: folder },
    );
    expect([code, await readdir(folder)]).toEqual([0, []]);
    expect(stdout).toMatch(/interval 250ms, 1414ms, 8s/);
    expect(stdout).toMatch(/6 runs, about .*, and 6 runs at each crossing/);
    expect(stdout).toMatch(/8s, .* warm-up, 40 s window/);
  }));

test('a scaled scenario has its polls scaled with it, and says so', () =>
  withFolder(async (cwd) => {
    const { stdout } = await rtbench(['sweep', 'dashboard-refresh', '--vary', 'rate=10/s..200/s', '--dry-run'], {
      cwd,
    });
    expect(stdout).toMatch(/^Dashboard with 30 s refresh \(scaled: 60 times as fast\)/);
    expect(stdout).toMatch(/Short polling intervalMs=500ms/);
  }));

test.each([
  [['--vary', 'users=1..3'], /--vary: `users=1\.\.3` is not clients, rate, size, interval/],
  [['--vary', 'clients=1,2,3', '--clients', '5'], /--clients: is what --vary varies/],
  [['--steps', '2'], /--steps: `2` is not a whole number from 3 to 50/],
  [['--vary', 'interval=1s..4s', '-t', 'sse'], /--vary: interval is for rows that poll at one/],
  [['--rounds', 'auto'], /--rounds: `auto` is for `rtbench run`/],
  [['--json', '-', '--markdown', '-'], /only one of them can have stdout/],
])('sweep %j is refused', async (args, problem) => {
  const { code, stderr } = await rtbench(['sweep', ...args]);
  expect([code, problem.test(stderr) ? problem : stderr]).toEqual([2, problem]);
});
