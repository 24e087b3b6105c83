import type { MatrixReport, MatrixScenario } from '../../report/matrix/schema.js';
import {
  AGREEMENT_WORDS,
  choicesOf,
  MATRIX_TITLE,
  matrixLegend,
  matrixNotes,
  matrixStatements,
  matrixVerdict,
  tolerated,
} from '../../report/matrix/wording.js';
import { cellLines, type MatrixColumn, matrixColumns } from '../matrix-columns.js';
import { loadPage } from './load-page.js';
import { html, type Markup, table } from './markup.js';

/** The use cases as a page of their own: who is in time, what is cheapest, and whether the guide is right. */
export function renderMatrixPage(report: MatrixReport): string {
  const columns = matrixColumns(report);
  return loadPage({
    title: MATRIX_TITLE,
    lead: matrixVerdict(report),
    facts: [],
    warning: report.interrupted ? 'Interrupted: not everything was measured.' : '',
    statements: matrixStatements(report),
    charts: [],
    content: html`<section id="matrix"><h2>Side by side</h2>
<p class="sub">In each cell: whether p99 is within the tolerated delay, and p99 in ms; server CPU and bytes per delivery.</p>
${table(
  [
    { title: 'use case', align: 'left' },
    { title: 'the guide', align: 'left' },
    ...columns.map(({ title }) => ({ title, align: 'right' as const })),
  ],
  report.scenarios.map((one) => [useCaseOf(one), agreementOf(one), ...columns.map((column) => cellOf(column, one))]),
  'Use cases by techniques',
)}
</section>`,
    notes: matrixNotes(report),
    legend: matrixLegend(report),
    made: report,
  });
}

function useCaseOf(one: MatrixScenario): Markup {
  return html`${one.guide.name}<span class="second">${tolerated(one)}</span>`;
}

const TONES = { agrees: 'green', cheaper: 'yellow', misses: 'red', undecided: 'sub' } as const;

function agreementOf(one: MatrixScenario): Markup {
  const { kind } = one.agreement;
  const word = one.state === 'notMeasured' ? 'not measured' : AGREEMENT_WORDS[kind];
  return html`${choicesOf(one)}<div><span class="${TONES[kind]}">${word}</span></div>`;
}

function cellOf(column: MatrixColumn, one: MatrixScenario): Markup {
  const lines = cellLines(column.cellOf(one), one);
  return html`${lines.map(({ text, style }) => html`<div><span class="${style}">${text}</span></div>`)}`;
}
