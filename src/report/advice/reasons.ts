import { formatDurationMs } from '../../units.js';
import type { Choice, Place } from '../choice.js';
import type { FactsPlace } from './facts-advice.js';
import { p99Of } from './figures.js';
import type { MeasuredRanking } from './measured-advice.js';

/** Why facts put a candidate first. */
export function whyFirst(first: FactsPlace | undefined): string {
  if (first === undefined) return 'nothing that ships can do all of it';
  return first.says ?? `none of what the guide names can do it; of what can, ${first.candidate.label} is the nearest`;
}

/** What speaks for a candidate by the facts, in a few words. */
export function whyNext({ says, candidate }: FactsPlace): string {
  return says ?? `can do it too, by ${candidate.profile.delivery}`;
}

/** Why the measurement puts the best first. */
export function whyMeasured({ best, next, choice }: MeasuredRanking): string {
  const tolerated = formatDurationMs(choice.toleratesMs);
  if (best.length === 0) return `nothing that was measured stayed within ${tolerated} in every round`;
  const tied = best.length > 1 ? '; between them neither server CPU nor bytes decide' : '';
  const by = next?.behind?.by;
  if (by === 'serverCpu') return `of those within ${tolerated}, the least server CPU per delivery${tied}`;
  if (by === 'bytes') {
    return `of those within ${tolerated}, server CPU is not told apart from the least, and the bytes are the fewest${tied}`;
  }
  return best.length === 1 ? `nothing else stays within ${tolerated}` : `within ${tolerated}${tied}`;
}

/** Why a place is where it is, in a few words. */
export function whyPlaced({ rows, tolerance, behind }: Place, { toleratesMs }: Choice): string {
  const tolerated = formatDurationMs(toleratesMs);
  if (tolerance === 'over') return `too slow: p99 ${rows.map(p99Of).join(', ')}`;
  if (tolerance === 'borderline') return `within ${tolerated} in some rounds only`;
  if (tolerance === 'unknown') return 'no p99 to judge by';
  if (behind === null) return rows.length > 1 ? 'in time; not told apart' : 'in time';
  const than = behind.than?.label ?? 'the place before';
  return behind.by === 'bytes' ? `in time; more bytes than ${than}` : `in time; more server CPU than ${than}`;
}
