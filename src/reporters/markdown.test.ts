import { describe, expect, it } from 'vitest';
import type { Report } from '../report/schema.js';
import { EXAMPLE_SCENARIO, exampleReport } from '../testing/example-report.js';
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
