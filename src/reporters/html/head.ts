import { caveats } from '../../report/caveats.js';
import { conclusions } from '../../report/conclusions.js';
import { areAllMet, expectationsSentence } from '../../report/expectations-wording.js';
import { likeness, type Overlay, ordered, type Source } from '../../report/overlay.js';
import { titleOf } from '../../report/scale-wording.js';
import type { Report } from '../../report/schema.js';
import type { Cell } from '../columns.js';
import { EXPECTATION_HEAD, expectationCells, expectationLines } from '../expectation-cells.js';
import { unbroken } from '../layout.js';
import { overlayColumns } from '../overlay-columns.js';
import { controlNotes, legend, reasonsByRow, verdictSentence, workloadFacts } from '../prose.js';
import { rowName } from './bars.js';
import { bullets, type Content, fold, html, type Markup, NOTHING, table } from './markup.js';
import type { PageRow } from './tones.js';

/** What the page is about, and what may be believed of it. */
export function headOf(shown: Overlay): Markup {
  const [first] = shown.sources;
  if (first === undefined) return NOTHING;
  const top = html`<div class="top"><span>rtbench report</span><button type="button" class="needs-script" data-theme-button>Theme</button></div>`;
  if (shown.sources.length === 1) {
    const { report } = first;
    return html`<header>${top}
<h1>${titleOf(report.scenario)}</h1>
<p class="lead">${report.scenario.question}</p>
${factsOf(report)}
${banner(report)}${expectationsOf(report)}
</header>`;
  }
  return html`<header>${top}
<h1>${shown.sources.length} results side by side</h1>
<div class="banner ${shown.unlikeWorkload.length > 0 ? 'red' : 'yellow'}">${likeness(shown).map(
    (sentence, index) => html`<p>${index === 0 ? html`<strong>${sentence}</strong>` : sentence}</p>`,
  )}</div>
${shown.sources.map(
  ({ name, report }) => html`<h3>${name}: ${titleOf(report.scenario)}</h3>
${factsOf(report)}
${banner(report)}${expectationsOf(report)}`,
)}
</header>`;
}

/** The title of the page, without any markup. */
export function pageTitle({ sources }: Overlay): string {
  const titles = [...new Set(sources.map(({ report }) => titleOf(report.scenario)))];
  return `${titles.join(', ')} · rtbench`;
}

function factsOf(report: Report): Markup {
  return html`<ul class="facts">${workloadFacts(report).map((fact) => html`<li>${unbroken(fact)}</li>`)}</ul>`;
}

const TONES = { valid: 'green', suspect: 'yellow', saturated: 'red', invalid: 'red' } as const;

function banner(report: Report): Markup {
  return html`<p class="banner ${TONES[report.verdict]}"><strong>${verdictSentence(report)}</strong></p>`;
}

/** What came of the thresholds; nothing where there are none. */
function expectationsOf({ expectations }: Report): Markup {
  if (expectations.length === 0) return NOTHING;
  const failed = expectationLines(expectations);
  return html`
<div class="banner ${areAllMet(expectations) ? 'green' : 'red'}"><p><strong>${expectationsSentence(expectations)}</strong></p>
${bullets(failed)}</div>
${fold(
  'Every threshold',
  table(
    EXPECTATION_HEAD.map((title, index) => ({ title, align: index === 2 || index === 3 ? 'right' : 'left' })),
    expectations.map(expectationCells),
    'What figures must be, and what they are',
  ),
)}`;
}

/** What can be concluded, the table it comes from, and how to read it. */
export function summaryOf(shown: Overlay, rows: readonly PageRow[]): Markup {
  return html`<section id="summary">
${perSource(shown, 'What this says', (report) => sentences(conclusions(report)), 'says')}
<h2>Side by side</h2>
${comparison(shown, rows)}
${perSource(shown, 'Notes on single rows', (report) => bullets(rowNotes(report)))}
${fold(
  'How to read it',
  perSource(shown, '', (report) => sentences([...legend(report), ...controlNotes(report)])),
)}
${perSource(shown, 'What it does not say', (report) => sentences(caveats(report)))}
</section>`;
}

/** The same part of every source, below its name where there are several; nothing where none has it. */
function perSource({ sources }: Overlay, title: string, part: (report: Report) => Markup, kind = ''): Markup {
  const parts = sources
    .map((source) => ({ source, content: part(source.report) }))
    .filter(({ content }) => content.toString() !== '');
  if (parts.length === 0) return NOTHING;
  const heading = title === '' ? '' : html`<h2>${title}</h2>`;
  return html`${heading}<div class="${kind}">${parts.map(({ source, content }) => html`${nameOf(source)}${content}`)}</div>`;
}

function nameOf({ name }: Source): Content {
  return name === '' ? '' : html`<h3>${name}</h3>`;
}

function sentences(texts: readonly string[]): Markup {
  return bullets(texts.map(unbroken));
}

function rowNotes(report: Report): Content[] {
  return reasonsByRow(report.transports).flatMap(({ label, state, reasons }) =>
    reasons.map((reason) => html`<b>${label}</b> (${state}): ${reason}`),
  );
}

function comparison(shown: Overlay, rows: readonly PageRow[]): Markup {
  const columns = overlayColumns(shown);
  const lines = ordered(rows);
  return html`<div class="compare">${table(
    columns.map(({ header, align }) => ({
      title: header.map((line, at) => (at === 0 ? line : html`<br>${line}`)),
      align,
    })),
    lines.map((row) => columns.map(({ cell }, index) => (index === 0 ? rowLabel(row) : cellOf(cell(row))))),
    'Latency, bytes, server cost, delivery and verdict of every row',
    (index) => (lines[index]?.row.group === 'control' ? 'control' : ''),
  )}</div>`;
}

/** Without its verdict, which has a column of its own here. */
function rowLabel(shown: PageRow): Markup {
  return rowName(shown, false);
}

function cellOf({ main, second, style }: Cell): Markup {
  return html`<span class="${style}">${main}</span>${second === '' ? '' : html`<span class="second">${second}</span>`}`;
}
