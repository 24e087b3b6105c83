/** When a gate looks at its pairs. */
export interface Look {
  /** Pairs measured by then. */
  readonly pairs: number;
  /** How likely this look may find a regression, in any figure, where there is none. */
  readonly alpha: number;
}

/** Shares of the pairs at which there is a look. Each costs power, as all of them share one alpha. */
const LOOKS_AT: readonly number[] = [0.2, 0.35, 0.6, 1];

/**
 * The looks at up to `pairs` pairs, of a family of `figures` figures. By the share t of the pairs, α·t is spent (the
 * power family of Kim and DeMets 1987 with exponent 1): an early look gets enough to see what is plain, since most gates
 * need no more and somebody waits for each. What the looks get adds up to `alpha`, so that whatever they have to do with
 * each other, all of them together are wrong no more often than that (Bonferroni). A look at which not even pairs that
 * all agree could be told from chance is left out, and what it had is spent by the next one. Empty where there are too few
 * pairs for the last one.
 */
export function planLooks(pairs: number, figures: number, alpha: number): readonly Look[] {
  const looks: Look[] = [];
  let spent = 0;
  for (const share of LOOKS_AT) {
    const at = Math.round(share * pairs);
    const look = { pairs: at, alpha: alpha * share - spent };
    if (at <= (looks.at(-1)?.pairs ?? 0) || !canReject(at, figures, look.alpha)) continue;
    looks.push(look);
    spent += look.alpha;
  }
  if (looks.at(-1)?.pairs === pairs) return looks;
  // What an earlier one would have had is needed by the last.
  return canReject(pairs, figures, alpha) ? [{ pairs, alpha }] : [];
}

/** The fewest pairs that can show a regression: all of them agree with probability 1 in 2^pairs where there is none. */
export function fewestPairs(figures: number, alpha: number): number {
  let pairs = 1;
  while (!canReject(pairs, figures, alpha)) pairs++;
  return pairs;
}

/** The look that ends a gate before its time: it has everything that the looks before it have left. */
export function lastLook(pairs: number, before: readonly Look[], alpha: number): Look {
  return { pairs, alpha: alpha - before.reduce((sum, look) => sum + look.alpha, 0) };
}

function canReject(pairs: number, figures: number, alpha: number): boolean {
  return figures * 2 ** -pairs < alpha;
}
