import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildCostReport } from '../report/cost.js';
import type { CostReport } from '../report/cost-schema.js';
import { parsePoints } from '../scenario/cost-plan.js';
import type { Row } from '../scenario/scenario.js';
import { costRun, type ExampleCost } from '../testing/cost-runs.js';
import { EXAMPLE_SCENARIO, exampleReport } from '../testing/example-report.js';
import { PULL, PUSH } from '../testing/measurement.js';
import { renderCostTable } from './cost-table.js';

const POINTS = parsePoints('25x240,25x480,50x120,100x240,200x30,200x120');
const OWN = { clients: 100, ratePerSecond: 120 };
const OFF = [1.02, 0.97, 1.05, 0.98, 0.96, 1.03];
const ROWS: readonly (readonly [label: string, row: Row, cost: ExampleCost])[] = [
  ['Short polling', PULL, { client: 30, publish: 20, delivery: 2, poll: 61, polls: 2, clientBytes: 9_000 }],
  ['SSE', PUSH, { client: 25, publish: 130, delivery: 8.5, poll: 0, polls: 0, clientBytes: 14_000 }],
  ['WebSocket', PUSH, { client: -30, publish: 110, delivery: 7.2, poll: 0, polls: 0, clientBytes: 11_000 }],
  ['gRPC streaming', PUSH, { client: 80, publish: 240, delivery: 19, poll: 0, polls: 0, clientBytes: 48_000 }],
  ['WebSocket deflate=true', PUSH, { client: 5, publish: 110, delivery: 52, poll: 0, polls: 0, clientBytes: 99_000 }],
];

function example(interrupted = false): CostReport {
  const { environment, tool } = exampleReport();
  const runs = ROWS.flatMap(([, , cost], row) => [
    ...POINTS.map((point, index) =>
      // As in a real one, every other point is polled twice as often.
      ({
        ...costRun(
          row,
          point,
          { ...cost, polls: cost.polls * (1 + (index % 2)) },
          { factor: OFF[(index + row) % 6] ?? 1 },
        ),
        waitMs: cost.polls > 0 ? 500 / (1 + (index % 2)) : 0,
      }),
    ),
    costRun(row, OWN, cost, { use: 'check', factor: 1.08 }),
  ]);
  return buildCostReport({
    tool,
    startedAt: new Date('2026-11-24T12:00:00Z'),
    durationMs: 90_000,
    command: 'rtbench cost',
    scenario: EXAMPLE_SCENARIO,
    environment,
    interrupted,
    rows: ROWS.map(([label, row]) => ({ ...row, label })),
    points: POINTS,
    planned: 35,
    runs: interrupted ? runs.slice(0, 12) : runs,
  });
}

const render = (report: CostReport, width: number, color = false) => renderCostTable(report, { width, color });

describe('the table of costs, as it is read', () => {
  it.each([100, 60])('%i columns', async (width) => {
    await expect(render(example(), width)).toMatchFileSnapshot(`snapshots/cost-${width}.txt`);
  });

  it('interrupted, with rows that have no model', async () => {
    await expect(render(example(true), 100)).toMatchFileSnapshot('snapshots/cost-interrupted.txt');
  });
});

it.each([56, 80, 100])('keeps to %i columns', (width) => {
  const longest = Math.max(
    ...render(example(), width)
      .split('\n')
      .map((line) => line.length),
  );
  expect(longest).toBeLessThanOrEqual(width);
});

it('only paints with colour', () => {
  expect(stripVTControlCharacters(render(example(), 100, true))).toBe(render(example(), 100));
});
