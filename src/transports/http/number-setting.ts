import type { Settings } from '../transport.js';

/** A numeric setting. Throws where it is missing: settings are resolved before they reach a transport. */
export function numberOf(settings: Settings, key: string): number {
  const value = settings[key];
  if (typeof value !== 'number') throw new Error(`setting "${key}" must be a number, got ${JSON.stringify(value)}`);
  return value;
}
