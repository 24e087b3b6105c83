import type { Settings, TransportProfile } from '../transports/transport.js';
import type { Preset } from './scenario.js';

/** What a preset sets where a transport has the setting and it was not given: the version that browsers negotiate. */
export const PRESET_SETTINGS: Readonly<Record<Preset, Settings>> = { web: { http: '2' } };

/** Whether a row has its place in a table of this preset; the control rows always have. */
export function suits(preset: Preset | null, { browser, group }: TransportProfile): boolean {
  return preset === null || browser !== 'unavailable' || group === 'control';
}
