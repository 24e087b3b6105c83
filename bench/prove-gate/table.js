// @ts-check
import { median } from 'simple-statistics';
import { lowerBound, upperBound } from './bounds.js';
import { KINDS, POOLS } from './kinds.js';
import { percent, shellBlock, table, wrapped } from './markdown.js';
import { NAIVE_GATES } from './naive.js';

/** @typedef {import('./proofs.js').Proof} Proof */
/** @typedef {import('./kinds.js').Kind} Kind */

/**
 * All gates there are, by the name of their kind.
 *
 * @param {(name: string) => readonly Proof[]} proofsOf
 * @param {{ flags: readonly string[], folder: string }} design of the timing tier
 */
export function renderTable(proofsOf, { flags, folder }) {
  const kinds = Object.entries(KINDS).map(([name, kind]) => ({ kind, proofs: proofsOf(name) }));
  const made = kinds.filter(({ proofs }) => proofs.length > 0);
  const timing = made.filter(({ kind }) => kind.tier === 'timing');
  const exact = made.filter(({ kind }) => kind.tier === 'exact');
  const all = made.flatMap(({ proofs }) => proofs);
  if (all.length === 0) return `There is no gate of this design in ${folder} yet.\n`;
  return [
    '# What the gates find, and what they find where nothing is',
    '',
    ...wrapped(`${aboutWhole(all)} Raw data: \`${folder}/KIND.jsonl\`, a line a gate.`),
    '',
    ...(timing.length > 0 ? [...timingTable(timing), '', ...pooledTable(proofsOf), '', ...aboutTiming(flags), ''] : []),
    ...timing.flatMap(({ kind, proofs }) => injectedLines(kind, proofs)),
    ...(exact.length > 0 ? [...exactTable(exact), '', ...ABOUT_EXACT, ''] : []),
  ].join('\n');
}

/** @param {readonly string[]} flags */
function aboutTiming(flags) {
  return [
    'Each gate is a whole one:',
    '',
    ...shellBlock(['rtbench', 'check', ...flags, '--head-with', 'ws=COPY']),
    '',
    ...wrapped(
      'Bounds are one-sided, 95 % (Clopper and Pearson). A gate that is inconclusive has found nothing and excluded nothing: it counts as not found. _Ratio_ is ' +
        'head over base in the figure that head was made worse in, the median over gates.',
    ),
    '',
    ...wrapped(
      'The naive gates look at the same runs in the order in which they were measured; the number is how many of the gates ' +
        'they would have called a regression. _One run, stored baseline, 10 %_ holds the first run of each gate’s head against ' +
        'the first run of base in the first gate of the kind. _Mann–Whitney, base first_ takes base’s runs of the first half of ' +
        'a gate and head’s of the second half, as a job that measures one after the other does, with half as many runs; ' +
        '_Mann–Whitney, same runs_ takes all of them, which lie side by side, without their pairs. Both at 5 %, divided by the ' +
        'number of figures.',
    ),
  ];
}

const ABOUT_EXACT = [
  'Each: `rtbench check --save-baseline` of `bench/prove-gate/websocket-plain.js`, then `rtbench check` against it: of the same,',
  'and of `websocket-padded.js`, which has one byte more in each message.',
];

/** @param {readonly Proof[]} proofs */
function aboutWhole(proofs) {
  const dates = proofs.map(({ startedAt }) => startedAt.slice(0, 10)).sort();
  const machines = new Set(
    proofs.map(({ machine: { cpu, cores, node, kernel } }) => `${cpu}, ${cores} cores, Node ${node}, Linux ${kernel}`),
  );
  const when = dates[0] === dates.at(-1) ? dates[0] : `${dates[0]} to ${dates.at(-1)}`;
  return `Made by \`npm run prove-gate\`, ${when}, on ${[...machines].join('; ')}.`;
}

/** @param {readonly { kind: Kind, proofs: readonly Proof[] }[]} kinds */
function timingTable(kinds) {
  const heads = ['what head is', 'gates', 'regression', 'pass', 'inconclusive', 'bound, 95 %', 'pairs', 'ratio'];
  return table(
    [...heads, ...NAIVE_GATES.map(({ title }) => title)],
    kinds.map(({ kind, proofs }) => [
      kind.title,
      proofs.length,
      countOf(proofs, 'regression'),
      countOf(proofs, 'pass'),
      inconclusive(proofs),
      bound(kind.expected, proofs),
      median(proofs.map(({ used }) => used)),
      ratioReached(kind, proofs),
      ...NAIVE_GATES.map(
        ({ finds }) => proofs.filter((proof) => finds(proof, /** @type {Proof} */ (proofs[0]))).length,
      ),
    ]),
  );
}

/** @param {(name: string) => readonly Proof[]} proofsOf */
function pooledTable(proofsOf) {
  const pools = POOLS.flatMap(({ title, kinds, required }) => {
    const proofs = kinds.flatMap((name) => proofsOf(name));
    const expected = KINDS[kinds[0] ?? '']?.expected ?? 'regression';
    const found = countOf(proofs, 'regression');
    if (proofs.length === 0) return [];
    return [[title, proofs.length, found, inconclusive(proofs), bound(expected, proofs), required]];
  });
  return table(['together', 'gates', 'regression', 'inconclusive', 'bound, 95 %', 'required'], pools);
}

/** @param {readonly { kind: Kind, proofs: readonly Proof[] }[]} kinds */
function exactTable(kinds) {
  return table(
    ['exact figures, what head is', 'checks', 'failed', 'passed', 'bound, 95 %', 'figures that differed', 'required'],
    kinds.map(({ kind, proofs }) => {
      const differences = new Set(proofs.map(({ exact }) => `${exact?.differences.length} of ${exact?.compared}`));
      return [
        ...[kind.title, proofs.length, countOf(proofs, 'regression'), countOf(proofs, 'pass')],
        ...[bound(kind.expected, proofs), [...differences].join(', ')],
        kind.expected === 'regression'
          ? `${kind.gates} of ${kind.gates} failed`
          : `${kind.gates} of ${kind.gates} passed`,
      ];
    }),
  );
}

/**
 * @param {Kind} kind
 * @param {readonly Proof[]} proofs
 */
function injectedLines({ title, flags = [] }, proofs) {
  const injected = proofs.flatMap((proof) => proof.injected ?? []);
  const [first] = injected;
  if (first === undefined) return [];
  const range = (/** @type {readonly number[]} */ values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)].map((us) => (us / 1_000).toFixed(2));
    return low === high ? `${low} ms` : `${low} to ${high} ms`;
  };
  return [
    ...wrapped(
      `_${title}_: by a sleep of the server before ` +
        `${first.everyBroadcasts === 1 ? 'each broadcast' : `every ${first.everyBroadcasts}th broadcast`}, ${range(injected.map(({ us }) => us))} long: as long as it takes for 10 % by the latencies of a pilot, whose p50 is ` +
        `${range(injected.map(({ p50Us }) => p50Us))} and p99 ${range(injected.map(({ p99Us }) => p99Us))}.` +
        (flags.length > 0 ? ` Its gates have \`${flags.join(' ')}\`.` : ''),
    ),
    '',
  ];
}

/**
 * @param {Kind['expected']} expected
 * @param {readonly Proof[]} proofs at least one
 */
function bound(expected, proofs) {
  const found = countOf(proofs, 'regression');
  return expected === 'no regression'
    ? `false alarms ≤ ${percent(upperBound(found, proofs.length))}`
    : `found ≥ ${percent(lowerBound(found, proofs.length))}`;
}

/** @param {readonly Proof[]} proofs */
function inconclusive(proofs) {
  const count = countOf(proofs, 'inconclusive');
  return `${count} (${percent(count / proofs.length)})`;
}

/**
 * @param {Kind} kind
 * @param {readonly Proof[]} proofs
 */
function ratioReached({ figure }, proofs) {
  const ratios = proofs.flatMap(({ figures }) => figures.find(({ name }) => name === figure)?.ratio ?? []);
  return ratios.length === 0 ? '–' : `${figure} × ${median(ratios).toFixed(3)}`;
}

/**
 * @param {readonly Proof[]} proofs
 * @param {Proof['verdict']} verdict
 */
function countOf(proofs, verdict) {
  return proofs.filter((proof) => proof.verdict === verdict).length;
}
