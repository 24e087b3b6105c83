import { formatCount, formatDurationMs } from '../units.js';
import type { FaultEffect } from './recovery-schema.js';
import type { CompletedRow } from './schema.js';
import { counted, listed } from './wording.js';

/** How the clients of each row came back from what was done to them, and what they missed: a sentence each. */
export function recoverySentences(rows: readonly CompletedRow[]): string[] {
  return rows.flatMap(({ label, recovery, delivery }) => {
    if (recovery === null || recovery.faults.length === 0) return [];
    const back = recovery.faults.map((fault) => `${fault.fault}: ${backInWords(fault)}`);
    const lacking = recovery.missed + recovery.outstanding;
    const missed = lacking === 0 ? 'nothing was missed' : `${counted(lacking, 'delivery', 'deliveries')} missed`;
    const { duplicated } = delivery;
    const twice = duplicated === 0 ? 'nothing came twice' : `${formatCount(duplicated ?? Number.NaN)} came twice`;
    return [`${label}, after ${listed(back)}; ${[missed, ...(duplicated === null ? [] : [twice])].join(', ')}.`];
  });
}

function backInWords({ clientsDropped, clientsAway, clientsUnaware, backUs }: FaultEffect): string {
  const unaware = clientsUnaware === 0 ? [] : [`${counted(clientsUnaware, 'client')} did not notice`];
  if (clientsDropped === 0) return unaware[0] ?? 'no client was dropped';
  const away = clientsAway === 0 ? [] : [`${formatCount(clientsAway)} of them still away at the end`];
  const all = backUs.all === null ? [] : [`all back in ${formatDurationMs(Math.round(backUs.all / 1_000))}`];
  return [`${counted(clientsDropped, 'client')} dropped`, ...all, ...away, ...unaware].join(', ');
}
