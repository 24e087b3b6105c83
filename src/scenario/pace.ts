import type { Settings, Transport } from '../transports/transport.js';
import { waitsOf } from './rows.js';
import type { Row } from './scenario.js';

/**
 * A row that polls `factor` times as seldom: with the setting changed that its longest wait is, within what the setting
 * allows. Rows that have no such setting stay as they are.
 */
export function paced(row: Row, transport: Paced, factor: number): Row {
  const key = paceOf(row, transport);
  return key === undefined ? row : withPace(row, transport, key, Number(row.settings[key]) * factor);
}

/** A row that polls once in `ms`, within what its setting allows; rows that have no such setting stay as they are. */
export function pacedTo(row: Row, transport: Paced, ms: number): Row {
  const key = paceOf(row, transport);
  return key === undefined ? row : withPace(row, transport, key, ms);
}

type Paced = Pick<Transport, 'settings' | 'worstWaitMs' | 'heartbeat'>;

function paceOf({ settings }: Row, transport: Paced): string | undefined {
  return Object.keys(transport.settings).find((name) => isPace(name, settings, transport));
}

function withPace(row: Row, transport: Paced, key: string, ms: number): Row {
  const spec = transport.settings[key];
  if (spec?.kind !== 'durationMs') return row;
  const settings = { ...row.settings, [key]: Math.min(spec.max, Math.max(spec.min, Math.round(ms))) };
  return { ...row, settings, ...waitsOf(transport, settings) };
}

/** Whether the wait doubles when this setting does. */
function isPace(key: string, settings: Settings, { settings: specs, worstWaitMs }: Paced): boolean {
  const value = settings[key];
  const waitMs = worstWaitMs(settings);
  if (specs[key]?.kind !== 'durationMs' || typeof value !== 'number' || waitMs === 0) return false;
  return worstWaitMs({ ...settings, [key]: 2 * value }) === 2 * waitMs;
}
