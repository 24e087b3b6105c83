import { formatCount, formatUs } from '../units.js';
import type { CompletedRun } from './schema.js';
import { THRESHOLDS } from './thresholds.js';
import { counted } from './wording.js';

type Observed = NonNullable<CompletedRun['observed']>;

/** What a verdict looks at where messages are not rtbench's own. */
export interface ObservedEvidence
  extends Pick<Observed, 'messages' | 'clients' | 'silentClients' | 'gapsBeyondRange' | 'stamp'> {
  /** Where the stamp was looked for. */
  readonly place: string;
}

/** Share of messages without a stamp, and of times after their arrival, from which the figures mean little. */
const UNREAD = { suspect: 0.01, invalid: 0.5 } as const;
const NEGATIVE = { suspect: 0, invalid: 0.01 } as const;

/** Why what was seen says nothing. */
export function observedFaults(evidence: ObservedEvidence | null): string[] {
  if (evidence === null) return [];
  if (evidence.messages === 0) {
    return [
      'no message came in the window: look at path=… and what clients say first (first: …), or use a longer --duration',
    ];
  }
  return [...unread(evidence, 'invalid'), ...negative(evidence, 'invalid'), ...beyondRange(evidence)];
}

export function observedDoubts(evidence: ObservedEvidence | null, p50Us: number | null): string[] {
  if (evidence === null) return [];
  const { clients, silentClients, gapsBeyondRange } = evidence;
  const doubts: string[] = [];
  if (silentClients > 0) {
    doubts.push(`${formatCount(silentClients)} of ${formatCount(clients)} clients got no message in the window`);
  }
  if (gapsBeyondRange > 0) {
    doubts.push(
      `${counted(gapsBeyondRange, 'gap')} of more than 60 s ${gapsBeyondRange === 1 ? 'is' : 'are'} in no percentile`,
    );
  }
  return [...doubts, ...unread(evidence, 'suspect'), ...negative(evidence, 'suspect'), ...vague(evidence, p50Us)];
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
