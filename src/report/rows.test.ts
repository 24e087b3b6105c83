import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../metrics/histogram.js';
import { EXAMPLE_ROWS, exampleRun, exampleRuns, withoutLatency } from '../testing/example-report.js';
import { mergeHistograms } from './distribution.js';
import { nullPaths, reasonFor } from './not-measured.js';
import { reportRow, worstVerdict } from './rows.js';
import { type CompletedRow, type CompletedRun, type RunResult, rowSchema } from './schema.js';

const example = EXAMPLE_ROWS.webSocket;
const run = (round: number, changes: Partial<CompletedRun> = {}): CompletedRun => ({
  ...exampleRun(example, round),
  ...changes,
});
const failed = (round: number): RunResult => ({ state: 'failed', round, reason: 'the server process ended' });
const aborted = (round: number): RunResult => ({ state: 'aborted', round, reason: 'interrupted' });
const rowOf = (results: readonly RunResult[], planned = 3) => reportRow(example.row, results, planned);
const completedRowOf = (results: readonly RunResult[], planned = 3): CompletedRow => {
  const row = rowOf(results, planned);
  if (row.state !== 'completed') throw new Error(`the row is ${row.state}`);
  return row;
};

describe('state of a row', () => {
  it('is failed when a round failed, and says in which', () => {
    expect(rowOf([run(0), failed(1), run(2)])).toMatchObject({
      state: 'failed',
      verdict: 'invalid',
      reasons: ['round 2: the server process ended'],
    });
  });

  it('names the state of a round where it is not that of the row', () => {
    expect(rowOf([failed(0), aborted(1)]).reasons).toEqual([
      'round 1: the server process ended',
      'round 2: aborted: interrupted',
    ]);
  });

  it('is aborted when no round ran to its end', () => {
    expect(rowOf([aborted(0)])).toMatchObject({ state: 'aborted', reasons: ['round 1: interrupted'] });
    expect(rowOf([])).toMatchObject({ state: 'aborted', reasons: ['no round was run'] });
  });

  it('is completed when one round ran to its end, and says how many are missing', () => {
    expect(rowOf([run(0), aborted(1)])).toMatchObject({
      state: 'completed',
      verdict: 'valid',
      reasons: ['only 1 of 3 rounds were completed'],
    });
  });

  it('keeps all rounds, in order', () => {
    expect(rowOf([run(2), failed(1), run(0)]).rounds.map(({ round }) => round)).toEqual([0, 1, 2]);
  });
});

describe('verdict of a row', () => {
  it('is the worst of its rounds', () => {
    expect(worstVerdict(['suspect', 'valid', 'invalid', 'saturated'])).toBe('invalid');
    expect(worstVerdict(['valid', 'saturated', 'suspect'])).toBe('saturated');
    expect(worstVerdict([])).toBe('valid');
    expect(rowOf([run(0), run(1, { verdict: 'suspect', reasons: ['late'] }), run(2)]).verdict).toBe('suspect');
  });

  it('gives each reason once and names the rounds it holds for unless it holds for all', () => {
    const row = rowOf([
      run(0, { verdict: 'suspect', reasons: ['late', 'throttled'] }),
      run(1, { verdict: 'suspect', reasons: ['late', 'noisy', 'throttled'] }),
      run(2, { verdict: 'suspect', reasons: ['late'] }),
    ]);
    expect(row.reasons).toEqual(['late', 'rounds 1, 2: throttled', 'round 2: noisy']);
  });
});

describe('figures of a row', () => {
  const runs = exampleRuns(example);

  it('sums counts', () => {
    const row = completedRowOf(runs);
    expect(row.delivery.delivered).toBe(90_000);
    expect(row.samples).toEqual({ publishes: 900, deliveries: 4_500 });
    expect(row.connections.opened).toBe(300);
    expect(row.bytes.phases.window.down).toBe(3 * 204 * 30_000);
    expect(row.bytes.frames).toBe(90_000);
  });

  it('takes percentiles from merged histograms, not from averages of percentiles', () => {
    const latency = (valueUs: number, count: number) => {
      const histogram = new LatencyHistogram();
      for (let i = 0; i < count; i++) histogram.record(valueUs);
      return { ...run(0).latencyUs, histogram: histogram.encode() };
    };
    const row = completedRowOf([run(0, { latencyUs: latency(100, 900) }), run(1, { latencyUs: latency(900, 100) })], 2);
    expect(row.latencyUs).toMatchObject({ count: 1_000, p50: 100, p90: 100, max: 900, mean: 180 });
    expect(mergeHistograms([row.latencyUs.histogram]).count).toBe(1_000);
  });

  it('counts the publishes of all rounds towards p99, while the spread needs one in a round', () => {
    const few = [0, 1, 2].map((round) => {
      const base = run(round, { samples: { publishes: 120, deliveries: 600 } });
      return {
        ...base,
        latencyUs: { ...base.latencyUs, p99: null },
        notMeasured: { ...base.notMeasured, 'latencyUs.p99': 'few' },
      };
    });
    const row = completedRowOf(few);
    expect(row.latencyUs.p99).not.toBeNull();
    expect(row.spread.latencyUs.p99).toEqual({ median: null, min: null, max: null });
    expect(reasonFor(row.notMeasured, 'spread.latencyUs.p99.median')).toBe('few');
  });

  it('weighs figures per message by the messages of their rounds', () => {
    const weighed = (round: number, delivered: number, cpuUsPerMessage: number) =>
      run(round, {
        delivery: { ...runs0.delivery, delivered },
        server: { ...runs0.server, cpuUsPerMessage },
      });
    const runs0 = run(0);
    const row = completedRowOf([weighed(0, 1_000, 10), weighed(1, 3_000, 20)], 2);
    expect(row.server.cpuUsPerMessage).toBe(17.5);
    expect(row.spread.serverCpuUsPerMessage).toEqual({ median: 15, min: 10, max: 20 });
  });

  it('weighs ages by their time, and takes their p99 from the histograms together', () => {
    const aged = (round: number, ageMs: number, clientMs: number) => {
      const histogram = new LatencyHistogram();
      histogram.recordTimes(ageMs * 1_000, clientMs);
      return run(round, { stalenessMs: { mean: ageMs, p99: null, clientMs, histogram: histogram.encode() } });
    };
    const { stalenessMs } = completedRowOf([aged(0, 10, 3_000), aged(1, 50, 1_000)], 2);
    expect(stalenessMs).toMatchObject({ mean: 20, clientMs: 4_000 });
    expect(stalenessMs.p99).toBeCloseTo(50, 1);
    const nearlyAll = completedRowOf([aged(0, 10, 9_960), aged(1, 50, 40)], 2);
    expect(nearlyAll.stalenessMs.p99).toBeCloseTo(10, 1);
  });

  it('weighs the stages of latency by the deliveries of their rounds, so that they still add up', () => {
    const parts = (deliveries: number, us: number) => {
      const stages = { scheduleLagUs: us, ingressUs: 2 * us, turnUs: 3 * us, transportUs: 4 * us };
      return { deliveries, latencyUs: 10 * us, ...stages };
    };
    const none = exampleRun(example, 0).attribution;
    const staged = (round: number, deliveries: number, us: number) =>
      run(round, { attribution: { ...none, mean: parts(deliveries, us) } });
    const { attribution } = completedRowOf([staged(0, 300, 1), staged(1, 100, 5)], 2);
    expect(attribution.mean).toEqual(parts(400, 2));
  });

  it('leaves rounds out that did not measure a figure, and keeps the reason where none did', () => {
    const without = (round: number) => run(round, { server: { ...run(0).server, rssBytes: null } });
    const some = completedRowOf([without(0), run(1), without(2)]);
    expect(some.server.rssBytes).toBe(71_303_168);
    const none = completedRowOf(
      [0, 1, 2].map((round) => ({ ...without(round), notMeasured: { 'server.rssBytes': 'no /proc' } })),
    );
    expect(none.server.rssBytes).toBeNull();
    expect(none.notMeasured['server.rssBytes']).toBe('no /proc');
  });

  it('gives the reason of the rounds for a distribution that none of them has', () => {
    const row = completedRowOf(runs.map((result) => (result.state === 'completed' ? withoutLatency(result) : result)));
    expect(row.latencyUs.count).toBe(0);
    expect(reasonFor(row.notMeasured, 'latencyUs.p50')).toBe('nothing was recorded');
    expect(reasonFor(row.notMeasured, 'spread.latencyUs.p50.median')).toBe('nothing was recorded');
  });

  it.each(Object.entries(EXAMPLE_ROWS))('has a reason for every null and fits the schema: %s', (_, each) => {
    const row = reportRow(each.row, exampleRuns(each), 3);
    expect(rowSchema.parse(row)).toEqual(row);
    if (row.state !== 'completed') throw new Error(`the row is ${row.state}`);
    const nulls = nullPaths({ ...row, rounds: [] });
    expect(nulls.length).toBeGreaterThan(0);
    expect(nulls.filter((path) => reasonFor(row.notMeasured, path) === undefined)).toEqual([]);
    expect(Object.values(row.notMeasured)).not.toContain('no round measured it');
  });
});

describe('intervals', () => {
  const six = Array.from({ length: 6 }, (_, round) => run(round));

  it('need 6 rounds, and say so', () => {
    const { interval, notMeasured } = completedRowOf(six.slice(0, 5), 5);
    expect(interval.latencyUs.p50).toEqual({ low: null, high: null });
    expect(reasonFor(notMeasured, 'interval.latencyUs.p50.low')).toBe('an interval takes 6 rounds, there were 5');
    expect(reasonFor(notMeasured, 'interval.serverCpuUsPerMessage.high')).toBe(
      'an interval takes 6 rounds, there were 5',
    );
  });

  it('hold the figure they belong to, and lie within the range of the rounds', () => {
    const { interval, spread, latencyUs } = completedRowOf(six, 6);
    for (const name of ['p50', 'p99'] as const) {
      const { low, high } = interval.latencyUs[name];
      expect(low).toBeLessThanOrEqual(latencyUs[name] ?? Number.NaN);
      expect(high).toBeGreaterThanOrEqual(latencyUs[name] ?? Number.NaN);
      expect(low).toBeGreaterThanOrEqual(spread.latencyUs[name].min ?? Number.NaN);
      expect(high).toBeLessThanOrEqual(spread.latencyUs[name].max ?? Number.NaN);
    }
    expect(interval.bytesPerMessage.down).toEqual({ low: 204, high: 204 });
  });

  it('lack what their figure lacks, for its reason', () => {
    const none = six.map((one) => ({ ...one, samples: { publishes: 40, deliveries: 200 } }));
    const { interval, notMeasured } = completedRowOf(none, 6);
    expect(interval.latencyUs.p50.low).not.toBeNull();
    expect(interval.latencyUs.p99).toEqual({ low: null, high: null });
    expect(reasonFor(notMeasured, 'interval.latencyUs.p99.low')).toBe('needs 299 publishes, there were 240');
  });

  it('are of the rounds that have the figure', () => {
    const memory = six.map((one, index) =>
      index < 2 ? { ...one, server: { ...one.server, rssPerClientBytes: null } } : one,
    );
    const { interval, notMeasured } = completedRowOf(memory, 6);
    expect(interval.rssPerClientBytes).toEqual({ low: null, high: null });
    expect(reasonFor(notMeasured, 'interval.rssPerClientBytes.low')).toBe('an interval takes 6 rounds, there were 4');
  });
});
