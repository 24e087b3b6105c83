// @ts-check
import { parseArgs } from 'node:util';
import { messageOf, UsageError } from '../../dist/errors.js';
import { KINDS } from './kinds.js';

export const HELP = `npm run prove-gate -- [options] [-- flags of rtbench check]

Whole gates on this machine, of a server against itself and against one that is worse by a known amount. What is there
already is not done again; Ctrl-C keeps every gate that was finished.

  --gates N     gates of each kind (60; 20 of exact figures)
  --kind NAME   ${Object.keys(KINDS).join(', ')};
                may be repeated (all)
  --minutes M   starts no gate that might not end within M minutes (as long as it takes)
  --out DIR     folder with a file of raw pairs for each kind (reports/gate)
  --table       measures nothing: writes DIR/README.md

Examples
  npm run prove-gate -- --kind byte --kind byte-same
  npm run prove-gate -- --kind same --kind cpu10 --minutes 90
  npm run prove-gate -- --kind tail-10 --gates 3 --out /tmp/gate -- --budget 2m
  npm run prove-gate -- --table`;

/** Of the timing tier. All of it is said: defaults may change, and a proof is of what it was made with. */
const DESIGN = [
  ...['-t', 'websocket', '--clients', '20', '--rate', '250/s', '--duration', '2s', '--warmup', '500ms'],
  ...['--figures', 'cpu,p50', '--threshold', 'cpu=3%', '--threshold', 'p50=5%'],
  ...['--alpha', '5%', '--budget', '5m', '--pin', '--quiet'],
];

/**
 * @typedef {object} Options
 * @property {readonly string[]} kinds names
 * @property {number} gates of each kind at the most
 * @property {number} endMs after the start of this process
 * @property {string} out folder
 * @property {boolean} table
 * @property {boolean} help
 * @property {readonly string[]} flags of `rtbench check`, for the timing tier
 */

/**
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws {UsageError} with every problem
 */
export function parseOptions(args) {
  const { values, positionals } = parse(args);
  const problems = /** @type {string[]} */ ([]);
  const atLeastOne = (/** @type {'gates' | 'minutes'} */ flag) => {
    const text = values[flag];
    if (text === undefined) return Number.POSITIVE_INFINITY;
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1) problems.push(`--${flag}: \`${text}\` is not a whole number from 1`);
    return number;
  };
  for (const name of values.kind.filter((each) => KINDS[each] === undefined)) {
    problems.push(`--kind: there is no \`${name}\`; there are ${Object.keys(KINDS).join(', ')}`);
  }
  const { kind: kinds, out, table, help } = values;
  const [gates, minutes] = [atLeastOne('gates'), atLeastOne('minutes')];
  if (problems.length > 0) throw new UsageError(problems);
  return { kinds, gates, endMs: 60_000 * minutes, out, table, help, flags: [...DESIGN, ...positionals] };
}

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        gates: { type: 'string' },
        kind: { type: 'string', multiple: true, default: Object.keys(KINDS) },
        minutes: { type: 'string' },
        out: { type: 'string', default: 'reports/gate' },
        table: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
