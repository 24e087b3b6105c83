import type { ReportRow } from '../../report/schema.js';
import { unbroken } from '../layout.js';
import type { ChartData } from './chart-shape.js';
import { htmlDocument } from './document.js';
import { bullets, type Content, fold, html, type Markup, NOTHING, table } from './markup.js';
import { type MadeDocument, originFacts } from './origin.js';
import { keyOf, tonesOf } from './tones.js';

/* What the pages about several loads share: sweeps, capacities, use cases. */

/** A row of such a document, as its page shows it. */
export interface LoadRow {
  readonly label: string;
  readonly index: number;
  readonly name: Markup;
  readonly tone: ReturnType<typeof tonesOf>[number];
}

/** Its rows with a colour each, in their order. */
export function loadRows(rows: readonly Pick<ReportRow, 'label' | 'group'>[]): LoadRow[] {
  return tonesOf(rows.map(({ group }) => group)).map((tone, index) => {
    const label = rows[index]?.label ?? '';
    return { label, index, tone, name: html`<span class="name">${keyOf(tone)}${label}</span>` };
  });
}

export interface LoadPage {
  readonly title: string;
  readonly lead: string;
  readonly facts: readonly string[];
  /** What of it may not be believed as it stands; empty: nothing. */
  readonly warning: string;
  readonly statements: readonly string[];
  readonly content: Content;
  readonly charts: readonly ChartData[];
  readonly notes: readonly string[];
  readonly legend: readonly string[];
  readonly made: MadeDocument;
}

/** One document as a page of its own: the answer first, then what it comes from. */
export function loadPage(page: LoadPage): string {
  const { title, lead, facts, warning, statements, content, charts, notes, legend, made } = page;
  return htmlDocument({
    title: `${title} · rtbench`,
    charts,
    body: html`<main>
<header><div class="top"><span>rtbench report</span><button type="button" class="needs-script" data-theme-button>Theme</button></div>
<h1>${unbroken(title)}</h1>
${lead === '' ? NOTHING : html`<p class="lead">${unbroken(lead)}</p>`}
${facts.length === 0 ? NOTHING : html`<ul class="facts">${facts.map((fact) => html`<li>${unbroken(fact)}</li>`)}</ul>`}
${warning === '' ? NOTHING : html`<p class="banner yellow"><strong>${warning}</strong></p>`}
</header>
<section id="summary"><h2>What this says</h2>
<div class="says">${bullets(statements.map(unbroken))}</div>
</section>
${content}
${notes.length === 0 ? NOTHING : html`<section id="notes"><h2>Notes on single rows</h2>${bullets(notes.map(unbroken))}</section>`}
${fold('How to read it', bullets(legend.map(unbroken)))}
<section id="origin"><h2>How it was measured</h2>
${originFacts(made)}
</section>
</main>`,
  });
}

/** Buttons that switch rows on and off in every chart. */
export function rowSwitches(rows: readonly LoadRow[]): Markup {
  return html`<div class="legend needs-script" role="group" aria-label="Rows shown in the charts">${rows.map(
    ({ index, name }) => html`<button type="button" data-switch="${index}" aria-pressed="true">${name}</button>`,
  )}</div>`;
}

/** A line for each value or figure, a column for each row; a figure may have others below it. */
export function byRow(
  caption: string,
  rows: readonly LoadRow[],
  lines: readonly (readonly [label: string, cells: readonly string[]])[],
): Markup {
  return table(
    [{ title: '', align: 'left' }, ...rows.map(({ name }) => ({ title: name, align: 'right' as const }))],
    lines.map(([label, cells]) => [label, ...cells.map(cellOf)]),
    caption,
  );
}

function cellOf(text: string): Content {
  const [main = '', ...others] = text.split('\n');
  return html`${main}${others.map((other) => html`<span class="second">${other}</span>`)}`;
}
