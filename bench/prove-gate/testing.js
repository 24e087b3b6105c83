// @ts-check

/** @typedef {import('./proofs.js').Proof} Proof */

/**
 * A gate that somebody made up.
 *
 * @param {Partial<Proof>} changes
 * @returns {Proof}
 */
export function proofOf(changes) {
  return {
    number: 1,
    flags: [],
    startedAt: '2026-01-01T10:00:00.000Z',
    durationMs: 100_000,
    machine: { cpu: 'a CPU', cores: 2, node: 'v20.20.0', kernel: '6.1' },
    verdict: 'pass',
    used: 0,
    figures: [],
    pairs: [],
    ...changes,
  };
}

/**
 * Pairs of one figure.
 *
 * @param {import('./kinds.js').GateFigureName} name
 * @param {readonly (readonly [number, number])[]} values of base and head
 * @returns {Pick<Proof, 'used' | 'figures' | 'pairs'>}
 */
export function pairsOf(name, values) {
  const described = { name, title: name, unit: /** @type {const} */ ('µs'), path: name, threshold: 0.05 };
  const undecided = { noiseFloor: null, baseValue: null, headValue: null, interval: null, p: null, morePairs: null };
  return {
    used: values.length,
    figures: [{ ...described, ...undecided, ratio: 1, verdict: 'pass', reason: '' }],
    pairs: values.map(([base, head], round) => ({
      ...{ round, first: /** @type {const} */ ('base'), discarded: null },
      ...{ base: { [name]: base }, head: { [name]: head } },
    })),
  };
}
