// @ts-check

/** @typedef {import('../../dist/report/gate/figures.js').GateFigureName} GateFigureName */

/**
 * How head's latencies are raised.
 *
 * @typedef {object} Slower
 * @property {number} p99 by how much: 0.1 is 10 %
 * @property {number} everyBroadcasts so many broadcasts have one that is held; 1: all of them are
 */

/**
 * What head is in a gate, and what the gate should say of it.
 *
 * @typedef {object} Kind
 * @property {string} title
 * @property {'timing' | 'exact'} tier
 * @property {'regression' | 'no regression'} expected
 * @property {number} gates as many as there are unless somebody says how many
 * @property {number} [burned] of the server's CPU, on top: 0.05 is 5 %
 * @property {boolean} [neighbour] whether a process beside it burns a core 30 % of the time
 * @property {Slower} [slower]
 * @property {readonly string[]} [flags] of the gate, after those of all, over which they are
 * @property {number} [padding] bytes more in each message
 * @property {GateFigureName} [figure] in which head differs, or does not
 */

/** p99 is asked for: it is not in the family of those who ask for nothing. */
const p99At = (/** @type {string} */ threshold) => ['--figures', 'cpu,p50,p99', '--threshold', `p99=${threshold}`];

/** @type {Readonly<Record<string, Kind>>} */
export const KINDS = {
  same: { title: 'the same', tier: 'timing', expected: 'no regression', gates: 60, figure: 'cpu' },
  neighbour: {
    ...{ title: 'the same, beside a busy neighbour', tier: 'timing', expected: 'no regression', gates: 60 },
    ...{ neighbour: true, figure: 'cpu' },
  },
  cpu5: {
    ...{ title: '5 % more server CPU', tier: 'timing', expected: 'regression', gates: 60 },
    ...{ burned: 0.05, figure: 'cpu' },
  },
  cpu10: {
    ...{ title: '10 % more server CPU', tier: 'timing', expected: 'regression', gates: 60 },
    ...{ burned: 0.1, figure: 'cpu' },
  },
  'latency-10': {
    ...{ title: 'each message later by 10 % of p99', tier: 'timing', expected: 'regression', gates: 60 },
    ...{ slower: { p99: 0.1, everyBroadcasts: 1 }, figure: 'p99', flags: p99At('10%') },
  },
  'tail-10': {
    ...{ title: '10 % more p99, and little else', tier: 'timing', expected: 'regression', gates: 60 },
    // Every 20th: five times as many as there are beyond a p99. A change of the threshold could not be told from it.
    ...{ slower: { p99: 0.1, everyBroadcasts: 20 }, figure: 'p99', flags: p99At('5%') },
  },
  'byte-same': { title: 'the same bytes', tier: 'exact', expected: 'no regression', gates: 20, padding: 0 },
  byte: { title: 'one byte more in each message', tier: 'exact', expected: 'regression', gates: 20, padding: 1 },
};

/**
 * What a gate of the kind is, beside the flags of all: other gates prove nothing of it.
 *
 * @typedef {Pick<Kind, 'burned' | 'neighbour' | 'slower' | 'flags'>} Settings
 *
 * @param {Kind} kind
 * @returns {Settings}
 */
export function settingsOf({ burned, neighbour, slower, flags }) {
  return {
    ...(burned !== undefined && { burned }),
    ...(neighbour !== undefined && { neighbour }),
    ...(slower !== undefined && { slower }),
    ...(flags !== undefined && { flags }),
  };
}

/** Kinds whose gates are counted together, and what has to come out. */
export const POOLS = [
  {
    title: 'nothing changed, quiet and beside a neighbour',
    kinds: ['same', 'neighbour'],
    required: '≤ 1 in 60 found, ≤ 10 % inconclusive',
  },
  { title: '10 % more CPU or p99', kinds: ['cpu10', 'latency-10'], required: '≥ 57 in 60 found' },
];
