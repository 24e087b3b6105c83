import { LatencyHistogram } from '../../metrics/histogram.js';
import type { CompletedRun } from '../../report/schema.js';
import { makePlan } from '../../scenario/plan.js';
import type { Row, Scenario } from '../../scenario/scenario.js';
import { WAIT } from '../../scenario/when-full.js';
import { runSuite } from '../suite.js';
import { ATTEMPTS, afterAttempts, type Check, check } from './check.js';

/** Intervals of a poll in the window. */
const INTERVALS = 8;
/** What timers, processes and the way from the poll to the callback may add to a wait, ms. */
const SLACK_MS = 20;
/** Kolmogorov's distance × √n that chance exceeds once in 10,000 times. */
const KOLMOGOROV = 2.23;

interface RunChecks {
  readonly delivery: readonly Check[];
  readonly waits: readonly Check[];
}

/**
 * A short real run, in processes of its own: what it says of delivery and, if `looksAtWaits`, of how long polls made
 * messages wait. For the waits it is tried again; what it says of delivery counts each time.
 */
export async function runChecks(row: Row, looksAtWaits: boolean, signal: AbortSignal): Promise<RunChecks> {
  for (let attempt = 1; ; attempt++) {
    const { delivery, waits } = await runOnce(row, signal);
    const judged = looksAtWaits ? waits.map((one) => afterAttempts(one, attempt)) : [];
    const late = delivery.every(({ state }) => state === 'passed') && judged.some(({ state }) => state === 'failed');
    if (!late || attempt === ATTEMPTS) return { delivery, waits: judged };
  }
}

async function runOnce(row: Row, signal: AbortSignal): Promise<RunChecks> {
  const plan = makePlan(scenarioFor(row), [row], { descriptors: null, platform: process.platform });
  const results = await runSuite({
    plan,
    signal,
    pinned: false,
    wire: false,
    onEvent: () => {},
    onResult: async () => {},
  });
  signal.throwIfAborted();
  const result = results[0]?.[0];
  if (result?.state === 'completed') return { delivery: deliveryChecks(row, result), waits: waitChecks(row, result) };
  const failure = { subject: row.label, name: 'a short run', theory: null, measured: null };
  return { delivery: [check({ ...failure, unit: 'messages', note: result?.reason ?? 'no result' })], waits: [] };
}

function scenarioFor(row: Row): Scenario {
  return {
    name: 'verify',
    title: 'Verify',
    question: 'Does every message arrive, once and in order?',
    workload: {
      clients: 20,
      publish: 'server',
      channels: 1,
      ratePerSecond: 200,
      sizeBytes: 200,
      payload: 'text',
      arrivals: 'poisson',
      uplink: null,
      warmupMs: 200,
      durationMs: Math.max(1_000, INTERVALS * row.worstWaitMs),
    },
    scale: 1,
    toleratesMs: 1_000,
    rounds: 1,
    auto: null,
    seed: 1,
    workers: 1,
    probes: 10,
    interleaveMs: null,
    tls: false,
    auth: null,
    whenFull: WAIT,
    slowReaders: null,
    preset: null,
    via: null,
    network: null,
    heartbeatMs: null,
    faults: null,
    expect: [],
  };
}

function deliveryChecks({ label }: Row, { delivery }: CompletedRun): readonly Check[] {
  const count = (name: string, theory: number | null, measured: number | null) =>
    check({ subject: label, name, unit: 'messages', theory: known(theory), measured: known(measured) });
  return [
    count('delivered', delivery.expected, delivery.delivered),
    count('lost', 0, delivery.lost),
    count('duplicated', 0, delivery.duplicated),
    count('reordered', 0, delivery.reordered),
  ];
}

/** Of rtbench's own server every count is. @throws where it is not: a check of nothing would pass. */
function known(count: number | null): number {
  if (count === null) throw new Error('deliveries were not counted');
  return count;
}

/** Whenever a message comes, its poll is equally likely to be near or far. */
function waitChecks(row: Row, { latencyUs, samples }: CompletedRun): readonly Check[] {
  if (row.worstWaitMs === 0 || latencyUs.histogram === null) return [];
  const histogram = LatencyHistogram.decode(latencyUs.histogram);
  const intervalUs = row.worstWaitMs * 1_000;
  let distance = 0;
  for (let percentile = 1; percentile < 100; percentile++) {
    const uniform = Math.min(1, histogram.percentile(percentile) / intervalUs);
    distance = Math.max(distance, Math.abs(uniform - percentile / 100));
  }
  const slack = SLACK_MS / row.worstWaitMs;
  return [
    check({
      subject: row.label,
      name: 'Kolmogorov–Smirnov distance',
      unit: 'share',
      theory: 0,
      measured: distance,
      tolerance: KOLMOGOROV / Math.sqrt(samples.publishes) + slack,
      note:
        `of latency from uniform over ${row.worstWaitMs} ms; tolerance: chance of 1 in 10,000 at ` +
        `${samples.publishes.toLocaleString('en-US')} messages, and ${SLACK_MS} ms for the machine`,
    }),
    check({
      subject: row.label,
      name: 'median wait',
      unit: 'ms',
      theory: row.worstWaitMs / 2,
      measured: histogram.percentile(50) / 1_000,
      tolerance: row.worstWaitMs * (KOLMOGOROV / Math.sqrt(samples.publishes)) + SLACK_MS,
      note: null,
    }),
  ];
}
