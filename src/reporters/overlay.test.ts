import { expect, it } from 'vitest';
import { overlay } from '../report/overlay.js';
import { exampleReport } from '../testing/example-report.js';
import { quickLookReport, troubledReport } from '../testing/example-reports.js';
import { overlayColumns } from './overlay-columns.js';
import { renderOverlayMarkdown } from './overlay-markdown.js';
import { renderOverlayTable } from './overlay-table.js';

const shown = overlay([
  { file: 'reports/quick/result.json', report: quickLookReport() },
  { file: 'reports/troubled/result.json', report: troubledReport() },
]);

it.each([120, 100, 60])('a table of %d columns', async (width) => {
  const text = renderOverlayTable(shown, { width, color: false, details: false });
  await expect(text).toMatchFileSnapshot(`snapshots/overlay-${width}.txt`);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
});

it('Markdown', async () => {
  await expect(renderOverlayMarkdown(shown)).toMatchFileSnapshot('snapshots/overlay-markdown.txt');
});

it('holds each row against the delay that its own report tolerates, and says so', () => {
  const report = exampleReport();
  const strict = { ...report, scenario: { ...report.scenario, toleratesMs: 1 } };
  const two = overlay([
    { file: 'a.json', report },
    { file: 'b.json', report: strict },
  ]);
  const column = overlayColumns(two).find(({ header }) => header[0] === 'within');
  expect(column?.header).toEqual(['within', 'its own', 'delay']);
  const sse = two.rows.filter(({ row }) => row.transport === 'sse');
  expect(sse.map((row) => column?.cell(row).main)).toEqual(['yes', 'no']);
});
