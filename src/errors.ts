/** Process exit codes; when several apply, the first of 130, 2, 3, 1 wins. */
export const EXIT = {
  ok: 0,
  /** A check failed: a regression, a threshold. */
  checkFailed: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** A run failed or is invalid. */
  runFailed: 3,
  interrupted: 130,
} as const;

/**
 * A mistake in what the user gave: flags, files, a scenario that this machine cannot carry. Each problem says what,
 * where and what to do. Ends the command with exit code 2 and without a stack trace.
 */
export class UsageError extends Error {
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[]) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'));
    this.name = 'UsageError';
    this.problems = list;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
