import { readFile } from 'node:fs/promises';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { compareReports, type Side } from '../report/compare/compare.js';
import { parseReport } from '../report/report.js';
import { renderComparisonMarkdown } from '../reporters/compare-markdown.js';
import { renderComparison } from '../reporters/compare-table.js';
import { deliver, provable, screenFor, spell } from './output.js';

export interface CompareFlags {
  readonly force?: boolean;
  readonly json?: string;
  readonly markdown?: string;
}

/** Most differences of two results that are worth reading. */
const MAX_NAMED = 8;

/** `rtbench compare`. */
export async function compare(baseFile: string, headFile: string, flags: CompareFlags): Promise<number> {
  const screen = screenFor(flags);
  for (const [flag, target] of [
    ['--json', flags.json],
    ['--markdown', flags.markdown],
  ] as const) {
    if (target !== undefined && target !== '-') await provable(flag, target);
  }
  const report = compareReports(await readSide(baseFile), await readSide(headFile));
  if (report.unlike.length > 0 && !flags.force) {
    const more = report.unlike.length - MAX_NAMED;
    const named = [...report.unlike.slice(0, MAX_NAMED), ...(more > 0 ? [`and ${more} more`] : [])];
    throw new UsageError(
      `${baseFile} and ${headFile} are not of the same run: ${named.join('; ')}; measure both alike, or compare them all the same with --force`,
    );
  }
  if (report.figures.length === 0) {
    throw new UsageError(
      `${baseFile} and ${headFile} have no row in common: rows are matched by transport and settings; run both with the same -t`,
    );
  }
  await deliver(flags.json, spell(report));
  await deliver(flags.markdown, renderComparisonMarkdown(report));
  screen.write(
    renderComparison(report, { width: screen.columns ?? 100, color: screen.isTTY === true && !process.env.NO_COLOR }),
  );
  return EXIT.ok;
}

async function readSide(file: string): Promise<Side> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file}: cannot be read (${messageOf(error)}); give a result.json that rtbench run wrote`);
  });
  return { file, report: parseReport(text, file) };
}
