import { listed } from '../report/wording.js';
import { oneLine } from './figures.js';
import { type Outcome, outcomeOf, type View } from './store.js';

/** Why figures so far are not to be trusted as they are, and whose. */
export interface Caveat {
  readonly labels: string;
  readonly outcome: Outcome;
  readonly text: string;
}

/** Every reason once, with the rows that it holds for; the rows in the plan's order. */
export function caveatsOf(view: View): readonly Caveat[] {
  const byText = new Map<string, { readonly labels: string[]; readonly outcome: Outcome }>();
  for (const { label, soFar } of view.rows) {
    for (const reason of soFar?.reasons ?? []) {
      const text = oneLine(reason);
      const known = byText.get(text);
      if (known) known.labels.push(label);
      else if (soFar) byText.set(text, { labels: [label], outcome: outcomeOf(soFar) });
    }
  }
  return [...byText].map(([text, { labels, outcome }]) => ({ labels: listed(labels), outcome, text }));
}
