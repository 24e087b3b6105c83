// @ts-check
import { parseArgs } from 'node:util';
import { messageOf, UsageError } from '../dist/errors.js';

/**
 * @typedef {object} Options
 * @property {number} pairs pairs of trials for each contest
 * @property {number} clients
 * @property {number} ratePerSecond messages published a second; each goes to every client
 * @property {number} seconds of the window
 * @property {readonly string[]} only names of contests; empty: all of them
 * @property {string | undefined} profile folder for CPU profiles; given, no table is written
 * @property {string} out file of the table
 * @property {boolean} help
 */

export const HELP = `npm run bench -- [options]

  --pairs N       pairs of trials for each row (5)
  --clients N     simulated clients (100)
  --rate N        messages published a second, each to every client (100)
  --seconds N     length of the window that is measured (3)
  --only NAME     a technique, autocannon or wrk; may be repeated (all)
  --profile DIR   writes CPU profiles of the measured processes (those of the last pair) to DIR, and no table:
                  profiling changes the figures
  --out FILE      where the table goes (reports/bench/generator.md)`;

const DEFAULT_OUT = 'reports/bench/generator.md';

/**
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws {UsageError} with every problem
 */
export function parseOptions(args) {
  const { pairs, clients, rate, seconds, ...rest } = parse(args);
  const problems = /** @type {string[]} */ ([]);
  /** @type {(flag: string, text: string, whole: boolean) => number} */
  const positive = (flag, text, whole) => {
    const value = Number(text);
    const fits = value > 0 && Number.isFinite(value) && (!whole || Number.isInteger(value));
    if (!fits) problems.push(`--${flag} must be a ${whole ? 'whole ' : ''}number above 0, got "${text}"`);
    return value;
  };
  const options = {
    pairs: positive('pairs', pairs, true),
    clients: positive('clients', clients, true),
    ratePerSecond: positive('rate', rate, false),
    seconds: positive('seconds', seconds, false),
    only: rest.only ?? [],
    profile: rest.profile,
    out: rest.out,
    help: rest.help,
  };
  if (problems.length > 0) throw new UsageError(problems);
  return options;
}

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        pairs: { type: 'string', default: '5' },
        clients: { type: 'string', default: '100' },
        rate: { type: 'string', default: '100' },
        seconds: { type: 'string', default: '3' },
        only: { type: 'string', multiple: true },
        profile: { type: 'string' },
        out: { type: 'string', default: DEFAULT_OUT },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\n\n${HELP}`);
  }
}
