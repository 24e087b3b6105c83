import type { ClaimResult } from '../../report/guide/feature.js';
import { claimsSummary, type GuideCell, guideTable, judgedClaims, stillMissing } from '../../report/guide/table.js';
import type { Source } from '../../report/overlay.js';
import { bullets, fold, html, type Markup, NOTHING, table } from './markup.js';

const TONES: Readonly<Record<ClaimResult, string>> = { holds: 'green', 'does not hold': 'red', 'not measured': 'sub' };

/** The guide's table and its claims; nothing for a report that holds no facts for it. */
export function guideSection({ name, report }: Source): Markup {
  if (report.guide === undefined) return NOTHING;
  const { columns, lines, notes } = guideTable(report);
  const claims = judgedClaims(report);
  const left = (title: string) => ({ title, align: 'left' as const });
  return html`<section><h2>The guide's table, measured${name === '' ? '' : `: ${name}`}</h2>
<p class="sub">In quotation marks what the guide says, and whether it holds here; below it what was found.</p>
${table(
  [left('feature'), ...columns.map(({ title }) => left(title))],
  lines.map(({ name: feature, cells }) => [feature, ...cells.map(cellOf)]),
  "The guide's table of features by techniques",
)}
${bullets(notes)}
<h3>The guide's claims</h3>
<p>${claimsSummary(claims)}</p>
${fold(
  'Every claim',
  table(
    ['feature', 'technique', 'the guide says', 'result', 'decided by'].map(left),
    claims.map(({ feature, technique, says, result, figure }) => [
      feature,
      technique,
      `“${says}”`,
      html`<span class="${TONES[result]}">${result}</span>`,
      figure,
    ]),
    'Claims of the guide and what came of them',
  ),
)}
</section>`;
}

function cellOf(cell: GuideCell): Markup {
  const { says, judgement, lines } = cell;
  const claim =
    says === null || judgement === null
      ? ''
      : html`<span class="${TONES[judgement.result]}">“${says}”: ${judgement.result}</span>${
          judgement.result === 'holds' ? '' : html`<span class="second">${judgement.figure}</span>`
        }`;
  return html`${claim}${lines.map((line) => html`<div>${line}</div>`)}${stillMissing(cell).map(
    (why) => html`<span class="second">– ${why}</span>`,
  )}`;
}
