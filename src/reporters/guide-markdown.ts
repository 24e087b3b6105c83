import {
  claimsSummary,
  type GuideCell,
  guideTable,
  judgedClaims,
  stillMissing,
  verdictOf,
} from '../report/guide/table.js';
import type { Report } from '../report/schema.js';
import { list, table, text } from './markdown-parts.js';

/** The guide's table and its claims, to be folded up; nothing for a report that holds no facts for it. */
export function guideMarkdown(report: Report): { readonly summary: string; readonly content: string }[] {
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
    { summary: "The guide's table, measured", content: `${asTable}\n\n${list(notes)}` },
    { summary: "The guide's claims", content: `${text(claimsSummary(claims))}\n\n${asClaims}` },
  ];
}

function cellText(cell: GuideCell): string {
  const verdict = verdictOf(cell);
  const lines = [...(verdict === null ? [] : [verdict]), ...cell.lines, ...stillMissing(cell).map((why) => `– ${why}`)];
  return lines.join('<br>');
}
