import { formatCount, formatUs } from '../units.js';
import { type Lateness, latenessShare } from './lateness.js';
import { THRESHOLDS } from './thresholds.js';
import { counted } from './wording.js';

/*
 * What clients send besides is judged as what is published is: it has to be sent when it is due, and the server has to
 * have each message once, in the order of its client.
 */

/** What a verdict looks at of what clients sent besides. */
export interface UplinkEvidence extends Lateness {
  readonly due: number;
  readonly sent: number;
  readonly taken: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly foreign: number;
  /** `null`: how many were due by then is not known. */
  readonly takenAtWindowEnd: number | null;
  readonly negative: number;
  readonly outOfRange: number;
}

const QUIETER = 'lower the rate of `uplink`, or run it on a quieter machine';

export function uplinkInstrumentFaults(uplink: UplinkEvidence | null): string[] {
  if (uplink === null) return [];
  const faults: string[] = [];
  if (uplink.negative > 0) {
    faults.push(
      `${counted(uplink.negative, 'message')} of clients reached the server before ${uplink.negative === 1 ? 'it was' : 'they were'} due`,
    );
  }
  if (uplink.sent < THRESHOLDS.achieved.invalid * uplink.due) {
    faults.push(
      `only ${formatCount(uplink.sent)} of ${formatCount(uplink.due)} messages due at clients were sent: ${QUIETER}`,
    );
  }
  return [...faults, ...uplinkWasLate(uplink, 'invalid')];
}

export function uplinkDeliveryFaults(uplink: UplinkEvidence | null, because: string): string[] {
  if (uplink === null) return [];
  const { sent, lost, duplicated, reordered, foreign, outOfRange } = uplink;
  const faults: string[] = [];
  if (lost > 0) {
    faults.push(`${formatCount(lost)} of ${counted(sent, 'message')} of clients never reached the server${because}`);
  }
  if (duplicated > 0) faults.push(`${counted(duplicated, 'message')} of clients reached the server more than once`);
  if (reordered > 0) faults.push(`${counted(reordered, 'message')} of clients reached the server out of order`);
  if (foreign > 0) faults.push(`${counted(foreign, 'message')} reached the server that no client was to send`);
  if (outOfRange > 0) {
    faults.push(`${counted(outOfRange, 'latency', 'latencies')} of messages of clients beyond 60 s`);
  }
  return faults;
}

export function uplinkDoubts(uplink: UplinkEvidence | null): string[] {
  if (uplink === null || uplink.sent >= THRESHOLDS.achieved.suspect * uplink.due) return [];
  return [`${formatCount(uplink.due - uplink.sent)} messages due at clients were not sent`];
}

export function uplinkWasLate(uplink: UplinkEvidence | null, verdict: 'suspect' | 'invalid'): string[] {
  if (uplink === null || latenessShare(uplink) <= THRESHOLDS.latenessShare[verdict]) return [];
  const share = Math.round(100 * latenessShare(uplink));
  return [
    `clients sent late, ${formatUs(uplink.lagP99Us ?? 0)} at p99, which makes up ${share} % of the time until the server has a message: ${QUIETER}`,
  ];
}

/** What of it had reached a server that could not keep up; goes on after a clause. */
export function uplinksLeft(uplink: UplinkEvidence | null): string {
  if (uplink === null || uplink.takenAtWindowEnd === null) return '';
  return `, and ${formatCount(uplink.takenAtWindowEnd)} of ${formatCount(uplink.due)} messages of clients had reached it`;
}
