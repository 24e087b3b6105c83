import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { browserProblem } from '../load/browser/chromium.js';
import { parseBrowserLimits } from '../report/browser-limits-file.js';
import { parseReport } from '../report/report.js';
import { Cli, rtbench, withFolder } from '../testing/cli.js';

const QUICK = ['--clients', '3', '--probes', '1', '--rate', '40/s', '--warmup', '100ms', '--duration', '500ms'];
const RUN = ['run', '--via', 'browser', '--rounds', '1', '--no-ui', ...QUICK];

/** What is in a command's folder for temporary files, and processes that were started with something in there. */
function remainsIn(temporary: string): string[] {
  return [...readdirSync(temporary), ...processesNaming(`${temporary}/`)];
}

function withFolders(use: (folder: string, temporary: string) => Promise<void>): Promise<void> {
  return withFolder((folder) => withFolder((temporary) => use(folder, temporary)));
}

function processesNaming(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

const problem = await browserProblem();

describe.skipIf(problem !== undefined)(`through a browser${problem ? ` (${problem})` : ''}`, () => {
  test('run --via browser: pages are the probes, with a bound of their clock; gRPC is not reachable', () =>
    withFolders(async (folder, temporary) => {
      const out = join(folder, 'out');
      const env = { TMPDIR: temporary };
      const { code, stdout } = await rtbench([...RUN, '-t', 'sse', '-t', 'grpc', '--out', out], { env });
      const report = parseReport(await readFile(join(out, 'result.json'), 'utf8'), 'result.json');
      // How sound a run is, is the machine's mood.
      expect(code).toBe(report.verdict === 'invalid' ? 3 : 0);
      expect(report.scenario.via).toBe('browser');
      expect(report.unreachable.map(({ transport }) => transport)).toEqual(['grpc', 'tcp']);
      const [row, ...others] = report.transports;
      expect([row?.transport, row?.state, others.length]).toEqual(['sse', 'completed', 0]);
      const [round] = row?.rounds ?? [];
      if (round?.state !== 'completed') throw new Error(`the round is ${round?.state}`);
      expect(round.delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
      expect(round.samples.deliveries).toBe(round.delivery.published);
      expect(round.browser?.clock).toMatchObject({ source: 'performance.now', isolated: true });
      expect(round.browser?.clock.errorUs).toBeGreaterThan(0);
      expect(stdout).toMatch(/pages of Chromium \d+/);
      expect(stdout).toMatch(/Not reachable from a browser: gRPC streaming \(/);
      expect(remainsIn(temporary)).toEqual([]);
    }));

  test('Ctrl-C leaves no browser and no folder behind', () =>
    withFolders(async (folder, temporary) => {
      const args = [...RUN, '-t', 'sse', '--duration', '60s', '--out', join(folder, 'out')];
      const cli = new Cli(args, { env: { TMPDIR: temporary } });
      await expect.poll(() => processesNaming(`${temporary}/`).length, { timeout: 60_000 }).toBeGreaterThan(0);
      cli.kill('SIGINT');
      const { code } = await cli.finished();
      expect(code).toBe(130);
      expect(remainsIn(temporary)).toEqual([]);
    }));

  test('what a killed driver leaves is removed by the next', () =>
    withFolders(async (folder, temporary) => {
      const out = join(folder, 'out');
      const env = { TMPDIR: temporary };
      const cli = new Cli([...RUN, '-t', 'sse', '--duration', '60s', '--out', out], { env });
      const folders = () => readdirSync(temporary);
      await expect.poll(() => processesNaming(`${temporary}/`).length, { timeout: 60_000 }).toBeGreaterThan(0);
      const [, driver] = /^rtbench-browser-(\d+)-/.exec(folders()[0] ?? '') ?? [];
      process.kill(Number(driver), 'SIGKILL');
      expect((await cli.finished()).code).toBe(3);
      expect(folders()).toHaveLength(1);
      await rtbench([...RUN, '-t', 'sse', '--out', out], { env });
      expect(remainsIn(temporary)).toEqual([]);
    }));

  test('browser: a document that report prints again, in every format', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const markdown = join(folder, 'browser.md');
      const rows = ['-t', 'sse', '-t', 'grpc', '--connections', '8'];
      const { code, stdout, stderr } = await rtbench(['browser', ...rows, '--out', out, '--markdown', markdown]);
      const file = join(out, 'browser.json');
      const text = await readFile(file, 'utf8');
      const report = parseBrowserLimits(text, file);
      expect(code).toBe(0);
      expect(report?.limits).toMatchObject([
        { state: 'completed', transport: 'sse', asked: 8, atServer: 6, sockets: 6 },
      ]);
      expect(report?.unreachable).toMatchObject([{ transport: 'grpc' }]);
      expect(stderr).toMatch(/\[1\/1\] SSE · 6 of 8 are open/);
      const again = (format: string) => rtbench(['report', file, '--format', format]);
      expect(stdout.startsWith((await again('table')).stdout)).toBe(true);
      expect((await again('json')).stdout).toBe(text);
      expect((await again('markdown')).stdout).toBe(await readFile(markdown, 'utf8'));
    }));

  test('browser: Ctrl-C keeps what was measured, and ends at once', () =>
    withFolders(async (folder, temporary) => {
      const out = join(folder, 'out');
      const cli = new Cli(['browser', '-t', 'sse', '-t', 'websocket', '--out', out], { env: { TMPDIR: temporary } });
      await cli.shows(/\[1\/2\]/);
      cli.kill('SIGINT');
      const { code, stdout } = await cli.finished();
      const report = parseBrowserLimits(await readFile(join(out, 'browser.json'), 'utf8'), 'browser.json');
      expect([code, report?.interrupted, report?.limits.map(({ label }) => label)]).toEqual([130, true, ['SSE']]);
      expect(stdout).toMatch(/Interrupted: not everything was measured/);
      expect(remainsIn(temporary)).toEqual([]);
    }));
});

test('browser: wrong input is named, and nothing is written', () =>
  withFolder(async (folder) => {
    const [many, none] = await Promise.all([
      rtbench(['browser', '--connections', '0'], { cwd: folder }),
      rtbench(['browser', '-t', 'grpc'], { cwd: folder }),
    ]);
    expect([many.code, many.stderr]).toEqual([2, expect.stringMatching(/--connections: `0` is not a whole number/)]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/gRPC streaming is not reachable/)]);
    expect(readdirSync(folder)).toEqual([]);
  }));

test('without a browser it says what to install', async () => {
  const env = { RTBENCH_CHROMIUM: '/nowhere/chromium' };
  const { code, stderr } = await rtbench([...RUN, '-t', 'sse'], { env });
  expect(code).toBe(2);
  expect(stderr).toMatch(/--via browser: there is no Chromium here: install one \(apt-get install chromium/);
});
