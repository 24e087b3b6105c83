import { appendFile } from 'node:fs/promises';
import { messageOf, UsageError } from '../errors.js';
import type { Findings } from '../report/findings/findings.js';
import type { HistoryPoint } from '../report/history.js';
import { renderAnnotations } from '../reporters/annotations.js';
import { appendHistory, provableHistory, readCommit } from './history-file.js';
import { deliver, provable } from './output.js';

/** Where what a command found goes besides, for a CI. */
export interface CiFlags {
  readonly junit?: string;
  readonly history?: string;
}

/** @throws UsageError where a file cannot be written, before anything is measured. */
export async function provableCi({ junit, history }: CiFlags): Promise<void> {
  if (junit === '-') throw new UsageError('--junit: give a file; stdout is for what people read');
  if (junit !== undefined) await provable('--junit', junit);
  if (history !== undefined) await provableHistory(history);
}

export interface CiOutput {
  readonly findings: Findings;
  /** For the summary of the job. */
  readonly markdown: string;
  /** For the history, with the commit; absent: it has nothing of its own. */
  readonly pointsAt?: (commit: string | null) => readonly HistoryPoint[];
}

/** Writes the files asked for; in GitHub's actions annotations and the summary of the job as well. */
export async function deliverCi(
  { junit, history }: CiFlags,
  { findings, markdown, pointsAt }: CiOutput,
): Promise<void> {
  if (junit !== undefined) {
    // Loaded only now, so that it weighs on nothing that was measured.
    const { renderJunit } = await import('../reporters/junit.js');
    await deliver(junit, renderJunit(findings));
  }
  if (history !== undefined && pointsAt !== undefined) await appendHistory(history, pointsAt(await readCommit()));
  if (process.env.GITHUB_ACTIONS !== 'true') return;
  // The runner reads commands from either stream, and stdout may be a document.
  process.stderr.write(renderAnnotations(findings));
  await summarize(markdown);
}

/** That the summary cannot be written is no reason to lose a verdict. */
async function summarize(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '') return;
  await appendFile(file, `${markdown}\n`).catch((error: unknown) => {
    process.stderr.write(`note: GITHUB_STEP_SUMMARY cannot be written: ${messageOf(error)}\n`);
  });
}
