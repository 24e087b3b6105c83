// @ts-check
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { planPairs, readPairRequest } from '../../dist/cli/gate-plan.js';
import { LatencyHistogram } from '../../dist/metrics/histogram.js';
import { measurePairs } from '../../dist/suite/gate/pairs.js';
import { percentile, ratioWith, stallFor } from './stall.js';

/**
 * What is done to head's latencies, and what it was chosen by.
 *
 * @typedef {object} Injected
 * @property {number} us how long a broadcast is held
 * @property {number} everyBroadcasts
 * @property {number} runs of the pilot, in which nothing is held
 * @property {number} p50Us of the pilot, median over its runs
 * @property {number} p99Us
 * @property {number} expectedRatio of p99, by the pilot's own latencies
 * @property {number} scale p99 of base in the gate before, over the pilot's: `us` is as many times what the pilot asks for
 * @property {string} measuredAt
 */

const PAIRS = 8;
/** A machine changes its mood; a pilot is half a gate. */
const MAX_AGE_MS = 30 * 60_000;

/** @type {{ runs: import('./stall.js').Latencies[], p99Us: number, measuredAt: string, atMs: number } | undefined} */
let latest;
/** Of the gate before, where there was one since the pilot. */
let scale = 1;

/** Whether the next `stallOf` measures. */
export function isPilotDue() {
  return latest === undefined || performance.now() - latest.atMs > MAX_AGE_MS;
}

/**
 * What base's p99 was in a gate: the machine may be another one by now than it was in the pilot.
 *
 * @param {readonly number[]} p99Us of its pairs
 */
export function noteP99(p99Us) {
  if (latest !== undefined && p99Us.length > 0) scale = median([...p99Us]) / latest.p99Us;
}

/**
 * How long broadcasts are to be held for p99 to be so much higher, by pairs of the program with itself under the load of
 * the gates; those of the last half hour do, stretched or shrunk to what p99 was in the gate before.
 *
 * @param {import('./kinds.js').Slower} slower
 * @param {readonly string[]} flags of the gates
 * @param {AbortSignal} signal
 * @returns {Promise<Injected | undefined>} `undefined` after an interruption
 */
export async function stallOf({ p99, everyBroadcasts }, flags, signal) {
  if (latest === undefined || isPilotDue()) {
    const measuredAt = new Date().toISOString();
    const runs = await latenciesOfRuns(flags, signal);
    if (signal.aborted) return undefined;
    if (runs.length === 0) throw new Error('the pilot has no run that is valid: the machine is too busy');
    latest = { runs, p99Us: median(runs.map((run) => percentile(run, 99))), measuredAt, atMs: performance.now() };
    scale = 1;
  }
  const { runs, p99Us, measuredAt } = latest;
  const share = 1 / everyBroadcasts;
  const pilotUs = stallFor(runs, { share, ratio: 1 + p99 });
  return {
    us: Math.round(scale * pilotUs),
    everyBroadcasts,
    runs: runs.length,
    p50Us: median(runs.map((run) => percentile(run, 50))),
    p99Us,
    expectedRatio: ratioWith(runs, { us: pilotUs, share }),
    scale,
    measuredAt,
  };
}

/**
 * @param {readonly string[]} flags
 * @param {AbortSignal} signal
 */
async function latenciesOfRuns(flags, signal) {
  const { transport, scenario, pin, load } = loadOf(flags);
  const request = { ...load, transport, threshold: [], alpha: '5%', pairs: String(PAIRS), figures: 'p99' };
  const { plan } = await planPairs(scenario, request, readPairRequest(request));
  const runs = /** @type {import('./stall.js').Latencies[]} */ ([]);
  await measurePairs({
    plan,
    signal,
    pinned: pin,
    identity: null,
    budgetMs: null,
    async onPair({ base, head }) {
      for (const { verdict, latencyUs } of [base, head]) {
        if (verdict === 'invalid' || latencyUs.histogram === null) continue;
        runs.push(LatencyHistogram.decode(latencyUs.histogram).buckets);
      }
      return runs.length < 2 * PAIRS;
    },
  });
  return runs;
}

/**
 * What flags of `rtbench check` say of the load; they may stand beside others.
 *
 * @param {readonly string[]} flags
 */
function loadOf(flags) {
  const text = /** @type {const} */ ({ type: 'string' });
  const no = /** @type {const} */ ({ type: 'boolean', default: false });
  const { values } = parseArgs({
    args: [...flags],
    options: {
      ...{
        transport: { type: 'string', short: 't', multiple: true },
        scenario: { type: 'string', default: 'default' },
      },
      ...{ clients: text, rate: text, size: text, duration: text, warmup: text, pin: no },
      ...{
        quiet: no,
        budget: text,
        pairs: text,
        figures: text,
        threshold: { ...text, multiple: true },
        alpha: text,
        noise: text,
      },
    },
  });
  const { transport = [], scenario, pin, clients, rate, size, duration, warmup } = values;
  const given = Object.entries({ clients, rate, size, duration, warmup }).filter(([, value]) => value !== undefined);
  return { transport, scenario, pin, load: Object.fromEntries(given) };
}
