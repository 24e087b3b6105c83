import type { ProbeOutcome } from '../suite/conform/probe.js';
import { paintWith } from './ansi.js';
import { wrap } from './layout.js';

/** Every line fits into this many columns. */
const WIDTH = 80;
const TITLE_WIDTH = 16;

export interface Probed {
  readonly url: string;
  readonly outcomes: readonly ProbeOutcome[];
  /** The part of a scenario to start from; `null`: nothing answers. */
  readonly yaml: string | null;
}

function adviceOn(outcomes: readonly ProbeOutcome[], url: string): string {
  const elsewhere = outcomes.filter(({ found }) => found && !found.usual);
  const unknown = 'Nothing was published: what messages look like is not known yet.';
  return elsewhere.length > 0
    ? `${unknown} Say in the scenario what the server expects: how a message is published (publish), what a client sends first (first), headers.`
    : `${unknown} rtbench conform ${url} says whether they are as the server contract has them, which is what a scenario without more words takes for granted.`;
}

/** What answers at a URL, and the scenario to start from. */
export function renderProbe({ url, outcomes, yaml }: Probed, { color }: { readonly color: boolean }): string {
  const paint = paintWith(color);
  const lines = outcomes.flatMap(({ row, found, reason }) => {
    const { title } = row.profile;
    const text = found ? [found.path, found.says].filter((part) => part !== null).join('  ') : `- ${reason ?? ''}`;
    const [first = '', ...others] = wrap(text, WIDTH - TITLE_WIDTH - 2);
    return [
      `  ${title.padEnd(TITLE_WIDTH)}${paint(found ? 'green' : 'dim', first)}`,
      ...others.map((line) => `  ${' '.repeat(TITLE_WIDTH)}${paint(found ? 'green' : 'dim', line)}`),
    ];
  });
  const next =
    yaml === null
      ? ['Nothing answers. Say where it is: --path /my/stream (repeatable).']
      : [
          `${paint('bold', 'A scenario to start from')} (mine.yaml, then rtbench run ./mine.yaml):`,
          '',
          ...yaml.trimEnd().split('\n'),
          '',
          ...wrap(adviceOn(outcomes, url), WIDTH),
        ];
  return [url, '', ...lines, '', ...next].map((line) => `${line}\n`).join('');
}
