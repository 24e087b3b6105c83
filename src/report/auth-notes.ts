import { authNote } from '../scenario/auth.js';
import type { CompletedRow, Report } from './schema.js';

/** That a token is no more than compared: what the figures of authentication do not say. */
export const ONLY_COMPARED =
  'The token is compared with the one there is: a check that verifies a signature or asks a database costs more.';

/** Who shows the token in another way than was asked for, and where no browser could do it so. */
export function authCaveats({ scenario }: Report, rows: readonly CompletedRow[]): string[] {
  const { auth } = scenario;
  if (auth === null) return [];
  const notes = rows.flatMap((row) => (row.auth ? authNote({ label: row.label, ...row.auth }, auth) : []));
  return [...notes.map((note) => `${note}.`), ONLY_COMPARED];
}
