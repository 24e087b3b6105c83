import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Report } from '../report/schema.js';
import { troubledReport } from '../testing/example-reports.js';
import { exampleGuide, guideReport } from '../testing/guide-example.js';
import { renderClaims } from './claims-list.js';
import { renderGuideTable } from './guide-table.js';
import { markdownReporter } from './markdown.js';

const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));
/** Without the counts of code, which change with every client: the counts have a test of their own. */
const steady = (text: string) =>
  text.replace(/Complexity[\s\S]*?(?=Best for)/g, (section) =>
    section.replace(/\d+/g, (digits) => '#'.repeat(digits.length)),
  );
const plain = (report: Report, width: number) => renderGuideTable(report, { width, color: false });

describe("the guide's table, as it is read", () => {
  it.each([160, 80])('everything measured, %i columns', async (width) => {
    await expect(steady(plain(guideReport(), width))).toMatchFileSnapshot(`snapshots/guide-${width}.txt`);
  });

  it('a plain run', async () => {
    await expect(steady(plain(guideReport(null), 80))).toMatchFileSnapshot('snapshots/guide-plain-80.txt');
  });

  it('claims', async () => {
    await expect(steady(renderClaims(guideReport(), { width: 80, color: false }))).toMatchFileSnapshot(
      'snapshots/claims-80.txt',
    );
  });

  it('Markdown', async () => {
    const text = markdownReporter.render(guideReport(), { width: 80, color: false, details: true });
    const from = text.indexOf("<details><summary>The guide's table");
    const section = text.slice(from, text.indexOf('<details><summary>How to read it'));
    await expect(steady(section)).toMatchFileSnapshot('snapshots/guide-markdown.txt');
  });
});

describe('whatever there is', () => {
  const { guide: _, ...old } = guideReport();
  const reports: readonly [string, Report][] = [
    ['all', guideReport()],
    ['a plain run', guideReport(null)],
    ['rows that are not sound', { ...troubledReport(), guide: exampleGuide() }],
    ['no rows', { ...guideReport(), transports: [] }],
    ['a result of an earlier version', old],
  ];
  it.each(reports)('the width is kept, and nothing is missing a reason: %s', (_what, report) => {
    // The wide table once: it takes much longer to lay out.
    for (const width of [56, 80, 140]) {
      const text = plain(report, width);
      expect(longest(text)).toBeLessThanOrEqual(width);
      expect(text).not.toMatch(/undefined|NaN|Infinity|\bnull\b/);
      expect(longest(renderClaims(report, { width, color: false }))).toBeLessThanOrEqual(width);
    }
  });

  it('colour only paints', () => {
    const painted = renderGuideTable(guideReport(), { width: 80, color: true });
    expect(stripVTControlCharacters(painted)).toBe(plain(guideReport(), 80));
    expect(painted).toContain('\u001b[');
  });
});
