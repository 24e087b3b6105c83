import {
  claimsSummary,
  type GuideCell,
  guideTable,
  judgedClaims,
  stillMissing,
  verdictOf,
} from '../report/guide/table.js';
import type { Report } from '../report/schema.js';
import { fold, list, table, text } from './markdown-parts.js';

/** The guide's table and its claims, folded up; nothing for a report that holds no facts for it. */
export function guideMarkdown(report: Report): string[] {
  if (report.guide === undefined) return [];
  const { columns, lines, notes } = guideTable(report);
  const claims = judgedClaims(report);
  const asTable = table(
    ['feature', ...columns.map(({ title }) => title)],
    lines.map(({ name, cells }) => [name, ...cells.map(cellText)]),
    ['left', ...columns.map(() => 'left' as const)],
  );
  const asClaims = table(
    ['feature', 'technique', 'the guide says', 'result', 'decided by'],
    claims.map(({ feature, technique, says, result, figure }) => [feature, technique, says, result, figure]),
    ['left', 'left', 'left', 'left', 'left'],
  );
  return [
    fold("The guide's table, measured", `${asTable}\n\n${list(notes)}`),
    fold("The guide's claims", `${text(claimsSummary(claims))}\n\n${asClaims}`),
  ];
}

function cellText(cell: GuideCell): string {
  const verdict = verdictOf(cell);
  const lines = [...(verdict === null ? [] : [verdict]), ...cell.lines, ...stillMissing(cell).map((why) => `– ${why}`)];
  return lines.join('<br>');
}
