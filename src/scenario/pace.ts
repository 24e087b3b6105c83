import type { Settings, Transport } from '../transports/transport.js';
import { waitsOf } from './rows.js';
import type { Row } from './scenario.js';

/**
 * A row that polls `factor` times as seldom: with the setting changed that its longest wait is, within what the setting
 * allows. Rows that have no such setting stay as they are.
 */
export function paced(
  row: Row,
  transport: Pick<Transport, 'settings' | 'worstWaitMs' | 'heartbeat'>,
  factor: number,
): Row {
  const { settings } = row;
  const key = Object.keys(transport.settings).find((name) => isPace(name, settings, transport));
  const spec = key === undefined ? undefined : transport.settings[key];
  if (key === undefined || spec?.kind !== 'durationMs') return row;
  const wantedMs = Math.round(Number(settings[key]) * factor);
  const changed = { ...settings, [key]: Math.min(spec.max, Math.max(spec.min, wantedMs)) };
  return { ...row, settings: changed, ...waitsOf(transport, changed) };
}

/** Whether the wait doubles when this setting does. */
function isPace(
  key: string,
  settings: Settings,
  { settings: specs, worstWaitMs }: Pick<Transport, 'settings' | 'worstWaitMs'>,
): boolean {
  const value = settings[key];
  const waitMs = worstWaitMs(settings);
  if (specs[key]?.kind !== 'durationMs' || typeof value !== 'number' || waitMs === 0) return false;
  return worstWaitMs({ ...settings, [key]: 2 * value }) === 2 * waitMs;
}
