import { execFile } from 'node:child_process';
import { appendFile, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, UsageError } from '../errors.js';
import type { HistoryPoint } from '../report/history.js';
import { HISTORY_HEADER, type HistoryFormat, renderHistory } from '../reporters/history.js';

/**
 * Proves that a history can be appended to.
 *
 * @throws UsageError where it cannot, or where a CSV file has other columns.
 */
export async function provableHistory(file: string): Promise<void> {
  formatOf(file);
  try {
    const handle = await open(file, 'a');
    await handle.close();
  } catch (error) {
    throw new UsageError(`--history: cannot append to ${resolve(file)}: ${messageOf(error)}`);
  }
  if (formatOf(file) === 'jsonl' || (await isEmpty(file))) return;
  const handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HISTORY_HEADER.length)).finally(() => handle.close());
  if (buffer.toString('utf8', 0, bytesRead) !== HISTORY_HEADER) {
    throw new UsageError(
      `--history: ${resolve(file)} has other columns than a history of this rtbench; give another file`,
    );
  }
}

/** Appends a line for each figure, in one write. */
export async function appendHistory(file: string, points: readonly HistoryPoint[]): Promise<void> {
  const format = formatOf(file);
  const header = format === 'csv' && (await isEmpty(file)) ? HISTORY_HEADER : '';
  await appendFile(file, `${(await endsAmidLine(file)) ? '\n' : ''}${header}${renderHistory(points, format)}`);
}

function formatOf(file: string): HistoryFormat {
  if (/\.csv$/i.test(file)) return 'csv';
  if (/\.(jsonl|ndjson)$/i.test(file)) return 'jsonl';
  throw new UsageError(`--history: \`${file}\` ends in neither .csv nor .jsonl, which say how it is written`);
}

async function isEmpty(file: string): Promise<boolean> {
  return (await sizeOf(file)) === 0;
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.size ?? 0;
}

/** An editor, or a full disk, may have left the last line without its end. */
async function endsAmidLine(file: string): Promise<boolean> {
  const size = await sizeOf(file);
  if (size === 0) return false;
  const handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1).finally(() => handle.close());
  return buffer.toString() !== '\n';
}

/** The commit of the working directory, `-dirty` behind it where files differ from it; `null`: there is none to tell. */
export async function readCommit(): Promise<string | null> {
  try {
    const args = ['describe', '--always', '--abbrev=40', '--dirty', '--exclude=*'];
    const { stdout } = await promisify(execFile)('git', args, { timeout: 10_000 });
    return stdout.trim();
  } catch {
    // A container may lack git, or not trust who owns the folder.
    return process.env.GITHUB_SHA ?? process.env.CI_COMMIT_SHA ?? null;
  }
}
