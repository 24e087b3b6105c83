import type { ComparisonReport } from '../report/compare/schema.js';
import { comparisonCaveats, comparisonLegend, comparisonSentence } from '../report/compare/wording.js';
import {
  CHANGE_HEAD,
  changeCells,
  changesOf,
  marksLegend,
  RATIO_HEAD,
  ratioLines,
  sideFacts,
} from './compare-parts.js';
import { fold, joined, list, table, text } from './markdown-parts.js';

/** As `renderComparison`, for a pull request. */
export function renderComparisonMarkdown(report: ComparisonReport): string {
  const changed = changesOf(report);
  const lines = ratioLines(report);
  return joined([
    `# ${text(report.title)}: head against base`,
    `**${text(comparisonSentence(report))}**`,
    changed.length === 0
      ? ''
      : table(CHANGE_HEAD, changed.map(changeCells), ['left', 'left', 'right', 'right', 'right', 'left']),
    lines.length === 0
      ? 'No row is in both.'
      : table(
          ['head / base', ...RATIO_HEAD.slice(1)],
          lines.map(({ label, cells }) => [label, ...cells.map((cell) => cell.text)]),
        ),
    marksLegend(report),
    list(comparisonCaveats(report)),
    fold('How to read it', list(comparisonLegend())),
    list([`base: ${sideFacts(report.base)}`, `head: ${sideFacts(report.head)}`]),
  ]);
}
