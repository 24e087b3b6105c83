import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installedVersion } from '../network/middlebox/foreign-process.js';
import { nginx } from '../network/middlebox/nginx.js';
import { nullPaths, reasonFor } from '../report/not-measured.js';
import { parseProxiesReport } from '../report/proxies/file.js';
import { Cli, rtbench, withFolder } from '../testing/cli.js';

const hasNginx = (await installedVersion(nginx)) !== null;

async function reportIn(folder: string) {
  const report = parseProxiesReport(await readFile(join(folder, 'proxies.json'), 'utf8'), 'proxies.json');
  if (!report) throw new Error('not a proxies.json');
  return report;
}

/** Processes of proxies that this command started: their file is in a folder that is named after rtbench. */
function proxiesRunning(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && /rtbench-nginx-/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    } catch {
      return false;
    }
  });
}

function foldersOfProxies(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('rtbench-nginx-'));
}

test('proxies prints which transport passes what, saves it, and report prints it again', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const markdown = join(folder, 'table.md');
    const what = ['-t', 'long-polling', '-t', 'sse', '--via', 'hostile:buffer'];
    const { code, stdout, stderr } = await rtbench(['proxies', ...what, '--out', out, '--markdown', markdown]);
    expect(code).toBe(0);
    const report = await reportIn(out);
    expect(report.passages.map(({ middlebox, label, outcome }) => [middlebox, label, outcome])).toEqual([
      ['direct', 'Long polling', 'delivered'],
      ['direct', 'SSE', 'delivered'],
      ['hostile', 'Long polling', 'delivered'],
      ['hostile', 'SSE', 'dead'],
    ]);
    for (const { reason, notMeasured, ...figures } of report.passages) {
      expect(nullPaths(figures).filter((path) => reasonFor(notMeasured, path) === undefined)).toEqual([]);
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).toMatch(/nothing arrived, however much was published/);
    expect(stderr).toMatch(/\[4\/4\] /);
    expect(await readFile(markdown, 'utf8')).toMatch(/\| SSE \| delivered<br>\d+/);
    const again = await rtbench(['report', join(out, 'proxies.json')]);
    expect([again.code, stdout.startsWith(again.stdout)]).toEqual([0, true]);
  }));

test('a name that --via does not know is a mistake of usage', async () => {
  const { code, stderr } = await rtbench(['proxies', '--via', 'ngix']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--via: unknown `ngix`.*nginx/);
});

test.for([
  ['Ctrl-C', 'SIGINT', 130],
  ['a kill', 'SIGKILL', null],
] as const)('nothing is left of a proxy after %s', ([, signal, expected], { skip }) => {
  skip(!hasNginx, 'nginx is not installed: apt-get install nginx-light');
  return withFolder(async (folder) => {
    const out = join(folder, 'out');
    const before = foldersOfProxies();
    const cli = new Cli(['proxies', '-t', 'sse', '--via', 'nginx:default', '--out', out]);
    await cli.shows(/\[1\/2\] direct/);
    await expect.poll(proxiesRunning, { timeout: 10_000 }).not.toEqual([]);
    cli.kill(signal);
    const { code } = await cli.finished();
    expect(code).toBe(expected);
    await expect.poll(proxiesRunning, { timeout: 10_000 }).toEqual([]);
    await expect.poll(foldersOfProxies, { timeout: 10_000 }).toEqual(before);
    const report = await reportIn(out);
    expect(report.passages.map(({ middlebox }) => middlebox)).toEqual(['direct']);
    if (signal === 'SIGINT') expect(report.interrupted).toBe(true);
  });
});
