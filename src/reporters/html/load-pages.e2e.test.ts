import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserProblem } from '../../load/browser/chromium.js';
import { exampleCapacity } from '../../testing/example-capacity.js';
import { fullMatrix } from '../../testing/example-matrix.js';
import { exampleSweep } from '../../testing/example-sweep.js';
import { chartOf, HtmlBrowser } from '../../testing/opened-html.js';
import { medianAt, serverCpuPercent } from '../sweep-parts.js';
import { renderCapacityPage } from './capacity-page.js';
import { renderMatrixPage } from './matrix-page.js';
import { renderSweepPage } from './sweep-page.js';

const sweep = exampleSweep();
const capacity = exampleCapacity();
const PAGES = [
  ['sweep', renderSweepPage(sweep)],
  ['capacity', renderCapacityPage(capacity)],
  ['matrix', renderMatrixPage(fullMatrix())],
] as const;

const problem = await browserProblem();

describe.skipIf(problem !== undefined)(`in a browser${problem ? ` (${problem})` : ''}`, () => {
  let browser: HtmlBrowser;
  beforeAll(async () => {
    browser = await HtmlBrowser.launch();
  });
  afterAll(() => browser?.close());

  test.each(PAGES)(
    '%s: asks for nothing, complains of nothing, fits into 360 px, light and dark',
    async (_name, html) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, troubles } = await browser.open(html, { viewport: { width: 360, height: 740 }, colorScheme });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
        const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        expect(ground).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 23, 26)');
        expect(troubles).toEqual([]);
      }
    },
  );

  test('a sweep is drawn with its figures, and a mark goes with the rows that it is about', async () => {
    const { page, troubles } = await browser.open(renderSweepPage(sweep));
    const { data } = await chartOf(page, 'server-cpu');
    expect(data).toEqual([
      sweep.vary.values,
      ...sweep.transports.map((row) => sweep.vary.values.map((value) => medianAt(row, value, serverCpuPercent))),
    ]);
    const picture = () => page.evaluate(`document.querySelector('[data-chart="server-cpu"] canvas').toDataURL()`);
    const marks = sweep.crossings.filter(({ state, cost }) => state === 'crossing' && cost === 'serverCpu');
    expect(marks.length).toBeGreaterThan(0);
    const before = await picture();
    await page.locator('[data-switch="0"]').click();
    expect((await chartOf(page, 'server-cpu')).shown).toEqual(sweep.transports.map((_, index) => index > 0));
    expect(await picture()).not.toBe(before);
    expect(troubles).toEqual([]);
  });

  test('a capacity is drawn with the trials that tell of latency, and read by keyboard', async () => {
    const { page } = await browser.open(renderCapacityPage(capacity));
    const { data } = await chartOf(page, 'trials');
    const sse = capacity.transports.findIndex(({ label }) => label === 'SSE');
    const at = (level: number) => data[1 + sse]?.[data[0]?.indexOf(level) ?? -1];
    expect([at(100), at(400), at(519), at(617)]).toEqual([5, 60, 150, null]);
    await page.locator('[data-chart="trials"] .plot').focus();
    await page.keyboard.press('End');
    expect(await page.textContent('[data-chart="trials"] .readout')).toMatch(/^At 800 clients: SSE 900 ms/);
  });

  test('without a script there are tables', async () => {
    const { page } = await browser.open(renderSweepPage(sweep), { javaScriptEnabled: false });
    expect(await page.locator('.plot:visible').count()).toBe(0);
    expect(await page.locator('.as-table table:visible').count()).toBe(3);
  });
});
