import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { exampleSweep } from '../testing/example-sweep.js';
import { renderSweepMarkdown } from './sweep-markdown.js';
import { renderSweepTable } from './sweep-table.js';

const render = (width: number, color = false) => renderSweepTable(exampleSweep(), { width, color });

describe('a sweep, as it is read', () => {
  it.each([100, 80])('%i columns', async (width) => {
    await expect(render(width)).toMatchFileSnapshot(`snapshots/sweep-${width}.txt`);
  });

  it('as Markdown', async () => {
    await expect(renderSweepMarkdown(exampleSweep())).toMatchFileSnapshot('snapshots/sweep-markdown.txt');
  });
});

it.each([56, 80, 100])('keeps to %i columns', (width) => {
  expect(
    Math.max(
      ...render(width)
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(width);
});

it('only paints with colour', () => {
  expect(stripVTControlCharacters(render(100, true))).toBe(render(100));
});
