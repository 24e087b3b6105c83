import type { ReportRow } from './schema.js';

/** What a row is told by, whatever its label. */
export type RowIdentity = Pick<ReportRow, 'transport' | 'settings'>;

/** The same transport, with the same value of every setting that both know: documents of other versions know fewer. */
export function isSameRow(a: RowIdentity, b: RowIdentity): boolean {
  return a.transport === b.transport && settingsApart(a, b).length === 0;
}

/** The settings by which two rows of a transport differ, as `key=value` of the first. */
export function settingsApart(a: RowIdentity, b: RowIdentity): string[] {
  return Object.entries(a.settings).flatMap(([key, value]) =>
    b.settings[key] === undefined || b.settings[key] === value ? [] : [`${key}=${value}`],
  );
}
