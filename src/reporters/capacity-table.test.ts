import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { exampleCapacity } from '../testing/example-capacity.js';
import { renderCapacityMarkdown } from './capacity-markdown.js';
import { renderCapacityTable } from './capacity-table.js';

const render = (width: number, color = false) => renderCapacityTable(exampleCapacity(), { width, color });

describe('capacities, as they are read', () => {
  it.each([100, 80])('%i columns', async (width) => {
    await expect(render(width)).toMatchFileSnapshot(`snapshots/capacity-${width}.txt`);
  });

  it('as Markdown', async () => {
    await expect(renderCapacityMarkdown(exampleCapacity())).toMatchFileSnapshot('snapshots/capacity-markdown.txt');
  });
});

it.each([60, 80, 100])('keeps to %i columns', (width) => {
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
