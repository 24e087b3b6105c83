import { expect, it } from 'vitest';
import { compareReports } from '../report/compare/compare.js';
import { changedReport } from '../testing/example-comparison.js';
import { renderComparisonMarkdown } from './compare-markdown.js';
import { renderComparison } from './compare-table.js';

const head = changedReport({ sse: { latency: 1.6, cpu: 1.3 }, webSocket: { bytesDown: -8 } });
const comparison = compareReports(
  { file: 'before/result.json', report: changedReport() },
  { file: 'after/result.json', report: { ...head, environment: { ...head.environment, node: 'v24.1.0' } } },
);
const forced = compareReports(
  { file: 'before/result.json', report: changedReport({}, 3, ['sse', 'tcp']) },
  {
    file: 'after/result.json',
    report: ((report) => ({ ...report, scenario: { ...report.scenario, probes: 9 } }))(changedReport({}, 3, ['sse'])),
  },
);

it.each([60, 80, 100])('is readable in %i columns (vitest -u rewrites it)', async (width) => {
  const text = renderComparison(comparison, { width, color: false });
  for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(width);
  await expect(text).toMatchFileSnapshot(`snapshots/comparison-${width}.txt`);
});

it('says what is unlike, and that few rounds say nothing of times', async () => {
  await expect(renderComparison(forced, { width: 100, color: false })).toMatchFileSnapshot(
    'snapshots/comparison-forced.txt',
  );
});

it('colours say no more than the text', () => {
  const plain = renderComparison(comparison, { width: 100, color: false });
  const coloured = renderComparison(comparison, { width: 100, color: true });
  expect(coloured).not.toBe(plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it is about
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});

it('is fit for a pull request as Markdown', async () => {
  await expect(renderComparisonMarkdown(comparison)).toMatchFileSnapshot('snapshots/comparison-markdown.txt');
});
