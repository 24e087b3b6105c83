import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserProblem } from '../../load/browser/chromium.js';
import { CURVE_AXIS, latencyCurve } from '../../report/latency-curve.js';
import { overlay } from '../../report/overlay.js';
import type { CompletedRow, Report } from '../../report/schema.js';
import { completedRuns } from '../../report/statistics.js';
import { EXAMPLE_ROWS, exampleReport, exampleResults } from '../../testing/example-report.js';
import { troubledReport } from '../../testing/example-reports.js';
import { chartOf, HtmlBrowser } from '../../testing/opened-html.js';
import { renderReportPage } from './report-page.js';

const report = exampleReport();
const rows = report.transports.filter((row): row is CompletedRow => row.state === 'completed');

function pageOf(...reports: Report[]): string {
  return renderReportPage(overlay(reports.map((one, index) => ({ file: `${index}.json`, report: one }))));
}

const problem = await browserProblem();

describe.skipIf(problem !== undefined)(`in a browser${problem ? ` (${problem})` : ''}`, () => {
  let browser: HtmlBrowser;
  beforeAll(async () => {
    browser = await HtmlBrowser.launch();
  });
  afterAll(() => browser?.close());

  test('draws the figures of the report, asks for nothing and complains of nothing', async () => {
    const { page, troubles } = await browser.open(pageOf(report));
    const percentiles = await chartOf(page, 'percentiles');
    const length = percentiles.data[0]?.length ?? 0;
    const ms = (us: number | null) => (us === null ? null : us / 1_000);
    expect(length).toBeGreaterThan(100);
    expect(percentiles.data[0]).toEqual(CURVE_AXIS.slice(0, length));
    expect(percentiles.data.slice(1)).toEqual(rows.map((row) => latencyCurve(row).slice(0, length).map(ms)));
    const rounds = await chartOf(page, 'rounds');
    const of = (name: 'p50' | 'p99') =>
      rows.map((row) => completedRuns(row).map(({ latencyUs }) => ms(latencyUs[name])));
    expect(rounds.data).toEqual([[1, 2, 3], ...of('p50'), ...of('p99')]);
    expect(rounds.shown).toEqual([...rows.map(() => true), ...rows.map(() => false)]);
    expect(await page.locator('.plot canvas').count()).toBe(3);
    expect(troubles).toEqual([]);
  });

  test('several reports are drawn in one chart, a colour for a technique and a dash for a report', async () => {
    const { page, troubles } = await browser.open(pageOf(report, report));
    const { data, strokes } = await chartOf(page, 'percentiles');
    expect(data).toHaveLength(1 + 2 * rows.length);
    expect(new Set(strokes).size).toBe(rows.length);
    expect(strokes[0]).toBe(strokes[1]);
    expect(troubles).toEqual([]);
  });

  test('follows the system and its own button into the dark, charts too', async () => {
    const { page } = await browser.open(pageOf(report), { colorScheme: 'light' });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const button = page.locator('[data-theme-button]');
    const [light, lightCharts] = [await ground(), await chartOf(page, 'percentiles')];
    await page.emulateMedia({ colorScheme: 'dark' });
    const [dark, darkCharts] = [await ground(), await chartOf(page, 'percentiles')];
    expect(dark).not.toBe(light);
    expect(darkCharts.strokes).not.toEqual(lightCharts.strokes);
    await button.click();
    expect(await button.textContent()).toBe('Theme: light');
    expect([await ground(), (await chartOf(page, 'percentiles')).strokes]).toEqual([light, lightCharts.strokes]);
    await button.click();
    expect([await ground(), await button.textContent()]).toEqual([dark, 'Theme: dark']);
  });

  test.each([
    ['one report', [report]],
    ['rows that are not sound', [troubledReport()]],
    ['two reports', [report, troubledReport()]],
  ])('fits into 360 px without scrolling sideways: %s', async (_what, reports) => {
    const { page, troubles } = await browser.open(pageOf(...reports), { viewport: { width: 360, height: 740 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(troubles).toEqual([]);
  });

  test('is used by keyboard: a row is switched off everywhere, a chart is read', async () => {
    const { page } = await browser.open(pageOf(report));
    const focused = (selector: string) => page.evaluate(`document.activeElement.matches('${selector}')`);
    for (let step = 0; step < 40 && !(await focused('[data-switch]')); step++) await page.keyboard.press('Tab');
    expect(await focused('[data-switch="0"]:focus-visible')).toBe(true);
    await page.keyboard.press('Space');
    expect(await page.getAttribute('[data-switch="0"]', 'aria-pressed')).toBe('false');
    expect((await chartOf(page, 'percentiles')).shown).toEqual(rows.map((_, index) => index > 0));
    expect(await page.locator('[data-row="0"]:visible').count()).toBe(0);
    expect(await page.locator('[data-row="1"]:visible').count()).toBeGreaterThan(3);
    await page.keyboard.press('Space');
    expect(await page.locator('[data-row="0"]:visible').count()).toBeGreaterThan(3);
    await page.locator('[data-chart="rounds"] .plot').focus();
    for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    expect(await page.textContent('[data-chart="rounds"] .readout')).toMatch(
      /^Round 2: Short polling 2\d\d ms, .*SSE 0\.78 ms/,
    );
  });

  test('the chart over time holds each slice of each round, and no line from one round to the next', async () => {
    const { page } = await browser.open(pageOf(report));
    const { data } = await chartOf(page, 'over-time');
    const means = rows.map((row) =>
      completedRuns(row).flatMap(({ overTime }) => [...(overTime?.meanUs ?? []).map((us) => (us ?? 0) / 1_000), null]),
    );
    expect(data.slice(1, 1 + rows.length)).toEqual(means.map((values) => values.slice(0, -1)));
    await page.locator('[data-chart="over-time"] [data-view="slowest"]').click();
    const { shown } = await chartOf(page, 'over-time');
    expect(shown).toEqual([...rows.map(() => false), ...rows.map(() => true)]);
  });

  test('another percentile is one button away, and hovering shows values', async () => {
    const { page } = await browser.open(pageOf(report));
    await page.locator('[data-chart="rounds"] [data-view="p99"]').click();
    expect((await chartOf(page, 'rounds')).shown).toEqual([...rows.map(() => false), ...rows.map(() => true)]);
    await page.locator('[data-chart="rounds"] .u-over').hover();
    expect(await page.locator('[data-chart="rounds"] .tooltip').textContent()).toMatch(
      /^Round 2\s*Short polling\s*\d+ ms/,
    );
  });

  test('has tables in place of charts without a script', async () => {
    const { page } = await browser.open(pageOf(report), { javaScriptEnabled: false });
    expect(await page.locator('.plot:visible, .legend:visible, [data-theme-button]:visible').count()).toBe(0);
    expect(await page.locator('.as-table table:visible').count()).toBe(3);
    expect(await page.locator('table:visible').count()).toBeGreaterThan(7);
  });

  test('runs nothing that stands in a report', async () => {
    const label = '</script><img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
    const row = { ...EXAMPLE_ROWS.sse, row: { ...EXAMPLE_ROWS.sse.row, label } };
    const { page, troubles } = await browser.open(
      pageOf(exampleReport({ rows: [exampleResults(row)], command: label })),
    );
    expect(await page.title()).toMatch(/^Broadcast/);
    expect(await page.locator('img').count()).toBe(0);
    await page.locator('[data-chart="rounds"] .u-over').hover();
    expect(await page.locator('[data-chart="rounds"] .tooltip').textContent()).toContain('</script><img');
    expect(troubles).toEqual([]);
  });

  test('and its policy would stop it if it stood there as markup', async () => {
    const page = pageOf(report).replace(
      '<main>',
      '<main><script>document.title="taken"</script><img src="http://127.0.0.1:9/x">',
    );
    const opened = await browser.open(page);
    expect(await opened.page.title()).toMatch(/^Broadcast/);
    expect(opened.troubles.filter((trouble) => trouble.includes('Content Security Policy')).length).toBeGreaterThan(1);
  });

  test('begins without the rows that must not be used', async () => {
    const { page } = await browser.open(pageOf(troubledReport()));
    const invalid = page.locator('[data-switch]', { hasText: '(invalid)' });
    expect(await invalid.count()).toBe(1);
    expect(await invalid.getAttribute('aria-pressed')).toBe('false');
    const { shown } = await chartOf(page, 'percentiles');
    expect(shown.filter((show) => !show)).toHaveLength(1);
  });
});
