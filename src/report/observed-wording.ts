import { formatUs } from '../units.js';
import type { CompletedRow, Report } from './schema.js';

/** Whether what arrived is not what rtbench published. */
export function isObservedReport({ target }: Pick<Report, 'target'>): boolean {
  return target?.stamp !== undefined;
}

/** Whether its messages say when the server sent them, so that there is a latency. */
export function hasTimes({ target }: Pick<Report, 'target'>): boolean {
  return isObservedReport({ target }) && target?.stamp !== 'none' && !isNumbered({ target });
}

/** Whether its messages carry a number that was looked for. */
export function isNumbered({ target }: Pick<Report, 'target'>): boolean {
  return target?.stamp?.endsWith(':sequence') ?? false;
}

/** What cannot be said of messages that are not rtbench's own. */
export function observedCaveats({ target, scenario }: Pick<Report, 'target' | 'scenario'>): string[] {
  if (!target || !isObservedReport({ target })) return [];
  return [
    scenario.workload.publish === 'observe'
      ? 'Nothing was published: the server sent what it sends, and how much that is, is its own doing and no limit of it.'
      : 'What arrived is not matched with what was published.',
    ...(isNumbered({ target })
      ? ["What is missing, repeated or late is by the server's own numbers, of messages that arrived in the window."]
      : ['What was lost, repeated or late cannot be known: messages carry no number that was looked for.']),
    ...(hasTimes({ target }) ? [timeCaveat(target.clockOffset)] : []),
  ];
}

function timeCaveat(offset: NonNullable<Report['target']>['clockOffset']): string {
  const clock = offset
    ? `whose clock was said to be ${formatUs(Math.abs(offset.offsetUs))} ${offset.offsetUs < 0 ? 'behind' : 'ahead'}, ±${formatUs(offset.errorUs)}`
    : "taken for this machine's own clock";
  return `Latency is from the time that the server wrote into the message, ${clock}: what happened before that is not in it.`;
}

/** How fine the times of a row are, for whoever reads its latency. */
export function timeNotes(rows: readonly CompletedRow[]): string[] {
  return rows.flatMap(({ label, observed }) => {
    const stamp = observed?.stamp;
    if (!stamp || stamp.resolutionUs === null || stamp.clockErrorUs === null) return [];
    const clock = stamp.clockErrorUs >= 1 ? `, and its clock is known within ±${formatUs(stamp.clockErrorUs)}` : '';
    return [
      `${label}: the server's times have steps of ${formatUs(stamp.resolutionUs)}, so that latency is up to so much too long${clock}.`,
    ];
  });
}
