/**
 * What became of one thing that was checked. `not measured` is a failure, since nothing is known; `undecided` is none:
 * what was measured cannot tell, or there was nothing to hold it against.
 */
export type Outcome = 'passed' | 'failed' | 'not measured' | 'undecided';

export interface Finding {
  /** Whose figure: the label of a row. */
  readonly subject: string;
  /** What was checked, short: `latencyUs.p99 < 250 ms`. */
  readonly name: string;
  readonly outcome: Outcome;
  /** The same in a sentence, with the figure. */
  readonly text: string;
}

/** What a command checked, for whatever reads test results. */
export interface Findings {
  /** Of what: a scenario, a comparison. */
  readonly title: string;
  /** ISO 8601; `null`: not known. */
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  readonly list: readonly Finding[];
}

/** Whether it ends the command with exit code 1. */
export function isFailure({ outcome }: Finding): boolean {
  return outcome === 'failed' || outcome === 'not measured';
}
