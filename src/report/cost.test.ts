import { describe, expect, it } from 'vitest';
import { parsePoints } from '../scenario/cost-plan.js';
import { costRun } from '../testing/cost-runs.js';
import { EXAMPLE_ROWS, EXAMPLE_SCENARIO, exampleReport, exampleRun } from '../testing/example-report.js';
import { PUSH } from '../testing/measurement.js';
import { buildCostReport, type CostParts, type CostRun } from './cost.js';
import { costReportSchema } from './cost-schema.js';
import { costNotes, costStatements } from './cost-wording.js';
import { nullPaths, reasonFor } from './not-measured.js';

const COST = { client: 40, publish: 90, delivery: 9, poll: 0, polls: 0, clientBytes: 12_288 };
const POINTS = parsePoints('25x240,25x480,50x120,100x240,200x30,200x120');
const OWN = { clients: 100, ratePerSecond: 120 };
const RUNS = [...POINTS.map((point) => costRun(0, point, COST)), costRun(0, OWN, COST, { use: 'check', factor: 1.25 })];

function report(runs: readonly CostRun[], changes: Partial<CostParts> = {}) {
  const { environment, tool } = exampleReport();
  const built = buildCostReport({
    tool,
    startedAt: new Date('2026-11-24T12:00:00Z'),
    durationMs: 90_000,
    command: 'rtbench cost',
    scenario: EXAMPLE_SCENARIO,
    environment,
    interrupted: false,
    rows: [PUSH],
    points: POINTS,
    planned: 7,
    runs,
    ...changes,
  });
  expect(costReportSchema.parse(built)).toEqual(built);
  return built;
}

function onlyRow(runs: readonly CostRun[]) {
  const [row] = report(runs).transports;
  if (!row) throw new Error('no row');
  const unexplained = (at: { notMeasured: Record<string, string> }) =>
    nullPaths(at).filter((path) => reasonFor(at.notMeasured, path) === undefined);
  expect(unexplained(row)).toEqual([]);
  for (const measurement of row.measurements) expect(unexplained(measurement)).toEqual([]);
  return row;
}

/** The run with the `index`th result changed. */
function withResult(index: number, changes: Partial<CostRun>): CostRun[] {
  return RUNS.map((run, at) => (at === index ? { ...run, ...changes } : run));
}

const completed = exampleRun(EXAMPLE_ROWS.webSocket, 0);

describe('a row of the cost report', () => {
  it('has what made the figures, with errors of nothing where nothing was off', () => {
    const { cpu, memoryPerClient, kernelMemoryPerClient } = onlyRow(RUNS);
    expect(cpu?.perClient?.us).toBeCloseTo(40, 4);
    expect(cpu?.perPublish?.us).toBeCloseTo(90, 4);
    expect(cpu?.perDelivery?.us).toBeCloseTo(9, 4);
    expect(cpu).toMatchObject({ perPoll: null, measurements: 6, linear: true });
    expect(memoryPerClient).toMatchObject({ bytes: expect.closeTo(12_288, 3), clientCounts: [25, 50, 100, 200] });
    expect(kernelMemoryPerClient?.bytes).toBeCloseTo(4_000, 3);
  });

  it("is held against the scenario's own load, which it has not seen", () => {
    const { check } = onlyRow(RUNS);
    const predicted = (40 * 100 + 90 * 120 + 9 * 12_000) / 1_000_000;
    expect(check?.predictedCpuShare).toBeCloseTo(predicted, 6);
    expect(check?.measuredCpuShare).toBeCloseTo(1.25 * predicted, 6);
    expect(costStatements(report(RUNS))).toEqual([
      "At the scenario's own load (*), 100 clients and 120 messages/s, which no model was fitted to, of one core: " +
        'TCP 12.3 % predicted, 15.3 % measured.',
    ]);
  });

  it.each(['invalid', 'saturated'] as const)('leaves an %s run out of the model, and says so', (verdict) => {
    const result = { ...completed, verdict, reasons: ['too much'] };
    const load = { ...costRun(0, OWN, COST).load, clients: 25, cpuUsPerSecond: 9_000_000 } as CostRun['load'];
    const row = onlyRow(withResult(0, { result, load }));
    expect(row.cpu?.measurements).toBe(5);
    expect(row.cpu?.perDelivery?.us).toBeCloseTo(9, 4);
    expect(row.measurements[0]).toMatchObject({ use: 'none', verdict, reasons: ['too much'] });
    expect(costNotes(report(withResult(0, { result, load })))).toContain(
      `TCP: one run of 7 left out (${verdict}: too much).`,
    );
  });

  it('keeps a suspect one', () => {
    const result = { ...completed, verdict: 'suspect' as const, reasons: ['a bit late'] };
    expect(onlyRow(withResult(0, { result })).cpu?.measurements).toBe(6);
  });

  it('says what is missing where too few runs came to an end, and keeps them', () => {
    const runs = RUNS.slice(0, 2);
    const failed: CostRun = {
      ...costRun(0, POINTS[2] ?? OWN, COST),
      result: { state: 'failed', round: 0, reason: 'the server ended' },
      load: null,
      kernelGrownBytes: null,
    };
    const row = onlyRow([...runs, failed]);
    expect(row).toMatchObject({ cpu: null, check: null, memoryPerClient: null, kernelMemoryPerClient: null });
    expect(row.measurements.map(({ state, use }) => [state, use])).toEqual([
      ['completed', 'fit'],
      ['completed', 'fit'],
      ['failed', 'none'],
    ]);
    expect(costNotes(report([...runs, failed]))).toEqual([
      'TCP: no model: too few sound measurements for a model and its errors: 2.',
      'TCP: no memory per client: a slope takes 3 different numbers of clients, there are 1.',
      'TCP: no kernel memory per client: a slope takes 3 different numbers of clients, there are 1.',
      'TCP: one run of 3 left out (failed: the server ended).',
    ]);
  });

  it('has nothing but reasons where nothing was run', () => {
    expect(onlyRow([])).toMatchObject({ cpu: null, memoryPerClient: null, measurements: [] });
    expect(costNotes(report([]))).toEqual(['TCP: nothing was measured.']);
  });

  it('has no kernel memory and no busy time where the system does not tell', () => {
    const runs = RUNS.map((run) => ({
      ...run,
      kernelGrownBytes: null,
      load: run.load && { ...run.load, machineBusyUsPerSecond: null },
    }));
    const row = onlyRow(runs);
    expect(row.kernelMemoryPerClient).toBeNull();
    expect(row.notMeasured.kernelMemoryPerClient).toMatch(/does not tell/);
    expect(row.cpu).not.toBeNull();
  });

  it('says "not linear here", where, and what the costs are then', () => {
    const runs = RUNS.map((run, index) => ({
      ...run,
      load: run.load && { ...run.load, cpuUsPerSecond: run.load.cpuUsPerSecond * (index === 2 ? 2.5 : 1) },
    }));
    expect(onlyRow(runs).cpu?.linear).toBe(false);
    expect(costNotes(report(runs))[0]).toMatch(/^TCP: not linear here: the model misses \S+ by \d+\.\d %, more than/);
  });

  it('gets its own runs only', () => {
    const other = { ...PUSH, label: 'Other' };
    const twice = { ...COST, delivery: 18 };
    const runs = [...RUNS, ...POINTS.map((point) => costRun(1, point, twice))];
    const { transports } = report(runs, { rows: [PUSH, other] });
    expect(transports.map(({ cpu }) => Math.round(cpu?.perDelivery?.us ?? 0))).toEqual([9, 18]);
  });
});
