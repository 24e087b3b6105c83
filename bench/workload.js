// @ts-check
import { WAIT } from '../dist/scenario/when-full.js';
import { SERVER_LIMITS } from '../dist/server/limits.js';

/** Compilers settle within it: at the default load it is 20,000 deliveries. */
const WARMUP_MS = 2_000;
const SIZE_BYTES = 200;
/** Ids have this many digits, as in a run. */
const FIRST_ID = 10_000_001;

/**
 * @typedef {import('../dist/scenario/scenario.js').Workload} Workload
 */

/**
 * Every message goes to every client.
 *
 * @param {{ clients: number, ratePerSecond: number, seconds: number }} load
 * @returns {Workload}
 */
export function workloadOf({ clients, ratePerSecond, seconds }) {
  return {
    clients,
    publish: 'server',
    channels: 1,
    ratePerSecond,
    sizeBytes: SIZE_BYTES,
    payload: 'text',
    arrivals: 'poisson',
    uplink: null,
    warmupMs: WARMUP_MS,
    durationMs: seconds * 1_000,
  };
}

/**
 * How a server is started for a workload. The history holds twice what is published while the slowest reader waits.
 *
 * @param {Workload} workload
 * @param {number} worstWaitMs
 */
export function serverStart({ ratePerSecond, sizeBytes, payload }, worstWaitMs) {
  const messages = Math.max(1_000, Math.ceil(2 * ratePerSecond * (worstWaitMs / 1_000 + 1)));
  return {
    type: /** @type {const} */ ('start'),
    payload,
    limits: SERVER_LIMITS,
    firstId: FIRST_ID,
    history: { messages, bytes: messages * sizeBytes },
    addresses: ['127.0.0.1'],
    tls: null,
    whenFull: WAIT,
  };
}
