import { stripVTControlCharacters } from 'node:util';
import { expect, it, test } from 'vitest';
import { parseBrowserLimits } from '../report/browser-limits-file.js';
import { exampleBrowserLimits } from '../testing/browser-limits.js';
import { renderBrowserLimitsMarkdown } from './browser-limits-markdown.js';
import { renderBrowserLimitsTable } from './browser-limits-table.js';

const render = (width: number, color = false) => renderBrowserLimitsTable(exampleBrowserLimits(), { width, color });

it.each([100, 80])('%i columns', async (width) => {
  await expect(render(width)).toMatchFileSnapshot(`snapshots/browser-limits-${width}.txt`);
  for (const line of render(width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
});

test('Markdown', async () => {
  const markdown = renderBrowserLimitsMarkdown(exampleBrowserLimits());
  await expect(markdown).toMatchFileSnapshot('snapshots/browser-limits-markdown.txt');
});

test('an interruption is said, and nothing measured is no table of nothing', () => {
  const report = exampleBrowserLimits({ interrupted: true, limits: [] });
  expect(renderBrowserLimitsTable(report, { width: 100, color: false })).toMatch(/Interrupted: not everything/);
  expect(renderBrowserLimitsMarkdown(report)).toMatch(/Interrupted: not everything/);
});

test('only paints with colour', () => {
  expect(stripVTControlCharacters(render(100, true))).toBe(render(100));
});

test('a stored one reads the same again; of another kind it is none, and a broken one is named', () => {
  const report = exampleBrowserLimits();
  expect(parseBrowserLimits(JSON.stringify(report), 'browser.json')).toEqual(report);
  expect(parseBrowserLimits('{"kind":"idle"}', 'idle.json')).toBeUndefined();
  expect(() => parseBrowserLimits('{"kind":"browser"}', 'browser.json')).toThrow(/browser\.json: `schemaVersion`/);
});
