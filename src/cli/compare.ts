import { readFile } from 'node:fs/promises';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { compareSides } from '../report/compare/comparable.js';
import type { Side } from '../report/compare/compare.js';
import { findingsOfComparison } from '../report/findings/of-comparison.js';
import { parseReport } from '../report/report.js';
import { renderComparisonMarkdown } from '../reporters/compare-markdown.js';
import { renderComparison } from '../reporters/compare-table.js';
import { deliverCi, provableCi } from './ci-output.js';
import { deliver, provable, screenFor, spell } from './output.js';

export interface CompareFlags {
  readonly force?: boolean;
  readonly json?: string;
  readonly markdown?: string;
  readonly junit?: string;
  /** Exit code 1 where a figure is worse. */
  readonly failOnWorse?: boolean;
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
  await provableCi(flags);
  const report = compareSides(await readSide(baseFile), await readSide(headFile), flags.force ?? false);
  await deliver(flags.json, spell(report));
  const markdown = renderComparisonMarkdown(report);
  await deliver(flags.markdown, markdown);
  screen.write(
    renderComparison(report, { width: screen.columns ?? 100, color: screen.isTTY === true && !process.env.NO_COLOR }),
  );
  await deliverCi(flags, { findings: findingsOfComparison(report), markdown });
  const isWorse = report.figures.some(({ verdict }) => verdict === 'worse');
  return flags.failOnWorse && isWorse ? EXIT.checkFailed : EXIT.ok;
}

async function readSide(file: string): Promise<Side> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file}: cannot be read (${messageOf(error)}); give a result.json that rtbench run wrote`);
  });
  return { file, report: parseReport(text, file) };
}
