import { HOSTILE_MODES } from '../../network/middlebox/hostile-modes.js';
import type { Row } from '../../scenario/scenario.js';
import { type ProxyVia, spellVia } from '../../scenario/via.js';
import { columnsNamed } from './columns.js';
import { columnOf, findMend, subjectOf, watchThrough } from './trial.js';

/** Few messages: what kills a technique kills the first, and a mend is told by the same. */
const TIMING = { messages: 3, intervalMs: 250, promptMs: 100, silenceMs: 0 } as const;

/** By row: each of its rounds fails alike. */
const explained = new WeakMap<Row, Promise<string>>();

/**
 * Why a row does not get through a proxy, found by one client alone, and what mends it: sentences that can stand after
 * the reason of a failed run. Empty where that client gets through, and after an abort.
 */
export function explainFailure(via: ProxyVia, row: Row, signal: AbortSignal): Promise<string> {
  const known = explained.get(row);
  if (known) return known;
  const explaining = explain(via, row, signal).catch(() => '');
  explained.set(row, explaining);
  return explaining;
}

async function explain(via: ProxyVia, row: Row, signal: AbortSignal): Promise<string> {
  const [column] = columnsNamed(spellVia(via)) ?? [];
  if (!column) return '';
  const options = { timing: TIMING, signal };
  const subject = await subjectOf(row);
  const passage = await watchThrough(columnOf(column, subject.speech), row, options);
  if (passage.outcome === 'delivered') return '';
  const seen = `One client alone through ${spellVia(via)}: ${passage.outcome}, ${passage.reason}.`;
  if (column.kind === 'hostile') return `${seen} ${adviceFor(column.mode)}`;
  if (column.configuration !== 'default') return seen;
  const mend = await findMend(column.middlebox, subject, passage, options);
  if (mend === null) return `${seen} No lines are known that mend it.`;
  return `${seen} Mended, tried out, by ${mend.lines.map(({ at, text }) => `\`${text}\` (${at})`).join(', ')}.`;
}

function adviceFor(mode: string): string {
  const advice = HOSTILE_MODES.find(({ name }) => name === mode)?.advice;
  return advice === undefined ? '' : `What helps: ${advice}.`;
}
