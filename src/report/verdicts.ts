import { formatCount, formatDurationMs, formatUs } from '../units.js';
import { latenessShare } from './lateness.js';
import { type ObservedEvidence, observedDoubts, observedFaults, observedSaturation } from './observed-verdicts.js';
import type { Fault, Verdict } from './schema.js';
import type { Stall } from './stalls.js';
import { THRESHOLDS } from './thresholds.js';
import {
  type UplinkEvidence,
  uplinkDeliveryFaults,
  uplinkDoubts,
  uplinkInstrumentFaults,
  uplinksLeft,
  uplinkWasLate,
} from './uplink-verdicts.js';
import { counted } from './wording.js';

/** What a verdict looks at. */
export interface Evidence {
  readonly clocksNest: boolean;
  readonly negative: number;
  readonly outOfRange: number;
  readonly foreign: number;
  readonly lagP99Us: number | null;
  /** Headline latency from when messages were due, and from when they were sent; null where nothing arrived. */
  readonly latencyUs: { readonly p50: number; readonly p99: number } | null;
  readonly serviceLatencyUs: { readonly p50: number; readonly p99: number } | null;
  /** The busiest crowd process, and how busy its event loop was over the window; null without a crowd. */
  readonly crowdUtilization: { readonly process: string; readonly share: number } | null;
  /** Most that the headline latency may be off, where it was read from clocks of other programs (pages of a browser). */
  readonly clockErrorUs?: number | null;
  readonly stalls: readonly Stall[];
  readonly windowMs: number;
  /** Of each process, the share of the window for which it waited for a core, where the system tells. */
  readonly waits: readonly { readonly process: string; readonly share: number }[];
  /** Null where the system does not tell. */
  readonly stealShare: number | null;
  readonly throttledMs: number | null;
  /** Null where it cannot be seen: the server is not rtbench's own. */
  readonly serverUtilization: number | null;
  readonly due: number;
  readonly published: number;
  /** Messages of the window that the server had taken when it ended. */
  readonly takenAtWindowEnd: number;
  /** Of the messages due so early that even the longest wait ended in the window, how many had arrived when it did. */
  readonly arrivedInWindow: { readonly due: number; readonly arrived: number };
  readonly warmupSettled: boolean;
  /** Without what was due to clients while they were away. */
  readonly lost: number;
  readonly expected: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** The clients' round trip in the median: asked for, and measured (null: never); null on loopback. */
  readonly rttMs: { readonly expected: number; readonly measured: number | null } | null;
  /** Without what an injected fault brought about. */
  readonly dropped: number;
  /** Deliveries to slow readers that never came, and that the server did not drop. */
  readonly slowReadersMissed: number;
  /** What the server's policy against slow readers took from clients that are not meant to be slow. */
  readonly shedByServer: number;
  /** Deliveries that clients missed while they were away, though they went on after the last one they had. */
  readonly missedThoughResumed: number;
  /** Clients that were dropped and had not come back when the run ended. */
  readonly away: number;
  /** Clients that took a silently dead connection for alive when the run ended. */
  readonly unaware: number;
  /** Absent or `null`: clients sent nothing besides. */
  readonly uplink?: UplinkEvidence | null;
  /** Absent or `null`: rtbench knows its messages. */
  readonly observed?: ObservedEvidence | null;
  /** Messages without a stamp, of a server that is not rtbench's own. Absent: 0. */
  readonly unstamped?: number;
  readonly errors: readonly string[];
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Why it is not `valid`, and what to change; empty when it is. */
  readonly reasons: string[];
  /**
   * What an `invalid` run failed by: the instrument, or messages that did not come as promised. `instrument` as well
   * where a run is `suspect` for nothing but what the machine did to it.
   */
  readonly fault: Fault;
}

/**
 * `invalid`: the instrument failed or messages that were promised did not come; `saturated`: the server could not
 * keep up with a punctual publisher; `suspect`: near a threshold.
 */
export function judge(evidence: Evidence): Judgement {
  const instrument = instrumentFaults(evidence);
  if (instrument.length > 0) {
    return { verdict: 'invalid', reasons: [...seenOfTarget(evidence), ...instrument], fault: 'instrument' };
  }
  const saturation = saturationOf(evidence) ?? observedSaturation(evidence.observed ?? null, evidence);
  if (saturation !== undefined) return { verdict: 'saturated', reasons: [saturation], fault: 'none' };
  const delivery = deliveryFaults(evidence);
  if (delivery.length > 0) return { verdict: 'invalid', reasons: delivery, fault: 'delivery' };
  const disturbances = disturbancesOf(evidence);
  const doubts = doubtsAbout(evidence);
  const reasons = [...doubts, ...disturbances];
  const fault = disturbances.length > 0 && doubts.length === 0 ? 'instrument' : 'none';
  return { verdict: reasons.length > 0 ? 'suspect' : 'valid', reasons, fault };
}

function instrumentFaults(evidence: Evidence): string[] {
  const faults: string[] = [];
  if (!evidence.clocksNest) faults.push("the processes' clocks do not agree: latencies between them mean nothing");
  if (evidence.negative > 0)
    faults.push(
      `${counted(evidence.negative, 'message')} arrived before ${evidence.negative === 1 ? 'it was' : 'they were'} due`,
    );
  const achieved = share(evidence.published, evidence.due);
  if (achieved < THRESHOLDS.achieved.invalid) {
    faults.push(
      `only ${formatCount(evidence.published)} of ${formatCount(evidence.due)} messages due were published: lower --rate`,
    );
  }
  faults.push(...uplinkInstrumentFaults(evidence.uplink ?? null));
  if (latenessShare(evidence) > THRESHOLDS.latenessShare.invalid) faults.push(`${lateness(evidence)}: ${QUIETER}`);
  faults.push(...busyCrowd(evidence, 'invalid'), ...loadStalls(evidence, 'invalid'));
  faults.push(
    ...starved(evidence)
      .filter(({ process }) => process !== 'server')
      .map(waited),
    ...machineLoss(evidence, 'invalid'),
  );
  return faults;
}

function saturationOf(evidence: Evidence): string | undefined {
  const { serverUtilization } = evidence;
  if (serverUtilization !== null && serverUtilization < THRESHOLDS.serverUtilization) return undefined;
  const { due, arrived } = evidence.arrivedInWindow;
  const { uplink } = evidence;
  const uplinks = uplink ? share(uplink.takenAtWindowEnd ?? uplink.due, uplink.due) : 1;
  const taken = serverUtilization === null ? 1 : share(evidence.takenAtWindowEnd, evidence.due);
  const achieved = Math.min(taken, share(arrived, due), uplinks);
  const behind = achieved < THRESHOLDS.achieved.invalid;
  if (!behind && evidence.lost === 0 && (uplink?.lost ?? 0) === 0) return undefined;
  // What it did is not known: that messages were lost, and not late, is no sign of load.
  if (serverUtilization === null && (!behind || evidence.lost > 0)) return undefined;
  const busy = serverUtilization === null ? '' : `its event loop was ${percent(serverUtilization)} busy, and `;
  return (
    `the server could not keep up: ${busy}when the window ` +
    `ended ${formatCount(evidence.takenAtWindowEnd)} of ${formatCount(evidence.due)} messages had reached it and ` +
    `${formatCount(arrived)} of ${formatCount(due)} that should have by then had reached all clients${uplinksLeft(uplink ?? null)}`
  );
}

/** A server of somebody else's may be what keeps the instrument from working: what was seen of it is told as well. */
function seenOfTarget(evidence: Evidence): string[] {
  return evidence.serverUtilization === null ? deliveryFaults(evidence) : [];
}

function deliveryFaults(evidence: Evidence): string[] {
  const { dropped, lost, expected, duplicated, reordered, foreign, outOfRange } = evidence;
  const faults: string[] = [];
  const because = evidence.errors[0] === undefined ? '' : ` (${evidence.errors[0]})`;
  if (dropped > 0) faults.push(`${counted(dropped, 'connection')} dropped${because}`);
  if (lost > 0) {
    faults.push(
      `${formatCount(lost)} of ${formatCount(expected)} expected deliveries never came${because}${unstamped(evidence)}`,
    );
  }
  if (evidence.slowReadersMissed > 0) {
    faults.push(
      `${counted(evidence.slowReadersMissed, 'delivery', 'deliveries')} to slow readers never came, though the server dropped none of them`,
    );
  }
  if (evidence.shedByServer > 0) {
    faults.push(
      'the server took clients for slow readers that are none (slowReaders.others): allow them more with --when-full, or lower --rate or --size',
    );
  }
  if (evidence.missedThoughResumed > 0) {
    faults.push(
      `${counted(evidence.missedThoughResumed, 'delivery', 'deliveries')} never came to clients that went on after the last message they had${because}`,
    );
  }
  if (duplicated > 0) faults.push(`${counted(duplicated, 'delivery', 'deliveries')} came more than once`);
  if (reordered > 0) faults.push(`${counted(reordered, 'delivery', 'deliveries')} came out of order`);
  faults.push(...uplinkDeliveryFaults(evidence.uplink ?? null, because));
  faults.push(...observedFaults(evidence.observed ?? null, evidence));
  if (foreign > 0) faults.push(`${counted(foreign, 'message')} came that nobody sent to that client`);
  if (outOfRange > 0) faults.push(`${counted(outOfRange, 'latency was', 'latencies were')} beyond 60 s`);
  return faults;
}

/** That a server says other things is no fault; where messages lack, they may be those. */
function unstamped({ unstamped = 0 }: Evidence): string {
  return unstamped === 0 ? '' : `; ${counted(unstamped, 'message')} came without a stamp of rtbench in them`;
}

function vagueClock({ clockErrorUs, latencyUs }: Evidence): string[] {
  if (!clockErrorUs || latencyUs === null || clockErrorUs <= THRESHOLDS.clockErrorShare * latencyUs.p50) return [];
  return [
    `the clocks of the pages are known within ±${formatUs(clockErrorUs)} only, and latency p50 is ${formatUs(latencyUs.p50)}: ${QUIETER}`,
  ];
}

function doubtsAbout(evidence: Evidence): string[] {
  const doubts: string[] = [];
  if (evidence.away > 0) {
    doubts.push(
      `${counted(evidence.away, 'client')} had not come back when the run ended: use a longer --duration or a quicker --reconnect`,
    );
  }
  if (evidence.unaware > 0) {
    doubts.push(
      `${counted(evidence.unaware, 'client')} took a silently dead connection for alive to the end of the run: have it looked for with --heartbeat, or use a longer --duration`,
    );
  }
  if (!evidence.warmupSettled) doubts.push('not all messages of the warm-up had arrived when the window began');
  doubts.push(...vagueClock(evidence), ...busyCrowd(evidence, 'suspect'));
  doubts.push(...observedDoubts(evidence.observed ?? null, evidence.latencyUs?.p50 ?? null, evidence));
  doubts.push(...evidence.stalls.filter(({ process }) => process === 'server').map(stalled));
  doubts.push(...distance(evidence), ...uplinkDoubts(evidence.uplink ?? null));
  const achieved = share(evidence.published, evidence.due);
  if (achieved < THRESHOLDS.achieved.suspect) {
    doubts.push(`${counted(evidence.due - evidence.published, 'message due was', 'messages due were')} not published`);
  }
  return doubts;
}

/** What the machine did to the run, as it may not do the next time. */
function disturbancesOf(evidence: Evidence): string[] {
  const late = latenessShare(evidence) > THRESHOLDS.latenessShare.suspect;
  return [
    ...(late ? [`${lateness(evidence)}: ${QUIETER}`] : []),
    ...uplinkWasLate(evidence.uplink ?? null, 'suspect'),
    ...loadStalls(evidence, 'suspect'),
    ...machineLoss(evidence, 'suspect'),
    ...starved(evidence).map(waited),
  ];
}

function distance({ rttMs }: Evidence): string[] {
  if (rttMs === null) return [];
  const { expected, measured } = rttMs;
  if (measured === null) return ['no round trip over the network could be measured, so that its distance is not known'];
  const { share, ms } = THRESHOLDS.rtt;
  if (Math.abs(measured - expected) <= share * expected + ms) return [];
  return [
    `the round trip was ${formatDurationMs(measured)} in the median where ${formatDurationMs(expected)} were asked for: ${QUIETER}`,
  ];
}

const QUIETER = 'lower --rate, or run it on a quieter machine';

function lateness(evidence: Evidence): string {
  const share = percent(latenessShare(evidence));
  return `the publisher was late, ${formatUs(evidence.lagP99Us ?? 0)} at p99, which makes up ${share} of the latency`;
}

function busyCrowd({ crowdUtilization }: Evidence, verdict: 'suspect' | 'invalid'): string[] {
  if (crowdUtilization === null || crowdUtilization.share <= THRESHOLDS.crowdUtilization[verdict]) return [];
  const { process, share } = crowdUtilization;
  return [
    `${named(process)} was ${percent(share)} busy and may have been the bottleneck: lower --rate or --clients, or add --workers`,
  ];
}

function loadStalls({ stalls, windowMs }: Evidence, verdict: 'suspect' | 'invalid'): string[] {
  const ofLoad = stalls.filter(({ process }) => process !== 'server');
  const lostMs = (name: string) =>
    ofLoad.reduce((sum, { process, forMs }) => (process === name ? sum + forMs : sum), 0);
  return ofLoad
    .filter(({ process }) => verdict === 'suspect' || lostMs(process) > THRESHOLDS.loadStallShare * windowMs)
    .map((stall) => `${stalled(stall)}, and measured nothing meanwhile: run it on a quieter machine`);
}

/** `the server stood still for 0.98 s from 4.2 s into the window`. */
function stalled({ process, atMs, forMs, busy }: Stall): string {
  const what = busy ? 'was busy in one go' : 'stood still';
  return `${named(process)} ${what} for ${(forMs / 1_000).toFixed(2)} s from ${(atMs / 1_000).toFixed(1)} s into the window`;
}

/** `the server`, `the probe`, `crowd process 2`. */
function named(process: string): string {
  return process.startsWith('crowd ') ? process.replace('crowd', 'crowd process') : `the ${process}`;
}

function starved({ waits }: Evidence): Evidence['waits'] {
  return waits.filter(({ share }) => share > THRESHOLDS.waitForCore);
}

function waited({ process, share }: Evidence['waits'][number]): string {
  return `${named(process)} waited for a core ${percent(share)} of the time: run it on a quieter machine, or with fewer --workers`;
}

/** What others took from the whole machine or its container. */
function machineLoss({ stealShare, throttledMs, windowMs }: Evidence, verdict: 'suspect' | 'invalid'): string[] {
  const losses: string[] = [];
  if ((stealShare ?? 0) > THRESHOLDS.steal[verdict]) {
    losses.push(
      `the hypervisor took ${percent(stealShare ?? 0)} of the machine's time for others: run it on a quieter machine`,
    );
  }
  if ((throttledMs ?? 0) > THRESHOLDS.throttled[verdict] * windowMs) {
    losses.push(
      `a CPU limit held the processes back for ${formatDurationMs(Math.round(throttledMs ?? 0))}: lower --rate, or raise the limit of the container`,
    );
  }
  return losses;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
