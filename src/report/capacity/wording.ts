import { formatRate } from '../../scenario/vary.js';
import { formatCount, formatDurationMs } from '../../units.js';
import { titleOf } from '../scale-wording.js';
import { counted, latencyMs, listed } from '../wording.js';
import { isOwnLimit, orderOfBounds } from './bounds.js';
import type { CapacityReport, CapacityRow } from './schema.js';
import type { Failure } from './search.js';

type Find = CapacityReport['find'];

export function capacityTitle({ find, objective, scenario }: CapacityReport): string {
  const what = find === 'clients' ? 'most clients' : 'highest rate';
  return `${titleOf(scenario)}: ${what} with p99 within ${formatDurationMs(objective.p99Ms)} and every message delivered`;
}

/** Short, for a column or an axis. */
export function formatLevel(find: Find, level: number): string {
  return find === 'clients' ? formatCount(level) : formatRate(level);
}

/** In a sentence. */
export function levelInWords(level: number, find: Find): string {
  return find === 'clients' ? counted(level, 'client') : formatRate(level).replace('/s', ' messages/s');
}

/** The bracket: what passes, and what does not. */
export function bracketInWords({ pass, fail }: Pick<CapacityRow, 'pass' | 'fail'>, find: Find): string {
  const [low, high] = [pass, fail].map((level) => (level === null ? '–' : formatLevel(find, level)));
  return `[${low}, ${high}]`;
}

/** Who gave out, in a word or two. */
export const FAILURE_WORDS: Readonly<Record<Failure, string>> = {
  latency: 'p99 too late',
  delivery: 'not delivered',
  server: 'server saturated',
  generator: 'generator-bound',
  run: 'run failed',
};

/** What ended the search, in a word or two. */
export function endInWords({ state, failedBy }: Pick<CapacityRow, 'state' | 'failedBy'>): string {
  if (state === 'limit') return 'limit of trials';
  if (state === 'interrupted') return 'interrupted';
  const by = failedBy === null ? '' : FAILURE_WORDS[failedBy];
  if (state === 'budget') return by === '' ? 'budget spent' : `${by}, budget spent`;
  return by;
}

/** What the brackets let one say. */
export function capacityStatements(report: CapacityReport): string[] {
  const { find, transports } = report;
  const statements = transports.map((row) => `${row.label}: ${capacitySentence(row, find)}.`);
  const told = transports.filter(({ group }) => group !== 'control');
  const apart = told.flatMap((more) => {
    const fewer = told.filter((less) => orderOfBounds(more, less) === 'higher').map(({ label }) => label);
    return fewer.length === 0 ? [] : [`${more.label} more than ${listed(fewer)}`];
  });
  if (apart.length > 0) statements.push(`Told apart, as their brackets do not touch: ${apart.join('; ')}.`);
  return statements;
}

/** What the search of one row says; a clause that can stand behind its label and a colon. */
export function capacitySentence(row: CapacityRow, find: Find): string {
  const { state, pass, fail, confirmed, failedBy, ceiling } = row;
  const level = (value: number) => levelInWords(value, find);
  if (pass === null) {
    if (fail === null)
      return state === 'budget' ? 'nothing was tried within its part of the budget' : 'nothing was tried to an end';
    const low = state === 'none' ? 'not even' : 'so far not';
    return `${low} ${level(fail)}, ${reasonOf(row)}`;
  }
  const surely = confirmed ? '' : ', not confirmed by a long stage';
  if (fail === null) {
    const why =
      state === 'limit'
        ? `nothing above it can be tried: ${ceiling.limit}`
        : `nothing above it was tried: ${endInWords(row)}`;
    return `at least ${level(pass)}${surely}; ${why}`;
  }
  if (!isOwnLimit(row)) {
    const who = failedBy === 'generator' ? 'the generator gave out first' : 'a run failed';
    return `at least ${level(pass)}${surely}; at ${level(fail)} ${who}, which says nothing of the server (${reasonOf(row)})`;
  }
  const unfinished =
    state === 'budget' || state === 'interrupted'
      ? `; ${state === 'budget' ? 'its part of the budget was spent' : 'interrupted'} before that was narrower`
      : '';
  return `${level(pass)} pass${surely}, ${level(fail)} do not: ${reasonOf(row)}${unfinished}`;
}

function reasonOf({ failReasons, failedBy }: CapacityRow): string {
  return failReasons[0] ?? (failedBy === null ? 'no reason' : FAILURE_WORDS[failedBy]);
}

/** Share of the machine from which on its clients and its server are in each other's way. */
const FULL_MACHINE = 0.9;

/** What holds for some rows only, and what to think of it. */
export function capacityNotes({ transports, budgetMs }: CapacityReport): string[] {
  const notes: string[] = [];
  const full = transports.filter(({ trials, pass, fail }) =>
    trials.some(
      ({ level, machineBusyShare }) => (level === pass || level === fail) && (machineBusyShare ?? 0) > FULL_MACHINE,
    ),
  );
  if (full.length > 0) {
    notes.push(
      `${listed(full.map(({ label }) => label))}: near the answer all cores together were busy more than ${100 * FULL_MACHINE} %, clients included; with the clients elsewhere the server would carry more.`,
    );
  }
  const spent = transports.filter(({ state }) => state === 'budget');
  if (spent.length > 0) {
    notes.push(
      `${listed(spent.map(({ label }) => label))}: ended by the budget of ${formatDurationMs(budgetMs)} (--budget); a longer one, or fewer transports, makes the bracket narrower.`,
    );
  }
  return notes;
}

export function capacityLegend({ find, within, objective, scenario }: CapacityReport): string[] {
  const doubled = find === 'clients' ? 'the number of clients' : 'the rate';
  return [
    `A level passes when two of three trials keep p99 within ${latencyMs(1_000 * objective.p99Ms)} ms and deliver every message; ${doubled} doubles until one does not, then the bracket is halved until its ends are ${Math.round(100 * within)} % apart, and the lower end must pass once more over a window four times as long.`,
    'The answer is the bracket: the highest level that passed, the lowest that did not. Levels between were not tried.',
    "generator-bound: what failed is the instrument (a late publisher, a starved process), so the server's own limit is higher.",
    `All of it is ${find === 'clients' ? `at ${formatRate(scenario.workload.ratePerSecond)}` : `with ${formatCount(scenario.workload.clients)} clients`}, on this machine with its clients on it, this Node, these libraries.`,
  ];
}
