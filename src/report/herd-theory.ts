import { randomStream } from '../random.js';
import { type ReconnectPolicy, waitMs } from '../scenario/reconnect-policy.js';

export interface HerdDesign {
  readonly clients: number;
  readonly policy: ReconnectPolicy;
  /** From the loss until the server is back, ms. */
  readonly awayMs: number;
  /** Width of the window of the peak, ms. */
  readonly windowMs: number;
  /** Width of the bins of the series, ms. */
  readonly binMs: number;
  readonly seed: number;
}

/** What a herd does that loses its server at one instant, and whose attempts and accepts take no time. */
export interface HerdTheory {
  /** Most accepts within any window of `windowMs`: mean over herds. */
  readonly peak: number;
  /** `null` where a policy that does not wait makes as many as the machine can. */
  readonly attemptsPerClient: number | null;
  /** Until so many clients are back, ms after the server is: mean over herds. */
  readonly backMs: { readonly p50: number; readonly p99: number; readonly all: number };
  /** Expected in each bin after the loss. */
  readonly acceptsPerBin: readonly number[];
  readonly attemptsPerBin: readonly number[] | null;
}

/** Herds drawn; fewer where they would take too many draws. */
const HERDS = 100;
const MAX_DRAWS = 5_000_000;
/** Of one client, until it counts as making as many as the machine can. */
const MAX_ATTEMPTS = 100_000;

/**
 * Attempt k of a client comes S_k = W_1 + … + W_k after its loss, where the policy draws wait W_k uniformly from a range
 * of its own. The server is away for D, so the client is accepted at the first S_k ≥ D. The density of accepts of one
 * client at t ≥ D is then
 *
 *   f(t) = Σ_k P(S_{k−1} < D, S_k = t),
 *
 * N times it the expected rate of accepts, and Σ_k of the density of S_k the rate of attempts until D.
 *
 * - Without jitter every S_k is one number: all N come at once, and the peak is N, whatever the window.
 * - With waits d·2^(k−1) + U(0, J), k attempts are needed with d·(2^k − 1) ≥ D, if D does not fall into their jitter: S_k
 *   is d·(2^k − 1) plus a sum of k uniforms (Irwin–Hall), N·P(|ΣU − kJ/2| < w/2) of which fall into the fullest window of
 *   w ≤ J: N·w/J for k = 1, N·(1 − (1 − w/2J)²) for k = 2.
 * - Full jitter, with the server back before the first attempts (D = 0): N·w/d, the first cap.
 *
 * The largest count over all windows of a herd of finite N is above the largest expected count: with 2,000 clients by up to
 * a tenth where hundreds share a window, and by far more where few do. It is therefore taken as what it is, the
 * mean over herds drawn from these distributions, by the same count that is taken of the measured accepts.
 */
export function herdTheory(design: HerdDesign): HerdTheory {
  const { clients, policy, awayMs, windowMs, binMs, seed } = design;
  const random = randomStream(seed, `theory of ${policy.spec}`);
  const accepts = new Bins(binMs);
  const attempts = new Bins(binMs);
  const sums = { peak: 0, attempts: 0, p50: 0, p99: 0, all: 0 };
  let countable = true;
  let herds = 0;
  for (; herds < HERDS && (herds === 0 || sums.attempts < MAX_DRAWS); herds++) {
    const times = new Float64Array(clients);
    for (let client = 0; client < clients; client++) {
      const path = pathOf(policy, awayMs, random, attempts);
      if (path.attempts === null) countable = false;
      sums.attempts += path.attempts ?? 1;
      times[client] = path.acceptMs;
      accepts.add(path.acceptMs);
    }
    times.sort();
    sums.peak += mostWithin(times, windowMs);
    sums.p50 += (shareOf(times, 0.5) ?? 0) - awayMs;
    sums.p99 += (shareOf(times, 0.99) ?? 0) - awayMs;
    sums.all += (shareOf(times, 1) ?? 0) - awayMs;
  }
  return {
    peak: sums.peak / herds,
    attemptsPerClient: countable ? sums.attempts / (herds * clients) : null,
    backMs: { p50: sums.p50 / herds, p99: sums.p99 / herds, all: sums.all / herds },
    acceptsPerBin: accepts.perHerd(herds),
    attemptsPerBin: countable ? attempts.perHerd(herds) : null,
  };
}

function pathOf(
  policy: ReconnectPolicy,
  awayMs: number,
  random: () => number,
  attempts: Bins,
): { acceptMs: number; attempts: number | null } {
  let atMs = 0;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    if (policy.waitRange(attempt).highMs === 0) return { acceptMs: Math.max(atMs, awayMs), attempts: null };
    atMs += waitMs(policy, attempt, random);
    attempts.add(atMs);
    if (atMs >= awayMs) return { acceptMs: atMs, attempts: attempt };
  }
  return { acceptMs: awayMs, attempts: null };
}

/** Most of these times (ascending) that lie within any half-open window of this width. */
export function mostWithin(times: ArrayLike<number>, width: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < times.length; last++) {
    while ((times[last] ?? 0) - (times[first] ?? 0) >= width) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The time (of ascending ones) by which at least this share had come; `null` where there are none. */
export function shareOf(times: ArrayLike<number>, share: number): number | null {
  return times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? null;
}

/** Counts by time in bins of equal width, from 0. */
export class Bins {
  readonly #binMs: number;
  readonly #counts: number[] = [];

  constructor(binMs: number) {
    this.#binMs = binMs;
  }

  add(atMs: number, times = 1): void {
    const bin = Math.max(0, Math.floor(atMs / this.#binMs));
    while (this.#counts.length <= bin) this.#counts.push(0);
    this.#counts[bin] = (this.#counts[bin] ?? 0) + times;
  }

  /** Mean over so many herds, to 3 digits after the point. */
  perHerd(herds: number): readonly number[] {
    return this.#counts.map((count) => Math.round((1_000 * count) / herds) / 1_000);
  }
}
