import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ComparisonReport } from '../report/compare/schema.js';
import { rtbench, withFolder } from '../testing/cli.js';
import { changedReport } from '../testing/example-comparison.js';

/** Two results in a folder of their own: before, and after a change that made one row slower. */
function withResults<T>(use: (base: string, head: string, folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const [base, head] = [join(folder, 'before.json'), join(folder, 'after.json')];
    await writeFile(base, JSON.stringify(changedReport()));
    await writeFile(head, JSON.stringify(changedReport({ sse: { latency: 2, cpu: 1.5 } })));
    return use(base, head, folder);
  });
}

describe('compare', () => {
  test('says what has changed, worst first, and exits with 0', () =>
    withResults(async (base, head) => {
      const { code, stdout, stderr } = await rtbench(['compare', base, head]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('3 figures are worse.');
      expect(stdout).toMatch(/SSE\s+latency p50 .* 2\.0\d \(\d/);
    }));

  test('writes JSON to stdout alone, and Markdown to a file', () =>
    withResults(async (base, head, folder) => {
      const file = join(folder, 'comment.md');
      const { code, stdout, stderr } = await rtbench(['compare', base, head, '--json', '-', '--markdown', file]);
      expect(code).toBe(0);
      const { kind, figures } = JSON.parse(stdout) as ComparisonReport;
      expect(kind).toBe('comparison');
      expect(figures.filter(({ verdict }) => verdict === 'worse').map(({ path }) => path)).toHaveLength(3);
      expect(stderr).toContain('3 figures are worse.');
      expect(await readFile(file, 'utf8')).toContain('**3 figures are worse.**');
    }));

  test('refuses results that are not of the same run, unless it is forced, and then says so', () =>
    withResults(async (base, _, folder) => {
      const other = join(folder, 'other.json');
      const report = changedReport();
      await writeFile(
        other,
        JSON.stringify({
          ...report,
          scenario: { ...report.scenario, workload: { ...report.scenario.workload, clients: 7 } },
        }),
      );
      const refused = await rtbench(['compare', base, other]);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toContain('workload.clients: 100 against 7');
      expect(refused.stderr).toContain('--force');
      const forced = await rtbench(['compare', base, other, '--force']);
      expect(forced.code).toBe(0);
      expect(forced.stdout).toContain('Not the same run: workload.clients: 100 against 7.');
    }));

  test('refuses what is no result, of another schema, or has no row in common', () =>
    withResults(async (base, head, folder) => {
      const file = join(folder, 'file.json');
      const tried = async (text: string) => {
        await writeFile(file, text);
        const { code, stderr } = await rtbench(['compare', base, file]);
        expect(code).toBe(2);
        return stderr;
      };
      expect(await tried('not JSON')).toContain(file);
      expect(await tried(JSON.stringify({ ...changedReport(), schemaVersion: 9 }))).toMatch(/9/);
      const [left, right] = [changedReport({}, 6, ['sse']), changedReport({}, 6, ['tcp'])];
      await writeFile(head, JSON.stringify(left));
      await writeFile(base, JSON.stringify(right));
      const { code, stderr } = await rtbench(['compare', base, head]);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('no row in common') });
      expect((await rtbench(['compare', join(folder, 'absent.json'), head])).stderr).toContain('cannot be read');
    }));
});
