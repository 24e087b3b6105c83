import { counted } from '../../report/wording.js';
import { formatCount, significant } from '../../units.js';
import { aboutMs } from '../figures.js';
import type { Estimate } from './state.js';

/** What a choice comes to, in words; `null`: it is not known yet. */
export function estimateLines(estimate: Estimate | null): readonly string[] {
  if (estimate === null) return ['…'];
  if ('problems' in estimate) return estimate.problems;
  const { messagesPerSecond, deliveriesPerSecond, sockets, runs, takesMs, notes } = estimate;
  return [
    `${rate(messagesPerSecond)} messages/s · ${rate(deliveriesPerSecond)} deliveries/s · at most ${counted(sockets, 'socket')} in the server`,
    `${counted(runs, 'run')}, ${aboutMs(takesMs)} in all`,
    ...notes.map((note) => `Note: ${note}`),
  ];
}

function rate(perSecond: number): string {
  return perSecond < 10 ? String(Number(significant(perSecond))) : formatCount(perSecond);
}
