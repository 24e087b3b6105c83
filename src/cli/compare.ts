import { readFile } from 'node:fs/promises';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { compareSides } from '../report/compare/comparable.js';
import type { Side } from '../report/compare/compare.js';
import { parseReport } from '../report/report.js';
import { renderComparisonMarkdown } from '../reporters/compare-markdown.js';
import { renderComparison } from '../reporters/compare-table.js';
import { deliver, provable, screenFor, spell } from './output.js';

export interface CompareFlags {
  readonly force?: boolean;
  readonly json?: string;
  readonly markdown?: string;
}

/** `rtbench compare`. */
export async function compare(baseFile: string, headFile: string, flags: CompareFlags): Promise<number> {
  const screen = screenFor(flags);
  for (const [flag, target] of [
    ['--json', flags.json],
    ['--markdown', flags.markdown],
  ] as const) {
    if (target !== undefined && target !== '-') await provable(flag, target);
  }
  const report = compareSides(await readSide(baseFile), await readSide(headFile), flags.force ?? false);
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
