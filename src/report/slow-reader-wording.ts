import { type SlowReaders, spellSlowReaders } from '../scenario/slow-readers.js';
import type { WhenFull } from '../scenario/when-full.js';
import { formatBytes, formatCount, formatDurationMs } from '../units.js';
import type { CompletedRow, Report } from './schema.js';
import { counted, latencyMs } from './wording.js';

/** What was done to slow readers, for people; `undefined` where there are none. */
export function slowReaderFact({ scenario: { slowReaders, whenFull } }: Pick<Report, 'scenario'>): string | undefined {
  if (slowReaders === null) return undefined;
  return `${howSlow(slowReaders)}; the server ${policyInWords(whenFull)}`;
}

function howSlow(slowReaders: SlowReaders): string {
  const [percent] = spellSlowReaders(slowReaders).split(':');
  const { bytesPerSecond } = slowReaders;
  return bytesPerSecond === 0
    ? `${percent} of the clients stop reading for the window`
    : `${percent} of the clients read ${formatBytes(bytesPerSecond)}/s each in the window`;
}

function policyInWords(whenFull: WhenFull): string {
  const upTo = `holds ${formatBytes(whenFull.bufferBytes)} for each`;
  switch (whenFull.policy) {
    case 'wait':
      return `${upTo} and lets them wait`;
    case 'drop-oldest':
      return `${upTo} and keeps the newest ${formatCount(whenFull.keepMessages)} messages for them`;
    case 'disconnect':
      return `${upTo} and disconnects them after ${formatDurationMs(whenFull.afterMs)} or ${formatCount(whenFull.behindMessages)} messages`;
  }
}

/** What slow readers did to each row, and what became of them: a sentence each. */
export function slowReaderSentences(rows: readonly CompletedRow[]): string[] {
  return rows.flatMap((row) => {
    const { slowReaders: slow } = row;
    if (slow === null) return [];
    const { delivery, waitingBytes, memory } = slow;
    const missed = delivery.missed === 0 ? 'missed nothing' : `missed ${shareInWords(delivery)}${whyMissed(slow)}`;
    const held =
      waitingBytes.peak === null
        ? 'nothing waits for them in the server'
        : `at most ${formatBytes(waitingBytes.peak)} waited for them in the server`;
    const grown =
      memory.rssBytes.start === null || memory.rssBytes.peak === null
        ? ''
        : `, whose memory rose by ${formatBytes(Math.max(0, memory.rssBytes.peak - memory.rssBytes.start))} at most`;
    const others = row.latencyUs.p99 === null ? '' : `; p99 of the others ${latencyMs(row.latencyUs.p99)} ms`;
    return [`${row.label}: ${counted(slow.clients, 'slow reader')} ${missed}; ${held}${grown}${others}.`];
  });
}

function shareInWords({ missed, expected }: { missed: number; expected: number }): string {
  return `${formatCount(missed)} of ${counted(expected, 'delivery', 'deliveries')}`;
}

function whyMissed({ dropped, disconnected, gaps }: NonNullable<CompletedRow['slowReaders']>): string {
  const reasons = [
    ...(dropped > 0 ? [`${formatCount(dropped)} dropped`] : []),
    ...(disconnected > 0 ? [`${formatCount(disconnected)} disconnected`] : []),
    ...(gaps > 0 ? [`${formatCount(gaps)} fell out of the history`] : []),
  ];
  return reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
}
