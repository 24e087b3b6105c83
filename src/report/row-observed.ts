import { describeHistogram, mergeHistograms } from './distribution.js';
import type { NotMeasured } from './not-measured.js';
import { type Runs, totalOrNull } from './over-rounds.js';
import { AT_ONE_CLIENT } from './round-observed.js';
import type { CompletedRow, CompletedRun } from './schema.js';

type Observed = NonNullable<CompletedRow['observed']>;

/** Of a row, from its rounds: counts are summed, save clients; percentiles are of all rounds together. Nothing where there is none. */
export function combineObserved(runs: Runs): {
  readonly figures: { readonly observed?: Observed };
  readonly notMeasured: NotMeasured;
} {
  const all = runs.flatMap(({ observed }) => observed ?? []);
  const [first] = all;
  if (first === undefined) return { figures: {}, notMeasured: {} };
  const sum = (pick: (one: Observed) => number) => all.reduce((total, one) => total + pick(one), 0);
  const messages = sum((one) => one.messages);
  const most = {
    probes: sum(({ mostOfOneClient }) => mostOfOneClient.probes),
    crowd: sum(({ mostOfOneClient }) => mostOfOneClient.crowd),
  };
  const bodies = sum((one) => (one.bodyBytesPerMessage ?? 0) * one.messages);
  const gap = merged(all, 'gapUs');
  const opened = merged(all, 'firstMessageUs');
  const gaps = describeHistogram('observed.gapUs', gap, {
    count: sum(({ mostOfOneClient: { probes, crowd } }) => Math.max(probes, crowd)),
    noun: AT_ONE_CLIENT,
  });
  const firstMessage = describeHistogram('observed.firstMessageUs', opened, { count: opened.count, noun: 'clients' });
  const longest = all.flatMap(({ longestGapUs }) => longestGapUs ?? []);
  return {
    figures: {
      observed: {
        messages,
        clients: first.clients,
        silentClients: Math.max(...all.map((one) => one.silentClients)),
        mostOfOneClient: most,
        perClientPerSecond: sum((one) => one.perClientPerSecond) / all.length,
        bodyBytesPerMessage: messages > 0 ? bodies / messages : null,
        firstMessageUs: firstMessage.distribution,
        firstsBeyondRange: sum((one) => one.firstsBeyondRange),
        gapUs: gaps.distribution,
        longestGapUs: longest.length > 0 ? Math.max(...longest) : null,
        gapsBeyondRange: sum((one) => one.gapsBeyondRange),
        stamp: combineStamps(runs),
      },
    },
    notMeasured: { ...gaps.notMeasured, ...firstMessage.notMeasured },
  };
}

function merged(all: readonly Observed[], name: 'gapUs' | 'firstMessageUs') {
  return mergeHistograms(all.map((one) => one[name].histogram));
}

function combineStamps(runs: Runs): Observed['stamp'] {
  const ofRun = (run: CompletedRun) => run.observed?.stamp ?? null;
  const sum = (pick: (stamp: NonNullable<Observed['stamp']>) => number | null) =>
    totalOrNull(runs, (run) => {
      const stamp = ofRun(run);
      return stamp && pick(stamp);
    });
  const worst = (pick: (stamp: NonNullable<Observed['stamp']>) => number | null) => {
    const known = runs.flatMap((run) => {
      const stamp = ofRun(run);
      return (stamp && pick(stamp)) ?? [];
    });
    return known.length > 0 ? Math.max(...known) : null;
  };
  if (runs.every((run) => ofRun(run) === null)) return null;
  return {
    read: sum(({ read }) => read) ?? 0,
    unread: sum(({ unread }) => unread) ?? 0,
    negative: sum(({ negative }) => negative),
    beyondRange: sum(({ beyondRange }) => beyondRange),
    resolutionUs: worst(({ resolutionUs }) => resolutionUs),
    clockErrorUs: worst(({ clockErrorUs }) => clockErrorUs),
  };
}
