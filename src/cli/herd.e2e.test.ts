import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseHerdReport } from '../report/herd-file.js';
import type { CompletedHerd, HerdReport } from '../report/herd-schema.js';
import { nullPaths, reasonFor } from '../report/not-measured.js';
import { Cli, childrenOf, isAlive, rtbench, withFolder } from '../testing/cli.js';

const CLIENTS = 60;

async function reportIn(folder: string): Promise<HerdReport> {
  const report = parseHerdReport(await readFile(join(folder, 'herd.json'), 'utf8'), 'herd.json');
  if (!report) throw new Error('not a herd.json');
  return report;
}

function completed({ policies }: HerdReport): CompletedHerd[] {
  return policies.map((one) => {
    if (one.state !== 'completed') throw new Error(`${one.policy}: ${one.reason}`);
    return one;
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

test('every client comes back to a killed server, each attempt and accept is counted, and jitter lowers the peak', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    // Half of every time: attempts come 500 ms after the loss, with jitter up to 4 s later.
    const policies = ['exponential', 'exponential-jitter:jitter=8s'];
    const scaled = ['--scale', '0.5', '--away', '200ms', '--window', '500ms'];
    const flags = ['--clients', String(CLIENTS), ...scaled, '--out', out];
    const { code, stdout } = await rtbench(['herd', ...flags, ...policies.flatMap((spec) => ['--policy', spec])]);
    const report = await reportIn(out);
    const rows = completed(report);
    expect([code, rows.map(({ policy }) => policy)]).toEqual([0, policies]);
    for (const row of rows) {
      expect(row.server.accepted).toBe(CLIENTS);
      expect(sum(row.series.accepts.measured)).toBe(CLIENTS);
      expect(sum(row.series.attempts.measured)).toBe(CLIENTS + row.refused);
      expect((row.attemptsPerClient.measured ?? 0) * CLIENTS).toBeCloseTo(CLIENTS + row.refused, 6);
      expect(row.backMs.measured.all).toBeGreaterThanOrEqual(row.backMs.measured.p50 ?? Number.NaN);
      expect(row.lostAgain).toBe(0);
      // As theory has it within a quarter, or marked: how sound a herd is, is the machine's mood.
      const { measured, theory } = row.peakPerSecond;
      const isNear = Math.abs((measured ?? 0) / (theory ?? 0) - 1) <= 0.25;
      expect([row.policy, isNear || row.verdict === 'suspect']).toEqual([row.policy, true]);
      expect(nullPaths(row).filter((path) => reasonFor(row.notMeasured, path) === undefined)).toEqual([]);
    }
    // Theory says 5: a wait without its jitter would give 1.
    expect(rows[1]?.lowerBy.theory).toBeGreaterThan(3);
    expect(rows[1]?.lowerBy.measured).toBeGreaterThan(1.8);
    expect(stdout).toMatch(/exponential-jitter:jitter=8s keeps the peak/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/Scaled: every time of the policies is multiplied by 0\.5\./);
    const markdown = await readFile(join(out, 'report.md'), 'utf8');
    expect(markdown).toMatch(/```text\nexponential .*\n\(theory\)/);
    const again = await rtbench(['report', join(out, 'herd.json')]);
    expect([again.code, stdout.startsWith(again.stdout)]).toEqual([0, true]);
    const asMarkdown = await rtbench(['report', join(out, 'herd.json'), '--format', 'markdown']);
    expect([asMarkdown.code, asMarkdown.stdout]).toEqual([0, markdown]);
  }));

test('an attempt while the server is away is refused and counted; a server may close instead of dying', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const flags = ['--clients', '10', '--away', '1500ms', '--leave', 'close', '-t', 'sse', '--out', out];
    const { code } = await rtbench(['herd', ...flags, '--policy', 'fixed:200ms', '--policy', 'immediate']);
    const [fixed, immediate] = completed(await reportIn(out));
    expect(code).toBe(0);
    // Seven waits fit; that none of ten clients got so far takes a machine that stands still.
    expect(fixed?.refused).toBeGreaterThan(10);
    expect(fixed?.server.accepted).toBe(10);
    expect(immediate?.refused).toBeGreaterThan(fixed?.refused ?? Number.NaN);
    expect(immediate?.notMeasured['attemptsPerClient.theory']).toMatch(/does not wait/);
  }));

test('clients that authenticate come back with their token, and the report says what it adds', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const flags = ['--clients', '20', '--away', '100ms', '--policy', 'fixed:200ms', '--auth', 'cookie', '--out', out];
    const { code, stdout } = await rtbench(['herd', ...flags]);
    const report = await reportIn(out);
    const [row] = completed(report);
    expect([code, row?.server.accepted, row?.backMs.measured.all]).toEqual([0, 20, expect.any(Number)]);
    const opening = { up: 'cookie: token=\r\n'.length + 43, down: 0 };
    expect(report.herd.auth).toMatchObject({ way: 'cookie', asked: 'cookie', openingBytes: opening });
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/Each attempt shows a token \(cookie\)/);
    // It is a secret, as one of a real system would be.
    expect(JSON.stringify(report)).not.toMatch(/"[\w-]{43}"/);
  }));

test('Ctrl-C ends it with 130 and keeps what was measured', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const policies = ['--policy', 'fixed:100ms', '--policy', 'fixed:60s'];
    const cli = new Cli(['herd', '--clients', '5', '--away', '100ms', ...policies, '--out', out]);
    await cli.shows(/\[2\/2\].*listens again/);
    const children = childrenOf(cli.pid).map(({ pid }) => pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    cli.kill('SIGINT');
    const { code, stdout } = await cli.finished();
    expect(children.filter(isAlive)).toEqual([]);
    const report = await reportIn(out);
    expect([code, report.interrupted, report.policies.map(({ state }) => state)]).toEqual([
      130,
      true,
      ['completed', 'aborted'],
    ]);
    expect(stdout).toMatch(/Interrupted: not every policy was measured/);
  }));

test('wrong input is named, and --dry-run does nothing', () =>
  withFolder(async (folder) => {
    const wrong = await rtbench(['herd', '--policy', 'exponentail', '--clients', 'x'], { cwd: folder });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/--policy: `exponentail` is not a reconnection policy; did you mean `exponential`/);
    expect(wrong.stderr).toMatch(/--clients: must be a whole number/);
    const dry = await rtbench(['herd', '--dry-run', '--scale', '0.1'], { cwd: folder });
    expect([dry.code, await readdir(folder)]).toEqual([0, []]);
    expect(dry.stdout).toMatch(/multiplied by 0\.1/);
  }));
