import type { CompletedRow } from '../report/schema.js';
import { latencyMs, plainFigure } from '../report/wording.js';
import { formatCount } from '../units.js';
import { NO_FIGURE } from './columns.js';
import type { DetailFigure, DetailGroup } from './detail-figures.js';

type Recovery = NonNullable<CompletedRow['recovery']>;
type Effect = Recovery['faults'][number];

/** What each fault did and how clients came back; empty where nothing was done to any row. */
export function recoveryGroups(rows: readonly CompletedRow[]): DetailGroup[] {
  const faulted = rows.flatMap(({ recovery }) => recovery ?? []);
  const faults = faulted[0]?.faults ?? [];
  if (faulted.length === 0) return [];
  return [
    ...faults.map(({ fault }, index) => ({
      title: `The fault ${fault}, times in ms from when it began; median of the rounds, counts of all rounds together`,
      figures: effectFigures(({ recovery }) => recovery?.faults[index]),
    })),
    {
      title: 'Coming back after faults, all rounds together',
      figures: [
        {
          label: 'went on after the last',
          value: ({ recovery }) => (recovery ? yesOrNo(recovery.resumed) : NO_FIGURE),
        },
        figure('due meanwhile, missed', ({ recovery }) => recovery?.missed, formatCount),
        figure('due meanwhile, came', ({ recovery }) => recovery?.recovered, formatCount),
        figure('due to clients away', ({ recovery }) => recovery?.outstanding, formatCount),
        figure('unaware at the end', ({ recovery }) => recovery?.unaware, formatCount),
        figure('delivered twice', ({ delivery, recovery }) => recovery && delivery.duplicated, formatCount),
        figure('reconnections', ({ connections, recovery }) => recovery && connections.reconnected, formatCount),
        figure('drop → back, p50 ms', ({ recovery }) => recovery?.reconnectUs.p50, latencyMs),
        figure('drop → back, max ms', ({ recovery }) => recovery?.reconnectUs.max, latencyMs),
      ],
    },
  ];
}

function effectFigures(effectOf: (row: CompletedRow) => Effect | undefined): DetailFigure[] {
  const of = (label: string, value: (effect: Effect) => number | null, format: (value: number) => string) =>
    figure(
      label,
      (row) => {
        const effect = effectOf(row);
        return effect && value(effect);
      },
      format,
    );
  return [
    of('lasted', ({ lastedMs }) => lastedMs, plainFigure),
    of('connections', ({ connections }) => connections, formatCount),
    of('clients dropped', ({ clientsDropped }) => clientsDropped, formatCount),
    of('of these, still away', ({ clientsAway }) => clientsAway, formatCount),
    of('never noticed it', ({ clientsUnaware }) => clientsUnaware, formatCount),
    of('promised to notice in', ({ promisedNoticeMs }) => promisedNoticeMs, plainFigure),
    of('noticed, p50', ({ noticeUs }) => noticeUs.p50, latencyMs),
    of('noticed, p99', ({ noticeUs }) => noticeUs.p99, latencyMs),
    of('noticed, last', ({ noticeUs }) => noticeUs.max, latencyMs),
    of('back, 50 % of clients', ({ backUs }) => backUs.p50, latencyMs),
    of('back, 99 % of clients', ({ backUs }) => backUs.p99, latencyMs),
    of('back, all clients', ({ backUs }) => backUs.all, latencyMs),
    of('attempts, mean', ({ attempts }) => attempts.mean, plainFigure),
    of('attempts, most', ({ attempts }) => attempts.max, formatCount),
    of('accepts/s, peak', ({ peakAccepts }) => peakAccepts?.perSecond ?? null, plainFigure),
    of('server CPU, % of a core', ({ serverCpu }) => percent(serverCpu?.share ?? null), plainFigure),
  ];
}

function figure(
  label: string,
  read: (row: CompletedRow) => number | null | undefined,
  format: (value: number) => string,
): DetailFigure {
  return {
    label,
    value: (row) => {
      const value = read(row);
      return value === null || value === undefined ? NO_FIGURE : format(value);
    },
  };
}

function percent(share: number | null): number | null {
  return share === null ? null : 100 * share;
}

function yesOrNo(is: boolean): string {
  return is ? 'yes' : 'no';
}
