// @ts-check
import { existsSync } from 'node:fs';
import { registry } from '../dist/cli/registry.js';
import { UsageError } from '../dist/errors.js';
import { resolveRows } from '../dist/scenario/rows.js';
import { TOOLS } from './tools.js';

/**
 * A process whose CPU is measured. It speaks the protocol of a load process.
 *
 * @typedef {object} Subject
 * @property {string} title
 * @property {URL} entry
 */

/**
 * The generator and what it is compared with, on the same server under the same load.
 *
 * @typedef {object} Contest
 * @property {string} name as in `--only`
 * @property {string} title
 * @property {import('../dist/scenario/scenario.js').Row} row
 * @property {number} ratePerSecond messages published a second
 * @property {'delivery' | 'poll'} unit what the CPU time is divided by
 * @property {Subject} generator
 * @property {Subject} rival
 * @property {boolean} sameRate false: the rival goes as fast as it can, and a ratio would mean nothing
 * @property {number | null} maxRatio the median of generator over rival is to stay at or below it
 */

/** What the generator may cost, of what a control with an empty handler does. */
const MAX_RATIO = new Map([
  ['websocket', 1.25],
  ['sse', 1.25],
]);

/**
 * Fast enough that a poll's cost shows above an idle process, and shared out evenly by tools that count in seconds. The
 * polls are empty: autocannon and wrk repeat one URL, so that a cursor could not move.
 */
const POLLING = 'short-polling:intervalMs=50ms';

/** @type {Subject} */
const GENERATOR = { title: 'generator', entry: new URL('../dist/load/main.js', import.meta.url) };

/**
 * A contest for each technique that has a control, and for each tool that is installed.
 *
 * @param {Pick<import('./options.js').Options, 'only' | 'ratePerSecond'>} options
 * @returns {Promise<readonly Contest[]>}
 * @throws {UsageError} where `only` names what there is not
 */
export async function chooseContests({ only, ratePerSecond }) {
  const contests = [...(await techniqueContests(ratePerSecond)), ...(await toolContests())];
  const names = contests.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`--only ${unknown.join(', ')}: there are ${names.join(', ')} (a tool has to be installed)`);
  }
  return only.length > 0 ? contests.filter(({ name }) => only.includes(name)) : contests;
}

/**
 * @param {number} ratePerSecond
 * @returns {Promise<Contest[]>}
 */
async function techniqueContests(ratePerSecond) {
  const rows = await resolveRows([], 'server', registry);
  const controlled = rows.filter(({ transport }) => existsSync(new URL(`./controls/${transport}.js`, import.meta.url)));
  return controlled.map((row) => ({
    name: row.transport,
    title: row.label,
    row,
    ratePerSecond,
    unit: 'delivery',
    generator: GENERATOR,
    rival: { title: 'control', entry: new URL('./controls/main.js', import.meta.url) },
    sameRate: true,
    maxRatio: MAX_RATIO.get(row.transport) ?? null,
  }));
}

/** @returns {Promise<Contest[]>} */
async function toolContests() {
  const [row] = await resolveRows([{ spec: POLLING, where: 'bench' }], 'server', registry);
  if (!row) return [];
  return TOOLS.filter(({ version }) => version !== null).map((tool) => ({
    name: tool.name,
    title: `${row.label}, empty polls`,
    row,
    ratePerSecond: 0,
    unit: 'poll',
    generator: GENERATOR,
    rival: { title: tool.name, entry: tool.entry },
    sameRate: tool.fixedRate,
    maxRatio: null,
  }));
}
