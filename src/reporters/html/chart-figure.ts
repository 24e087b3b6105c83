import type { ChartData } from './chart-shape.js';
import { type Content, html, type Markup } from './markup.js';

export interface ChartFigureParts {
  readonly chart: ChartData;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  /** How to read it. */
  readonly caption: Content;
  /** The same figures as a table: in its place where no script runs. */
  readonly table: Content;
}

/** The place of a chart, with its table below it. */
export function chartFigure({ chart, description, caption, table }: ChartFigureParts): Markup {
  const views = [...new Set(chart.series.flatMap(({ view }) => (view === undefined ? [] : [view])))];
  const buttons = views.map(
    (view, index) =>
      html`<button type="button" data-view="${view}" aria-pressed="${index === 0 ? 'true' : 'false'}">${view}</button>`,
  );
  return html`<figure class="chart" data-chart="${chart.id}">
<figcaption>${caption}</figcaption>
${
  views.length < 2
    ? ''
    : html`<div class="views needs-script" role="group" aria-label="Which figure">${buttons}</div>
`
}<div class="plot needs-script" tabindex="0" role="img" aria-label="${description} Arrow keys read its values; the table below has them all."></div>
<p class="readout needs-script" role="status"></p>
<details class="as-table" open><summary>These figures as a table</summary>${table}</details>
</figure>`;
}
