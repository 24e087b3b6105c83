import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Advice } from '../report/advice/schema.js';
import { parseReport } from '../report/report.js';
import type { SweepCrossing } from '../report/sweep/schema.js';
import { BUILT_CLI, finished, rtbench, withFolder } from '../testing/cli.js';
import { capacityOf, sweepOf } from '../testing/load-documents.js';

const SAMPLE = fileURLToPath(new URL('../../reports/sample/result.json', import.meta.url));
const DOWN = ['--server-to-client', '--no-tolerates', '--no-binary', '--no-restrictive-proxies'];

const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('by facts alone', () => {
  test('a scenario answers by itself; what it leaves open is assumed', () =>
    withFolder(async (cwd) => {
      const { code, stdout, stderr } = await rtbench(['advise', 'chat', '--json', '-'], { cwd });
      const advice: Advice = JSON.parse(stdout);
      expect(code).toBe(0);
      expect(advice.advised.map(({ transport }) => transport)).toEqual(['websocket']);
      expect(advice).toMatchObject({ kind: 'advice', basis: 'facts', evidence: null, agreement: null });
      expect(advice.answers.map(({ source }) => source)).toEqual([
        'scenario',
        'scenario',
        'scenario',
        'scenario',
        'assumed',
        'assumed',
      ]);
      expect(flat(stderr)).toContain("By the guide's rule and facts alone: nothing was measured.");
    }));

  test('flags are over the scenario', () =>
    withFolder(async (cwd) => {
      const { stdout } = await rtbench(['advise', 'chat', '--restrictive-proxies', '--json', '-'], { cwd });
      expect((JSON.parse(stdout) as Advice).advised[0]?.transport).toBe('long-polling');
    }));
});

describe('by a result', () => {
  test('the file that is named: the guide and the figures side by side', async () => {
    const { code, stdout } = await rtbench(['advise', ...DOWN, '--results', SAMPLE], { env: { NO_COLOR: '1' } });
    expect(code).toBe(0);
    expect(flat(stdout)).toMatch(
      /What was measured contradicts the guide, because: SSE is in time, at about the same server CPU/,
    );
    expect(flat(stdout)).toMatch(/If 500 ms were tolerated, Short polling would do too, at/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('the newest that fits, of a folder or of reports/', () =>
    withFolder(async (cwd) => {
      await mkdir(join(cwd, 'reports', 'one'), { recursive: true });
      await cp(SAMPLE, join(cwd, 'reports', 'one', 'result.json'));
      await mkdir(join(cwd, 'reports', 'two'));
      await writeFile(join(cwd, 'reports', 'two', 'result.json'), '{"half": ');
      const found = await rtbench(['advise', 'default', '--json', '-'], { cwd });
      expect((JSON.parse(found.stdout) as Advice).evidence?.file).toBe(join('reports', 'one', 'result.json'));
      // As `run --all` leaves it.
      await mkdir(join(cwd, 'all', 'use-cases', 'default'), { recursive: true });
      await cp(SAMPLE, join(cwd, 'all', 'use-cases', 'default', 'result.json'));
      const deep = await rtbench(['advise', 'default', '--results', 'all', '--json', '-'], { cwd });
      expect((JSON.parse(deep.stdout) as Advice).evidence?.file).toMatch(/use-cases.default.result\.json$/);
      const none = await rtbench(['advise', 'chat', '--json', '-'], { cwd });
      expect((JSON.parse(none.stdout) as Advice).basis).toBe('facts');
      const without = await rtbench(['advise', 'default', '--no-results', '--json', '-'], { cwd });
      expect((JSON.parse(without.stdout) as Advice).basis).toBe('facts');
      const refused = await rtbench(['advise', 'chat', '--results', 'reports'], { cwd });
      expect([refused.code, refused.stderr]).toEqual([
        2,
        expect.stringMatching(/no result\.json in it is of scenario chat/),
      ]);
    }));
});

describe('by sweeps and capacities', () => {
  /** Of the machine and load of the sample: SSE and WebSocket cost the same at one message per 40 s. */
  async function documents() {
    const sample = parseReport(await readFile(SAMPLE, 'utf8'), SAMPLE);
    const sweep = sweepOf(sample, { SSE: [100, 1], WebSocket: [90, 1] });
    const crossing: SweepCrossing = {
      cost: 'serverCpu',
      a: 0,
      b: 1,
      state: 'crossing',
      at: 0.025,
      low: null,
      high: null,
      extrapolated: false,
      cheaperAtLow: 'a',
      cheaperAtHigh: 'b',
      confirmation: null,
      notMeasured: {},
    };
    return {
      sweep: JSON.stringify({ ...sweep, vary: { variable: 'rate', values: [0.01, 1, 100] }, crossings: [crossing] }),
      capacity: JSON.stringify(
        capacityOf(sample, { WebSocket: { pass: 500, fail: 550 }, SSE: { pass: 900, fail: 990 } }),
      ),
    };
  }

  const CROSSED = /Server CPU: below one message per 40 s SSE costs less, above it WebSocket\..* Here it is 120\/s\./;
  const CARRIED = /At 550 clients WebSocket does not keep the objective .*; SSE still does at 900 clients/;

  test('those that are named, and those that lie where results do', () =>
    withFolder(async (cwd) => {
      const { sweep, capacity } = await documents();
      await mkdir(join(cwd, 'reports', 'loads'), { recursive: true });
      const [sweepFile, capacityFile] = [
        join('reports', 'loads', 'sweep.json'),
        join('reports', 'loads', 'capacity.json'),
      ];
      await writeFile(join(cwd, sweepFile), sweep);
      await writeFile(join(cwd, capacityFile), capacity);
      const asked = async (...args: string[]): Promise<Advice> =>
        JSON.parse((await rtbench(['advise', 'default', ...args, '--json', '-'], { cwd })).stdout);
      const named = await asked('--results', SAMPLE, '--evidence', sweepFile, '--evidence', capacityFile);
      expect(named.basis).toBe('measurement');
      expect(named.advised.map(({ label }) => label)).toEqual(['WebSocket']);
      expect(named.loads.map(({ kind, about, apart }) => [kind, about, apart])).toEqual([
        ['sweep', 'rate', []],
        ['capacity', 'clients', []],
      ]);
      expect(named.changes.join('\n')).toMatch(CROSSED);
      expect(named.changes.join('\n')).toMatch(CARRIED);
      expect(named.changes.join('\n')).not.toContain('not measured');
      const found = await asked('--results', 'reports').catch(() => null);
      // There is no result in it.
      expect(found).toBeNull();
      await cp(SAMPLE, join(cwd, 'reports', 'result.json'));
      expect((await asked()).loads.map(({ file }) => file)).toEqual([sweepFile, capacityFile]);
      expect((await asked('--no-results')).loads).toEqual([]);
    }));

  test('what was not measured stands there with a command that can be run', () =>
    withFolder(async (cwd) => {
      const { stdout } = await rtbench(['advise', 'chat', '--binary', '--no-results', '--json', '-'], { cwd });
      const commands = (JSON.parse(stdout) as Advice).changes.flatMap(
        (change) => /`rtbench (.*)`/.exec(change)?.[1] ?? [],
      );
      expect(commands).toEqual([
        'sweep chat --payload binary --vary rate=20/s..2000/s',
        'capacity chat --payload binary',
      ]);
      for (const command of commands) {
        const planned = await rtbench([...command.split(' '), '--dry-run'], { cwd });
        expect([planned.code, planned.stderr]).toEqual([0, '']);
      }
    }));
});

describe('wrong usage', () => {
  test.each<[title: string, args: readonly string[], expected: readonly RegExp[]]>([
    [
      'nobody to ask: every open question with its flags',
      ['--binary'],
      [
        /no terminal/,
        /Do you need bidirectional communication\? --bidirectional or --no-bidirectional/,
        /Can you tolerate seconds of delay\? --tolerates <time>/,
        /Must it work through restrictive proxies\? --restrictive-proxies/,
      ],
    ],
    ['a delay without a unit', [...DOWN, '--tolerates', '5'], [/--tolerates: `5` is not a duration with a unit/]],
    ['no delay at all', [...DOWN, '--tolerates', '0s'], [/--tolerates: `0s` is not/]],
    ['both ways and one way', [...DOWN, '--bidirectional'], [/--bidirectional and --server-to-client: .*give one/]],
    ['measure and read', [...DOWN, '--measure', '--results', 'x'], [/--measure and --results/]],
    ['rounds of nothing', [...DOWN, '--rounds', '1'], [/--rounds: is for --measure/]],
    [
      'evidence that is none',
      [...DOWN, '--evidence', SAMPLE],
      [/--evidence: .*it is no capacity\.json and no sweep\.json/],
    ],
    ['results that are not there', [...DOWN, '--results', 'none'], [/--results: none: cannot be read/]],
    ['an unknown scenario', ['chatt'], [/unknown scenario `chatt`/]],
    ['a --json that cannot be written', [...DOWN, '--json', '/proc/none/a.json'], [/--json: cannot write to/]],
  ])('%s', async (_title, args, expected) => {
    const { code, stderr, stdout } = await rtbench(['advise', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    for (const pattern of expected) expect(stderr).toMatch(pattern);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

/** util-linux's, which runs a command in a pseudo terminal. */
const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script');

describe.skipIf(!hasScript)('in a terminal', () => {
  /** Answers each question as it comes; resolves with what the screen showed and the exit code. */
  async function dialogue(lines: readonly (readonly [question: RegExp, typed: string])[]) {
    const command = `'${process.execPath}' '${BUILT_CLI}' advise --no-results`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ended = finished(child);
    let shown = '';
    child.stdout.on('data', (chunk) => {
      shown += chunk;
    });
    const text = () => stripVTControlCharacters(shown).replaceAll('\r', '');
    for (const [question, typed] of lines) {
      while (!question.test(text())) {
        const more = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)]);
        if (!more && !question.test(text())) throw new Error(`ended before it asked ${question}: ${text()}`);
      }
      child.stdin.write(typed);
    }
    const { code } = await ended;
    return { code, text: text() };
  }

  test('asks one question at a time, and again where it does not understand', async () => {
    const { code, text } = await dialogue([
      [/1\. Do you need bidirectional communication\? \[y\/N\] $/, 'maybe\r'],
      [/`maybe` is no answer: yes or no\n[\s\S]*\[y\/N\] $/, 'y\r'],
      [/3\. Can you tolerate .*5s\] $/, '100ms\r'],
      [/4\. Do you need binary data\? \[y\/N\] $/, 'yes\r'],
      [/5\. Must it work through restrictive proxies\? \[y\/N\] $/, '\r'],
      [/6\. Must a page in a browser reach it\? \[Y\/n\] $/, '\r'],
    ]);
    expect(code).toBe(0);
    expect(text).toMatch(/2\. Is it server-to-client only\? no\n/);
    expect(text).toMatch(/Use WebSocket\.\n/);
  });

  test('↑ offers yes and then no, at every question anew', async () => {
    const { code, text } = await dialogue([
      [/1\. Do you need bidirectional communication\? \[y\/N\] $/, '\u001B[A\r'],
      [/3\. Can you tolerate .*5s\] $/, '\u001B[A\u001B[A\r'],
      [/4\. Do you need binary data\? \[y\/N\] $/, '\u001B[A\r'],
      [/5\. Must it work through restrictive proxies\? \[y\/N\] $/, '\u001B[A\u001B[A\u001B[B\r'],
      [/6\. Must a page in a browser reach it\? \[Y\/n\] $/, '\u001B[A\u001B[A\r'],
    ]);
    expect(code).toBe(0);
    // The answer says again what was answered.
    const shown = (text.match(/\? .*?(yes|no)\n/g) ?? []).map((line) => /(yes|no)\n$/.exec(line)?.[1]);
    expect(shown.slice(0, 6)).toEqual(['yes', 'no', 'no', 'yes', 'yes', 'no']);
  });

  test('Ctrl-C leaves with 130, and the end of the input with 2', async () => {
    const left = await dialogue([[/\[y\/N\] $/, '\u0003']]);
    expect(left.code).toBe(130);
    expect(left.text).not.toMatch(/\n\s+at /);
    const ended = await dialogue([[/\[y\/N\] $/, '\u0004']]);
    expect(ended.code).toBe(2);
    expect(ended.text).toMatch(/the input ended before every question was answered/);
  });
});
