import { formatDurationMs } from '../../units.js';
import { counted } from '../wording.js';
import type { FoundMend, MiddleboxFacts, Passage, ProxiesReport } from './schema.js';

/** Two lines of a cell: what became of it, and the time to the first message or what delayed it. */
export function passageCell(passage: Passage | undefined): readonly [string, string] {
  if (!passage) return ['–', ''];
  const { outcome, firstMessageMs, heldBackBytes, delayMs } = passage;
  if (outcome === 'delayed' && heldBackBytes !== null) return [outcome, `to ${Math.round(heldBackBytes / 1_024)} KiB`];
  if (outcome === 'delayed' && delayMs !== null) return [outcome, `by ${Math.round(delayMs.median)} ms`];
  return [outcome, firstMessageMs === null ? '–' : formatDurationMs(Math.round(firstMessageMs))];
}

/** What was seen wherever not everything was delivered in time. */
export function seenStatements({ passages }: ProxiesReport): string[] {
  const byText = new Map<string, string[]>();
  for (const { middlebox, configuration, label, outcome, reason } of passages) {
    if (outcome === 'delivered') continue;
    const where = middlebox === 'direct' ? 'with nothing between' : `${middlebox} ${configuration}`;
    const what = `${label}: ${outcome}, ${reason}`;
    byText.set(what, [...(byText.get(what) ?? []), where]);
  }
  return [...byText].map(([what, where]) => `${where.join(', ')} · ${what}`);
}

/** A line of its own for each: which transport, behind what, from what to what. */
export function mendHeading({ middlebox, label, from, to }: FoundMend): string {
  return `${label} behind ${middlebox}: ${from} by default, ${to} with`;
}

/** A plain configuration for which nothing was found that mends it. */
export function unmended({ passages, mends }: ProxiesReport): string[] {
  return passages
    .filter((passage) => passage.configuration === 'default' && passage.outcome !== 'delivered')
    .filter(({ middlebox, label }) => !mends.some((mend) => mend.middlebox === middlebox && mend.label === label))
    .map(({ middlebox, label }) => `${label} behind ${middlebox}: none of the lines that rtbench knows mends it.`);
}

/** What stood between, and what is missing here. */
export function middleboxStatements({ middleboxes }: ProxiesReport): string[] {
  return middleboxes.flatMap((middlebox) => {
    if (middlebox.state === 'notInstalled') return [notInstalled(middlebox)];
    return middlebox.configurations.map(({ name, summary, advice }) => {
      const version = middlebox.version === null ? '' : ` ${middlebox.version}`;
      return `${middlebox.title}${version}, ${name}: ${summary}.${advice === null ? '' : ` What helps (not tried out): ${advice}.`}`;
    });
  });
}

export function notInstalled({ title, debianPackage }: MiddleboxFacts): string {
  return `${title} is not installed here and was left out: apt-get install ${debianPackage}.`;
}

export function proxiesLegend({ timing, passages }: ProxiesReport): string[] {
  const { messages, intervalMs, promptMs, silenceMs } = timing;
  const silence =
    silenceMs > 0
      ? [`Then nothing was said for ${formatDurationMs(silenceMs)}, and one message more had to arrive.`]
      : ['Timeouts of proxies, 50 or 60 s by default, need a silence to be seen: --silence 70s.'];
  return [
    `One client each, ${counted(messages, 'message')}, one every ${formatDurationMs(intervalMs)}, the first published as it begins to connect.`,
    `delivered: in time, which is at most ${promptMs} ms beyond what the transport itself waits, for most of them; below it the time from the start of connecting to the first message.`,
    'delayed: by so much each, or until so much was published: a buffer. cut: messages came, then the connection was lost. dead: none came.',
    ...silence,
    ...(passages.some(({ middlebox, outcome }) => middlebox === 'direct' && outcome !== 'delivered')
      ? [
          'With nothing between not everything was delivered in time either: this machine was too busy for these figures.',
        ]
      : []),
    'All of it on loopback and in the clear; times are of a machine that does all of it at once, and no benchmark.',
  ];
}
