import { listed } from '../report/wording.js';
import { oneLine } from './figures.js';
import { type Outcome, outcomeOf, type View } from './store.js';

/** Why figures so far are not to be trusted as they are, and whose. */
export interface Caveat {
  readonly labels: string;
  readonly outcome: Outcome;
  readonly text: string;
}

/**
 * Every reason once, with the rows that it holds for; the rows in the plan's order. Reasons of a row that differ in
 * their figures alone, such as ten stalls, are one, and counted: what else is wrong should not be pushed off the screen.
 */
export function caveatsOf(view: View): readonly Caveat[] {
  const byText = new Map<string, { readonly labels: string[]; readonly outcome: Outcome }>();
  for (const { label, soFar } of view.rows) {
    if (soFar === null) continue;
    for (const text of withoutRepeats(soFar.reasons.map(oneLine))) {
      const known = byText.get(text);
      if (known) known.labels.push(label);
      else byText.set(text, { labels: [label], outcome: outcomeOf(soFar) });
    }
  }
  return [...byText].map(([text, { labels, outcome }]) => ({ labels: listed(labels), outcome, text }));
}

function withoutRepeats(reasons: readonly string[]): string[] {
  const alike = new Map<string, { readonly first: string; times: number }>();
  for (const reason of reasons) {
    const shape = reason.replaceAll(/\d[\d,.]*/g, '#');
    const known = alike.get(shape);
    if (known) known.times++;
    else alike.set(shape, { first: reason, times: 1 });
  }
  return [...alike.values()].map(({ first, times }) => (times === 1 ? first : `(${times} times) ${first}`));
}
