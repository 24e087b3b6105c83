/**
 * The search for a capacity: doubling, bisection, one long confirming stage. A function of what was tried so far, so
 * that it can be held against oracles without measuring anything.
 */

/** What can end a level's hope: the objective was missed, the server or the generator gave out, or a run failed. */
export const FAILURES = ['generator', 'run', 'server', 'delivery', 'latency'] as const;
export type Failure = (typeof FAILURES)[number];
export type Outcome = 'pass' | Failure;

export interface SearchTrial {
  readonly level: number;
  /** `confirm`: the long stage, once a level has passed its trials. */
  readonly kind: 'trial' | 'confirm';
  readonly outcome: Outcome;
}

export interface SearchSettings {
  readonly start: number;
  /** Levels outside of these are not tried. */
  readonly least: number;
  readonly most: number;
  /** The bracket is narrow enough when its ends differ by this share of the lower one. */
  readonly within: number;
  /** To a level that can be tried: whole clients. Monotone; keeps what it has made. */
  readonly round: (level: number) => number;
}

/** What is known: the highest level that passes, and the lowest that does not. */
export interface Bracket {
  readonly pass: number | null;
  readonly fail: number | null;
  /** By what `fail` failed; null where nothing has. */
  readonly failedBy: Failure | null;
  /** `pass` has come through its long stage. */
  readonly confirmed: boolean;
}

export type NextStep =
  | { readonly type: 'trial' | 'confirm'; readonly level: number }
  /** `found`: narrow enough; `limit`: the highest level that may be tried passes; `none`: not even the lowest does. */
  | { readonly type: 'end'; readonly state: 'found' | 'limit' | 'none' };

/** Trials of a level that must agree, of three at the most. */
const MAJORITY = 2;

/** What to try next, or why nothing is left to be tried. */
export function nextStep(settings: SearchSettings, trials: readonly SearchTrial[]): NextStep {
  const undecided = trials.findLast(({ level }) => standingOf(level, trials) === 'undecided');
  if (undecided !== undefined) return { type: 'trial', level: undecided.level };
  const { pass, fail, confirmed } = bracketOf(trials);
  const level = levelBetween(settings, pass, fail);
  if (level !== null) return { type: 'trial', level };
  if (pass === null) return { type: 'end', state: 'none' };
  if (!confirmed) return { type: 'confirm', level: pass };
  return { type: 'end', state: fail === null ? 'limit' : 'found' };
}

/** What the trials so far say. Levels are tried inside of the bracket only, so `pass` is below `fail`. */
export function bracketOf(trials: readonly SearchTrial[]): Bracket {
  const levels = [...new Set(trials.map(({ level }) => level))];
  const failed = levels.filter((level) => standingOf(level, trials) === 'fail');
  const fail = failed.length > 0 ? Math.min(...failed) : null;
  const passed = levels.filter((level) => standingOf(level, trials) === 'pass');
  const pass = passed.length > 0 ? Math.max(...passed) : null;
  return {
    pass,
    fail,
    failedBy: fail === null ? null : blameFor(trials.filter(({ level }) => level === fail)),
    confirmed: pass !== null && trials.some(({ level, kind }) => level === pass && kind === 'confirm'),
  };
}

/** A level that fails its long stage has failed, however its trials went. */
function standingOf(level: number, trials: readonly SearchTrial[]): 'pass' | 'fail' | 'undecided' {
  const here = trials.filter((trial) => trial.level === level);
  if (here.some(({ kind, outcome }) => kind === 'confirm' && outcome !== 'pass')) return 'fail';
  const short = here.filter(({ kind }) => kind === 'trial');
  const passes = short.filter(({ outcome }) => outcome === 'pass').length;
  if (passes >= MAJORITY) return 'pass';
  return short.length - passes >= MAJORITY ? 'fail' : 'undecided';
}

/** What most of a level's failures were by; among equals the first of `FAILURES`, which says least of the server. */
function blameFor(trials: readonly SearchTrial[]): Failure | null {
  const count = (failure: Failure) => trials.filter(({ outcome }) => outcome === failure).length;
  const most = Math.max(...FAILURES.map(count));
  return most === 0 ? null : (FAILURES.find((failure) => count(failure) === most) ?? null);
}

/** `null` where the bracket is as narrow as it is to be. */
function levelBetween(
  { start, least, most, within, round }: SearchSettings,
  pass: number | null,
  fail: number | null,
): number | null {
  if (pass === null && fail === null) return round(start);
  if (pass === null) return fail !== null && fail > least ? Math.max(least, round(fail / 2)) : null;
  if (fail === null) return pass < most ? Math.min(most, round(pass * 2)) : null;
  const middle = round(Math.sqrt(pass * fail));
  const narrow = fail <= pass * (1 + within);
  return narrow || middle <= pass || middle >= fail ? null : middle;
}
