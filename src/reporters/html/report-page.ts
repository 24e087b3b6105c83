import { type Overlay, ordered } from '../../report/overlay.js';
import { measuredRows, rowName } from './bars.js';
import { deliverySection, fanOutSection } from './delivery.js';
import { htmlDocument } from './document.js';
import { guideSection } from './guide.js';
import { headOf, pageTitle, summaryOf } from './head.js';
import { latencySection } from './latency.js';
import { html, type Markup } from './markup.js';
import { everythingSection, originSection } from './origin.js';
import { serverSection } from './server-cost.js';
import { type PageRow, pageRows } from './tones.js';
import { trafficSection } from './traffic.js';

const CONTENTS = [
  ['latency', 'Latency'],
  ['bytes', 'Bytes'],
  ['server', 'Server'],
  ['fan-out', 'Fan-out'],
  ['delivery', 'Delivery'],
  ['everything', 'Everything measured'],
  ['origin', 'How it was measured'],
] as const;

/** One or several results as a page of their own, which takes nothing from the network. */
export function renderReportPage(shown: Overlay): string {
  const rows = pageRows(shown);
  const measured = measuredRows(ordered(rows));
  const tolerated = new Set(shown.sources.map(({ report }) => report.scenario.toleratesMs));
  const [toleratesMs = null] = tolerated.size === 1 ? tolerated : [];
  const latency = latencySection(measured, toleratesMs);
  const figures = html`${legendOf(measured)}
${latency.content}
${trafficSection(measured)}
${serverSection(measured)}
${fanOutSection(measured)}
${deliverySection(measured)}`;
  return htmlDocument({
    title: pageTitle(shown),
    charts: latency.charts,
    body: html`<main>
${headOf(shown)}
<nav aria-label="Parts of this page">${CONTENTS.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
${summaryOf(shown, rows)}
${measured.length === 0 ? html`<p>No row was measured to its end: there are no figures to draw.</p>` : html`<div>${figures}</div>`}
${shown.sources.map(guideSection)}
${everythingSection(rows, measured)}
${originSection(shown)}
</main>`,
  });
}

/** Buttons that switch rows on and off in everything below; rows that are not to be used begin switched off. */
function legendOf(rows: readonly PageRow[]): Markup {
  return html`<div class="legend needs-script" role="group" aria-label="Rows shown below">${rows.map((shown) => {
    const { row, index } = shown;
    const isUsable = row.state === 'completed' && row.verdict !== 'invalid';
    return html`<button type="button" data-switch="${index}" aria-pressed="${isUsable ? 'true' : 'false'}">${rowName(shown)}</button>`;
  })}</div>`;
}
