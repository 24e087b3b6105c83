import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCostReport } from '../report/cost-file.js';
import type { CostReport } from '../report/cost-schema.js';
import { nullPaths, reasonFor } from '../report/not-measured.js';
import { Cli, rtbench, withFolder } from '../testing/cli.js';

const POINTS = '4x100,8x100,4x200,12x200,8x300';
const QUICK = ['--points', POINTS, '--clients', '6', '--rate', '100/s', '--warmup', '100ms', '--duration', '500ms'];

async function reportIn(folder: string): Promise<CostReport> {
  const report = parseCostReport(await readFile(join(folder, 'cost.json'), 'utf8'), 'cost.json');
  if (!report) throw new Error('not a cost.json');
  return report;
}

test(
  'cost measures a transport at every point and fits what it costs',
  () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const json = join(folder, 'copy.json');
      const row = ['-t', 'short-polling:intervalMs=100ms'];
      const { code, stdout, stderr } = await rtbench(['cost', ...row, ...QUICK, '--out', out, '--json', json]);
      const report = await reportIn(out);
      expect(JSON.parse(await readFile(json, 'utf8'))).toEqual(report);
      // The machine's mood decides whether a run is sound, and what is done about it is certain.
      expect(code).toBe(report.transports.every(({ cpu }) => cpu) ? 0 : 3);

      for (const { measurements, notMeasured, cpu } of report.transports) {
        expect(measurements).toHaveLength(6);
        expect(nullPaths({ cpu }).filter((path) => reasonFor(notMeasured, path) === undefined)).toEqual([]);
        for (const { clients, perSecond, serverCpuUsPerSecond } of measurements) {
          expect(serverCpuUsPerSecond).toBeGreaterThan(0);
          // What polls fetch just after the window is not in it.
          expect((perSecond.deliveries ?? 0) / (clients * (perSecond.publishes ?? 0))).toBeGreaterThan(0.5);
          expect((perSecond.deliveries ?? 0) / (clients * (perSecond.publishes ?? 0))).toBeLessThan(1.5);
        }
      }
      const [polling] = report.transports;
      expect(new Set(polling?.measurements.map(({ waitMs }) => waitMs))).toEqual(new Set([100, 50]));
      for (const { perSecond } of polling?.measurements ?? []) expect(perSecond.polls).toBeGreaterThan(0);
      expect(polling?.memoryPerClient?.clientCounts).toEqual([4, 6, 8, 12]);

      expect(stdout).toMatch(/CPU µs per delivery/);
      expect(stdout).toMatch(/12 at 200\/s/);
      expect(stderr).toMatch(/\[6\/6\] /);
      const again = await rtbench(['report', join(out, 'cost.json')]);
      expect([again.code, stdout.startsWith(again.stdout)]).toEqual([0, true]);
    }),
  240_000,
);

test('Ctrl-C ends it with 130 and keeps what was measured', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const cli = new Cli(['cost', '-t', 'tcp', ...QUICK, '--out', out]);
    await cli.shows(/\[2\/6\]/);
    cli.kill('SIGINT');
    const { code, stdout } = await cli.finished();
    expect(code).toBe(130);
    const report = await reportIn(out);
    expect(report.interrupted).toBe(true);
    const states = report.transports[0]?.measurements.map(({ state }) => state) ?? [];
    expect(states.slice(0, 2)).toEqual(['completed', 'completed']);
    expect(stdout).toMatch(/Interrupted.*too few sound measurements/s);
  }));

test('--dry-run says what would be done and does nothing; the floor is only measured when asked for', () =>
  withFolder(async (folder) => {
    const { code, stdout } = await rtbench(['cost', '--dry-run'], { cwd: folder });
    expect([code, await readdir(folder)]).toEqual([0, []]);
    expect(stdout).toMatch(/fitted over 25x240\/s, 25x480\/s/);
    expect(stdout).toMatch(/35 runs, about/);
    expect(stdout).not.toMatch(/TCP/);
  }));
