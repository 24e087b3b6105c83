import { readFile } from 'node:fs/promises';
import { messageOf, UsageError } from '../errors.js';
import { parseReport } from '../report/report.js';
import type { Report } from '../report/schema.js';

/**
 * Reads a `result.json`.
 *
 * @throws UsageError where it cannot be read, is none, or is of another version of the schema.
 */
export async function readReport(file: string): Promise<Report> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file}: cannot be read (${messageOf(error)})`);
  });
  return parseReport(text, file);
}
