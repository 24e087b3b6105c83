// @ts-check
import { median } from 'simple-statistics';

/**
 * Latencies of a run: values in µs, lowest first, and how often each was there.
 *
 * @typedef {import('../../dist/metrics/histogram.js').Buckets} Latencies
 */

/**
 * A stall of a server, of every 20th broadcast or so.
 *
 * @typedef {object} Stall
 * @property {number} us how long a broadcast is held
 * @property {number} share of the broadcasts that are
 */

/**
 * How long broadcasts have to be held for p99 to become `ratio` times what it is.
 *
 * With a share s of the latencies L moved by X, as many are beyond a value t as (1 − s)·P(L > t) + s·P(L > t − X). That is
 * 1 % at the new p99, which is found by halving; what is sought is the X at which the median of its ratio to the old one
 * over all runs is the one asked for. Messages that come while a broadcast is held wait too, and are left out: at 100/s and
 * 1 ms they are a tenth of the share, and most of them wait much shorter.
 *
 * @param {readonly Latencies[]} runs at least one
 * @param {{ share: number, ratio: number }} wish `share` above 1 %, so that there is such an X
 */
export function stallFor(runs, { share, ratio }) {
  let low = 0;
  let high = Math.max(...runs.map((run) => ratio * percentile(run, 99)));
  for (let step = 0; step < 40; step++) {
    const us = (low + high) / 2;
    if (ratioWith(runs, { us, share }) < ratio) low = us;
    else high = us;
  }
  return high;
}

/**
 * How many times as high p99 is with the stall, by the median over runs.
 *
 * @param {readonly Latencies[]} runs
 * @param {Stall} stall
 */
export function ratioWith(runs, stall) {
  return median(runs.map((run) => p99With(run, stall) / percentile(run, 99)));
}

/**
 * @param {Latencies} run
 * @param {Stall} stall
 */
function p99With(run, { us, share }) {
  let low = 0;
  let high = percentile(run, 100) + us;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    const beyond = (1 - share) * shareBeyond(run, middle) + share * shareBeyond(run, middle - us);
    if (beyond > 0.01) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * @param {Latencies} run
 * @param {number} us
 */
function shareBeyond({ valuesUs, counts }, us) {
  let beyond = 0;
  for (let at = counts.length - 1; at >= 0 && (valuesUs[at] ?? 0) > us; at--) beyond += counts[at] ?? 0;
  return beyond / sum(counts);
}

/**
 * @param {Latencies} run
 * @param {number} percent
 */
export function percentile({ valuesUs, counts }, percent) {
  const wanted = (percent / 100) * sum(counts);
  let passed = 0;
  const at = counts.findIndex((count) => {
    passed += count;
    return passed >= wanted;
  });
  return valuesUs.at(at) ?? 0;
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((all, value) => all + value, 0);
}
