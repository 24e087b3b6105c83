import { median } from 'simple-statistics';
import { formatDurationMs } from '../../units.js';
import type { NotMeasured } from '../not-measured.js';
import { identityOf, type RowIdentity } from '../rows.js';
import type { Observation, PassageTiming } from './observation.js';
import type { Outcome } from './outcome-schema.js';
import type { Passage } from './schema.js';

/** Messages that arrive closer behind each other came together: far below any interval between them. */
const BURST_MS = 20;
const MAX_REASON_CHARACTERS = 160;

export interface PassageFacts {
  readonly middlebox: string;
  readonly configuration: string;
  readonly mends: readonly string[];
  readonly row: RowIdentity & { readonly worstWaitMs: number };
  readonly timing: PassageTiming;
}

/** What an observation says. */
export function passageOf({ row, timing, mends, ...facts }: PassageFacts, seen: Observation): Passage {
  const delaysMs = delaysOf(seen);
  const { outcome, reason } = judge(seen, delaysMs, row.worstWaitMs, timing);
  const arrived = seen.arrivedMs.filter((atMs) => atMs !== null);
  return {
    ...facts,
    mends: [...mends],
    ...identityOf(row),
    outcome,
    reason,
    connectMs: seen.connectMs,
    firstMessageMs: arrived.length > 0 ? Math.min(...arrived) : null,
    delayMs: delaysMs.length > 0 ? { median: median(delaysMs), max: Math.max(...delaysMs) } : null,
    published: seen.publishedMs.length,
    delivered: arrived.length,
    bursts: burstsIn(arrived),
    heldBackBytes: seen.heldBackBytes,
    survivedSilence: seen.survivedSilence,
    notMeasured: notMeasuredIn(seen, arrived.length, delaysMs.length, timing),
  };
}

/** Of what was published while the client was watching: the first message waits for the connection as well. */
function delaysOf({ publishedMs, arrivedMs }: Observation): number[] {
  return arrivedMs.flatMap((atMs, index) => (index === 0 || atMs === null ? [] : [atMs - (publishedMs[index] ?? 0)]));
}

/** The rules, in their order: the first that applies. */
function judge(
  seen: Observation,
  delaysMs: readonly number[],
  worstWaitMs: number,
  { promptMs, silenceMs }: PassageTiming,
): { outcome: Outcome; reason: string | null } {
  const { failure, heldBackBytes, survivedSilence } = seen;
  const arrived = seen.arrivedMs.filter((atMs) => atMs !== null).length;
  const silence = formatDurationMs(silenceMs);
  if (failure) {
    const what = readable(failure.message);
    if (arrived === 0) return { outcome: 'dead', reason: what };
    const when = survivedSilence === false ? `in a silence of ${silence}` : `after ${arrived} messages`;
    return { outcome: 'cut', reason: `${when}: ${what}` };
  }
  if (survivedSilence === false) {
    return { outcome: 'cut', reason: `after a silence of ${silence} nothing arrived, and nothing told the client` };
  }
  if (heldBackBytes !== null) {
    return {
      outcome: 'delayed',
      reason: `held back until about ${Math.round(heldBackBytes / 1_024)} KiB were published`,
    };
  }
  if (arrived === 0) return { outcome: 'dead', reason: 'nothing arrived, however much was published' };
  if (arrived < seen.arrivedMs.length) {
    return { outcome: 'cut', reason: `${arrived} of ${seen.arrivedMs.length} messages arrived, then none` };
  }
  const typicalMs = median([...delaysMs]);
  if (typicalMs > worstWaitMs + promptMs) {
    return { outcome: 'delayed', reason: `each message about ${Math.round(typicalMs - worstWaitMs)} ms late` };
  }
  return { outcome: 'delivered', reason: null };
}

function burstsIn(arrivedMs: readonly number[]): number {
  const ordered = [...arrivedMs].sort((a, b) => a - b);
  return ordered.filter((atMs, index) => index === 0 || atMs - (ordered[index - 1] ?? 0) > BURST_MS).length;
}

function notMeasuredIn(seen: Observation, arrived: number, late: number, { silenceMs }: PassageTiming): NotMeasured {
  const reasons: [boolean, string, string][] = [
    [seen.connectMs === null, 'connectMs', 'the client never was connected'],
    [arrived === 0, 'firstMessageMs', 'no message arrived'],
    [late === 0, 'delayMs', 'none of the messages arrived that were published after the client began to connect'],
    [seen.heldBackBytes === null, 'heldBackBytes', 'nothing that was held back was let go of'],
    [
      seen.survivedSilence === null,
      'survivedSilence',
      silenceMs === 0 ? 'no silence was asked for (--silence)' : 'not everything had arrived before the silence',
    ],
  ];
  return Object.fromEntries(reasons.filter(([isNull]) => isNull).map(([, path, why]) => [path, why]));
}

/** An error without the address, which is another one each time, and without what no terminal should get. */
export function readable(message: string): string {
  const text = message
    .replaceAll(/(\w+:\/\/)?(\d+\.){3}\d+:\d+:?\s*/g, '')
    .replaceAll(/\s*\(?\d{4}-\d\d-\d\dT[\d:.]+Z\)?/g, '')
    .replaceAll(/[^\x20-\x7e\u00a1-\ufffc]+/g, '·')
    .replace(/\.?\s*Resolution note:\s*(?=\(|$)/, ' ');
  return text.length > MAX_REASON_CHARACTERS ? `${text.slice(0, MAX_REASON_CHARACTERS)}…` : text;
}
