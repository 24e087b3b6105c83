import type { BaselineRow } from '../report/baseline/schema.js';
import type { Row } from '../scenario/scenario.js';
import { bytesSection } from './verify/bytes.js';
import type { Check } from './verify/check.js';

/**
 * The exact figures of a row, from a lock-step exchange: no load, no clock and no luck is in them, and frames of flow
 * control are left out. So is what has no theory: the compressed headers of an opening over HTTP/2 hold a date, and are a
 * byte longer on some days. `undefined`: the transport has no theory at all.
 *
 * @throws Error naming the figure that could not be measured
 */
export async function exactFigures(row: Row): Promise<BaselineRow | undefined> {
  const { checks } = await bytesSection(row);
  if (checks.length === 0) return undefined;
  const figures: BaselineRow['figures'] = {};
  for (const check of checks.filter(({ state }) => state !== 'no theory')) {
    const figure = figures[check.name] ?? { up: 0, down: 0 };
    figures[check.name] = { ...figure, ...measuredOf(row, check) };
  }
  return { transport: row.transport, label: row.label, settings: { ...row.settings }, figures };
}

function measuredOf({ label }: Row, { name, direction, measured, note }: Check): { up?: number; down?: number } {
  if (measured === null) throw new Error(`${label}: ${name} could not be measured: ${note ?? 'no reason was given'}`);
  return direction === 'up' ? { up: measured } : { down: measured };
}
