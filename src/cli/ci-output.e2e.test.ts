import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import type { HistoryPoint } from '../report/history.js';
import { rtbench, withFolder } from '../testing/cli.js';

async function junitIn(file: string) {
  return new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(await readFile(file, 'utf8'))
    .testsuites;
}

describe('check in a CI', () => {
  test('one byte more is a failure in JUnit, an annotation, a line of the summary and of the history', () =>
    withFolder(async (folder) => {
      const [baseline, junit, summary] = ['baseline.json', 'junit.xml', 'summary.md'].map((name) => join(folder, name));
      const [csv, jsonl] = [join(folder, 'history.csv'), join(folder, 'history.jsonl')];
      if (baseline === undefined || junit === undefined || summary === undefined) throw new Error('no names');
      const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_SHA: 'f00d' };
      const check = (...flags: string[]) =>
        rtbench(['check', '-t', 'websocket', '--baseline', baseline, ...flags], { env, cwd: folder });
      await writeFile(summary, 'what another step wrote\n');
      expect((await check('--save-baseline')).code).toBe(0);

      const passed = await check('--junit', junit, '--history', csv);
      expect(passed).toMatchObject({ code: 0, stderr: expect.not.stringContaining('::') });
      expect(await junitIn(junit)).toMatchObject({ failures: '0', errors: '0' });

      const text = await readFile(baseline, 'utf8');
      await writeFile(baseline, text.replace('"down": 102', '"down": 101'));
      await writeFile(jsonl, '{"torn":1}');
      const failed = await check('--junit', junit, '--history', jsonl);
      expect(failed.code).toBe(1);
      expect(failed.stderr).toContain(
        '::error title=rtbench%3A WebSocket%3A message 100 B down::WebSocket: message 100 B down is 102 B, and 101 B in the baseline',
      );
      expect(await junitIn(junit)).toMatchObject({ failures: '1', errors: '0' });
      const shown = await readFile(summary, 'utf8');
      expect(shown).toMatch(/^what another step wrote\n# Exact figures/);
      expect(shown).toContain('WebSocket: message 100 B down is 102 B, and 101 B in the baseline');

      expect((await check('--history', csv)).code).toBe(1);
      const [header, ...lines] = (await readFile(csv, 'utf8')).trimEnd().split('\n');
      expect(header).toMatch(/^date,commit,machine,/);
      expect(lines.length % 2).toBe(0);
      expect(lines.filter((line) => line.startsWith('date'))).toEqual([]);
      const [torn, ...points] = (await readFile(jsonl, 'utf8')).trimEnd().split('\n');
      expect(torn).toBe('{"torn":1}');
      const message = points
        .map((line) => JSON.parse(line) as HistoryPoint)
        .find(({ path }) => path === 'message 100 B down');
      expect(message).toMatchObject({ value: 102, scenario: 'exact', transport: 'websocket', verdict: 'valid' });
    }));

  test('a file that cannot be written, or is no history, is refused before anything is measured', () =>
    withFolder(async (folder) => {
      const other = join(folder, 'other.csv');
      await writeFile(other, 'a,b\n1,2\n');
      const refused = async (...flags: string[]) => {
        const { code, stderr } = await rtbench(['run', '--rounds', '1', '--out', join(folder, 'out'), ...flags]);
        expect(code).toBe(2);
        return stderr;
      };
      expect(await refused('--history', other)).toContain('has other columns than a history');
      expect(await refused('--history', join(folder, 'history.txt'))).toContain('ends in neither .csv nor .jsonl');
      expect(await refused('--history', join(folder, 'no', 'history.csv'))).toContain('cannot append to');
      expect(await refused('--junit', join(folder, 'no', 'junit.xml'))).toContain('--junit: cannot write to');
      expect(await refused('--junit', '-')).toContain('--junit: give a file');
    }));
});

test('run with a threshold: JUnit has each row and each figure, and stdout no annotation without GitHub', () =>
  withFolder(async (folder) => {
    const junit = join(folder, 'junit.xml');
    const small = ['--clients', '4', '--probes', '2', '--rate', '50/s', '--duration', '500ms', '--warmup', '200ms'];
    const flags = [...small, '--rounds', '1', '--quiet', '--out', join(folder, 'out'), '--junit', junit];
    const { code, stdout, stderr } = await rtbench([
      ...['run', '-t', 'websocket', '--no-floor', '--expect', 'bytes.perMessage.down<=100'],
      ...flags,
    ]);
    expect([1, 3]).toContain(code);
    expect(`${stdout}${stderr}`).not.toContain('::error');
    expect(await junitIn(junit)).toMatchObject({ tests: '2', testsuite: { name: 'WebSocket' } });
    const again = await rtbench(['report', join(folder, 'out', 'result.json'), '--format', 'junit']);
    expect(again.stdout).toBe(await readFile(junit, 'utf8'));
  }));

test('compare fails on what is worse where it is asked to', () =>
  withFolder(async (folder) => {
    const sample = new URL('../../reports/sample/result.json', import.meta.url).pathname;
    const report = JSON.parse(await readFile(sample, 'utf8'));
    const file = join(folder, 'worse.json');
    for (const row of report.transports) row.delivery.lost += 3;
    await writeFile(file, JSON.stringify(report));
    expect((await rtbench(['compare', sample, file])).code).toBe(0);
    expect((await rtbench(['compare', sample, sample, '--fail-on-worse'])).code).toBe(0);
    const junit = join(folder, 'junit.xml');
    expect((await rtbench(['compare', sample, file, '--fail-on-worse', '--junit', junit])).code).toBe(1);
    expect(await junitIn(junit)).toMatchObject({ failures: String(report.transports.length) });
  }));
