import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Distribution, Report } from '../report/schema.js';
import { exampleReport } from '../testing/example-report.js';
import { quickLookReport, sixRoundsReport, troubledReport } from '../testing/example-reports.js';
import { paintWith } from './ansi.js';
import { latencyPlot, plotNotes } from './latency-plot.js';

const EXAMPLE = exampleReport();
const draw = (report: Report, width = 78) => latencyPlot(report, width, paintWith(false));

/** The example's rows with those figures, as far as there are some. */
function withLatencies(all: readonly Partial<Distribution>[], toleratesMs = 200): Report {
  return {
    ...EXAMPLE,
    scenario: { ...EXAMPLE.scenario, toleratesMs },
    transports: all.flatMap((figures, index) => {
      const row = EXAMPLE.transports[index % EXAMPLE.transports.length];
      if (row?.state !== 'completed') return [];
      return [{ ...row, label: `row ${index}`, latencyUs: { ...row.latencyUs, ...figures } }];
    }),
  };
}

describe('the plot, as it is read', () => {
  it.each([
    ['example', EXAMPLE, 78],
    ['narrow', EXAMPLE, 54],
    ['troubled', troubledReport(), 98],
    ['quick-look', quickLookReport(), 78],
  ] as const)('%s', async (name, report, width) => {
    await expect(`${draw(report, width).join('\n')}\n`).toMatchFileSnapshot(`snapshots/latency-plot-${name}.txt`);
  });
});

it('has every mark in the column of its figure, on three decades of 61 columns', () => {
  const figures = { min: 1_000, p50: 10_000, p90: 20_000, p99: 100_000, max: 1_000_000 };
  const [, line = '', , ticks = ''] = draw(withLatencies([figures], 2_000), 'row 0'.length + 2 + 61);
  expect([...'├●┃┤'].map((mark) => line.indexOf(mark) - 7)).toEqual([0, 20, 40, 60]);
  expect(line.slice(20 + 7, 40 + 7)).toMatch(/^●━{6}─{13}$/);
  expect(['1', '10', '100'].map((text) => ticks.search(new RegExp(`\\b${text}\\b`)))).toEqual([7, 26, 46]);
});

it('says of a row without latencies why, and marks one that is invalid', () => {
  const lines = draw(troubledReport(), 98);
  const of = (label: string) => lines.find((line) => line.startsWith(`${label} `)) ?? '';
  expect(of('Long polling')).toMatch(/– failed$/);
  expect(of('gRPC stream')).toMatch(/– aborted$/);
  expect(of('SSE')).toMatch(/– saturated$/);
  expect(of('WebSocket')).toMatch(/● *.* invalid$/);
});

it('has no mark for a p99 that is not known, and does not speak of one', () => {
  const text = draw(quickLookReport()).join('\n');
  expect(text).not.toContain('┃');
  expect(text).not.toContain('p99');
  expect(text).toContain('● p50');
});

it('is nothing where there are no latencies', () => {
  const none = { min: null, p50: null, p90: null, p99: null, max: null };
  expect(draw(withLatencies([none, none]))).toEqual([]);
  expect(plotNotes(withLatencies([none]))).toEqual([]);
});

it('warns of figures that are others than those of the table, and only then', () => {
  expect(plotNotes(EXAMPLE)).toHaveLength(1);
  expect(plotNotes(sixRoundsReport())).toEqual([]);
  expect(plotNotes(quickLookReport())).toEqual([]);
});

it('only paints with colour', () => {
  for (const report of [EXAMPLE, troubledReport()]) {
    const painted = latencyPlot(report, 78, paintWith(true));
    expect(painted.map(stripVTControlCharacters)).toEqual(draw(report));
  }
});

it('keeps to its width, and marks stand in the order of their figures, whatever was measured', () => {
  const five = fc.array(fc.integer({ min: 1, max: 60_000_000 }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(five, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 54, max: 110 }),
      fc.integer({ min: 1, max: 60_000 }),
      (all, width, toleratesMs) => {
        const figures = all.map((values) => {
          const [min = 1, p50 = 1, p90 = 1, p99 = 1, max = 1] = values.sort((a, b) => a - b);
          return { min, p50, p90, p99, max };
        });
        const lines = draw(withLatencies(figures, toleratesMs), width);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        for (const line of lines.filter((one) => one.startsWith('row '))) {
          const at = [...'├●┃┤'].map((mark) => line.indexOf(mark)).filter((column) => column >= 0);
          expect(at).toEqual([...at].sort((a, b) => a - b));
          expect(line).toContain('●');
        }
      },
    ),
  );
});
