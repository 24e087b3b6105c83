import { describe, expect, it } from 'vitest';
import type { Report } from '../report/schema.js';
import {
  EXAMPLE_ROWS,
  EXAMPLE_SCENARIO,
  exampleReport,
  exampleResults,
  exampleRuns,
} from '../testing/example-report.js';
import { distantReport, quickLookReport, troubledReport } from '../testing/example-reports.js';
import { markdownReporter } from './markdown.js';

const render = (report: Report) => markdownReporter.render(report, { width: 80, color: true, details: false });

describe('the Markdown, as it is stored', () => {
  it.each([
    ['example', exampleReport()],
    ['troubled', troubledReport()],
    ['quick-look', quickLookReport()],
    ['distant', distantReport()],
  ])('%s', async (name, report) => {
    await expect(render(report)).toMatchFileSnapshot(`snapshots/markdown-${name}.txt`);
  });
});

it('has as many cells in every line of a table as in its head', () => {
  const tables = render(troubledReport())
    .split('\n\n')
    .filter((block) => block.startsWith('|'));
  expect(tables.length).toBeGreaterThan(2);
  for (const table of tables) {
    const cells = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
    expect(new Set(cells).size).toBe(1);
  }
});

it('takes nothing in a text for Markdown or HTML', () => {
  const report = exampleReport({ scenario: { ...EXAMPLE_SCENARIO, title: 'a | b <i> *c* `d`\n# e' } });
  expect(render(report).split('\n')[0]).toBe('# a \\| b &lt;i> \\*c\\* \\`d\\` \\# e');
});

/** Five rows and a control over ten rounds, every one of them with reasons as long as they get. */
function longReport(reasonLength: number): Report {
  const scenario = { ...EXAMPLE_SCENARIO, rounds: 10 };
  const rows = Object.values(EXAMPLE_ROWS).map((row) =>
    exampleResults(
      row,
      exampleRuns(row, scenario).map((run) => ({
        ...run,
        verdict: 'suspect',
        reasons: [`${run.round} ${'x'.repeat(reasonLength)}`],
      })),
    ),
  );
  return exampleReport({ scenario, rows });
}

describe('a comment on GitHub', () => {
  it('holds five techniques over ten rounds with everything folded up', () => {
    const text = render(longReport(150));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain('<summary>Everything measured</summary>');
    expect(text).toContain('<summary>Rounds</summary>');
    expect(text).not.toContain('Left out here');
  });

  it('leaves details out that are too long, says so, and keeps the answer', () => {
    const text = render(longReport(2_000));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/\nLeft out here, since a comment holds 65,536 characters: .*Rounds\. .*result\.json/);
    expect(text).toContain('| SSE |');
    expect(text.split('<details>')).toHaveLength(text.split('</details>').length);
  });

  it('begins with the verdict and the answer, then the table', () => {
    const [title, verdict, table] = render(exampleReport()).split('\n\n');
    expect(title).toMatch(/^# /);
    expect(verdict).toMatch(/^\*\*Verdict: valid\.\*\* Fast enough/);
    expect(table).toMatch(/^\| technique \|/);
  });

  it('calls nobody by a label', () => {
    const plain = exampleReport();
    const transports = plain.transports.map((row) => ({ ...row, label: '@team/mine a|b ~~c~~' }));
    const text = render({ ...plain, transports });
    expect(text.replace(/```[^`]*```/g, '')).not.toMatch(/@\w/);
    expect(text).toContain('| @<!-- -->team/mine a\\|b \\~\\~c\\~\\~ |');
  });

  it('keeps a command as it is, backticks included', () => {
    const text = render({ ...exampleReport(), command: 'rtbench run `pwd`' });
    expect(text).toContain('Again: `` rtbench run `pwd` ``');
  });
});
