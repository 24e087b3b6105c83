import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Chart, renderChart } from './chart.js';

const x = { title: 'clients', format: String };
const y = { title: 'latency, ms', format: (value: number) => String(Number(value.toPrecision(2))) };
const CHART: Chart = {
  x,
  y,
  series: [
    { label: 'Short polling', points: [25, 50, 100, 200, 400].map((clients) => ({ x: clients, y: 250 })) },
    { label: 'SSE', points: [25, 50, 100, 200, 400].map((clients) => ({ x: clients, y: clients / 20 })) },
    { label: 'WebSocket', points: [25, 50, 100, 200, 400].map((clients) => ({ x: clients, y: clients ** 2 / 2_000 })) },
  ],
  line: { y: 100, label: 'tolerated' },
};

it('draws curves that are told apart without colour', async () => {
  const text = renderChart(CHART, { width: 72, height: 14 }).join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot('snapshots/chart.txt');
});

it('has nothing to say of nothing, of one place, and of what has no logarithm', () => {
  const drawn = (points: Chart['series'][number]['points']) =>
    renderChart({ x, y, series: [{ label: 'one', points }] }, { width: 60, height: 9 });
  expect(drawn([])).toEqual([]);
  expect(
    drawn([
      { x: 5, y: 7 },
      { x: 5, y: 8 },
    ]),
  ).toEqual([]);
  expect(
    drawn([
      { x: 5, y: 7 },
      { x: 6, y: 0 },
    ]),
  ).toEqual([]);
});

it('marks a place where several series have a point', () => {
  const series = ['a', 'b'].map((label) => ({
    label,
    points: [
      { x: 1, y: 1 },
      { x: 10, y: 10 },
    ],
  }));
  const text = renderChart({ x, y, series }, { width: 40, height: 8 }).slice(1, 9).join('\n');
  expect(text).toMatch(/\*/);
  expect(text).not.toMatch(/[AB]/);
});

it('keeps to its width and height, whatever is drawn', () => {
  const value = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
  const series = fc.array(fc.record({ x: value, y: value }), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(series, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 50, max: 120 }),
      fc.integer({ min: 4, max: 20 }),
      (all, width, height) => {
        const short = (number: number) => number.toPrecision(2);
        const lines = renderChart(
          {
            x: { title: 'x', format: short },
            y: { title: 'y', format: short },
            series: all.map((points, index) => ({ label: `row ${index}`, points })),
          },
          { width, height },
        );
        if (lines.length === 0) {
          expect(new Set(all.flat().map((point) => point.x)).size).toBeLessThan(2);
          return;
        }
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        expect(lines.findIndex((line) => line.includes('└'))).toBe(height + 1);
      },
    ),
  );
});
