import { formatCount, formatUs } from '../units.js';
import type { CompletedRun } from './schema.js';
import { THRESHOLDS } from './thresholds.js';
import { counted } from './wording.js';

type Observed = NonNullable<CompletedRun['observed']>;

/** What a verdict looks at where messages are not rtbench's own. */
export interface ObservedEvidence
  extends Pick<Observed, 'messages' | 'clients' | 'silentClients' | 'firstsBeyondRange' | 'gapsBeyondRange' | 'stamp'> {
  /** Where the stamp was looked for. */
  readonly place: string;
}

/** What became of what was published, though it is not matched with what arrived. */
export interface TakenEvidence {
  readonly due: number;
  /** Messages of the window that the server said it had when it ended. */
  readonly takenAtWindowEnd: number;
  /** What clients and the publisher reported. */
  readonly errors: readonly string[];
}

/** A backlog of this share of the window is one that grew, and no request on its way. */
const BACKLOG_SHARE = 0.1;

/** Share of messages without a stamp, and of times after their arrival, from which the figures mean little. */
const UNREAD = { suspect: 0.01, invalid: 0.5 } as const;
const NEGATIVE = { suspect: 0, invalid: 0.01 } as const;

/** Why what was seen says nothing. */
export function observedFaults(evidence: ObservedEvidence | null, taken: TakenEvidence): string[] {
  if (evidence === null) return [];
  const untaken = notTaken(taken, 'invalid');
  if (evidence.messages === 0) {
    const because = untaken.length > 0 ? '' : becauseOf(taken);
    return [
      ...untaken,
      `no message came in the window${because}: look at path=… and what clients say first (first: …), or use a longer --duration`,
    ];
  }
  return [...untaken, ...unread(evidence, 'invalid'), ...negative(evidence, 'invalid'), ...beyondRange(evidence)];
}

/** Why a server that takes what is published took it too slowly: nothing failed, and a backlog grew. */
export function observedSaturation(evidence: ObservedEvidence | null, taken: TakenEvidence): string | undefined {
  const { due, takenAtWindowEnd, errors } = taken;
  if (evidence === null || errors.length > 0 || takenAtWindowEnd === 0) return undefined;
  if (takenAtWindowEnd >= (1 - BACKLOG_SHARE) * due) return undefined;
  return `the server could not keep up: when the window ended it had taken ${tookOf(taken)} messages due`;
}

export function observedDoubts(
  evidence: ObservedEvidence | null,
  p50Us: number | null,
  taken: TakenEvidence,
): string[] {
  if (evidence === null) return [];
  const { clients, silentClients, firstsBeyondRange, gapsBeyondRange } = evidence;
  const doubts = notTaken(taken, 'suspect');
  if (silentClients > 0) {
    doubts.push(`${formatCount(silentClients)} of ${formatCount(clients)} clients got no message in the window`);
  }
  if (firstsBeyondRange > 0) {
    doubts.push(
      `${counted(firstsBeyondRange, 'client')} got ${firstsBeyondRange === 1 ? 'its' : 'their'} first message after more than 60 s, which is in no percentile`,
    );
  }
  if (gapsBeyondRange > 0) {
    doubts.push(
      `${counted(gapsBeyondRange, 'gap')} of more than 60 s ${gapsBeyondRange === 1 ? 'is' : 'are'} in no percentile`,
    );
  }
  return [...doubts, ...unread(evidence, 'suspect'), ...negative(evidence, 'suspect'), ...vague(evidence, p50Us)];
}

/** Requests failed, or none was ever answered. */
function notTaken(taken: TakenEvidence, verdict: 'suspect' | 'invalid'): string[] {
  const { due, takenAtWindowEnd, errors } = taken;
  if (errors.length === 0 && takenAtWindowEnd > 0) return [];
  if (takenAtWindowEnd >= THRESHOLDS.achieved[verdict] * due) return [];
  return [`the server had taken ${tookOf(taken)} messages due when the window ended${becauseOf(taken)}`];
}

function tookOf({ due, takenAtWindowEnd }: TakenEvidence): string {
  return `${formatCount(takenAtWindowEnd)} of ${formatCount(due)}`;
}

function becauseOf({ errors: [first] }: TakenEvidence): string {
  return first === undefined ? '' : ` (${first})`;
}

function unread({ stamp, place }: ObservedEvidence, verdict: 'suspect' | 'invalid'): string[] {
  const looked = (stamp?.read ?? 0) + (stamp?.unread ?? 0);
  if (stamp === null || looked === 0 || stamp.unread / looked <= UNREAD[verdict]) return [];
  return [
    `${formatCount(stamp.unread)} of ${formatCount(looked)} messages (${percent(stamp.unread / looked)}) carry no stamp at ${place}`,
  ];
}

function negative({ stamp }: ObservedEvidence, verdict: 'suspect' | 'invalid'): string[] {
  const count = stamp?.negative ?? 0;
  if (!stamp || count === 0 || count / stamp.read <= NEGATIVE[verdict]) return [];
  return [
    `${counted(count, 'message')} of ${formatCount(stamp.read)} came before the time in ${count === 1 ? 'it' : 'them'}, which counts as an age of 0: the clocks differ (--clock-offset), or the server rounds its times`,
  ];
}

function beyondRange({ stamp }: ObservedEvidence): string[] {
  const count = stamp?.beyondRange ?? 0;
  if (count === 0) return [];
  return [
    `${counted(count, 'time was', 'times were')} more than 60 s before the arrival: look at the unit of --stamp, and at the server's clock`,
  ];
}

/** A latency that the server's clock cannot resolve is said, and marked. */
function vague({ stamp }: ObservedEvidence, p50Us: number | null): string[] {
  if (stamp?.resolutionUs == null || p50Us === null) return [];
  const { resolutionUs, clockErrorUs } = stamp;
  const errorUs = resolutionUs + (clockErrorUs ?? 0);
  if (errorUs <= THRESHOLDS.clockErrorShare * p50Us) return [];
  return [
    `the server's times have steps of ${formatUs(resolutionUs)}${clockErrorUs ? ` and its clock is known within ±${formatUs(clockErrorUs)}` : ''}, and latency p50 is ${formatUs(p50Us)}: a time with more digits tells more`,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.095 ? 1 : 0)} %`;
}
