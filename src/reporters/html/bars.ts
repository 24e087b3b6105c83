import type { CompletedRow } from '../../report/schema.js';
import { NO_FIGURE } from '../columns.js';
import { type Content, html, type Markup } from './markup.js';
import { keyOf, type PageRow } from './tones.js';

/** A row that has figures. */
export type MeasuredRow = PageRow & { readonly row: CompletedRow };

export function measuredRows(rows: readonly PageRow[]): MeasuredRow[] {
  return rows.filter((shown): shown is MeasuredRow => shown.row.state === 'completed');
}

/** A row's name with its colour, as it stands everywhere; what is not sound says so. */
export function rowName({ row, tone }: PageRow, marked = true): Markup {
  const state = row.state === 'completed' ? row.verdict : row.state;
  const mark = state === 'valid' || !marked ? '' : html` <small>(${state})</small>`;
  return html`<span class="name">${keyOf(tone)}${row.label}${mark}</span>`;
}

export interface BarSegment {
  readonly value: number;
  /** A colour of the page. */
  readonly color: string;
  /** What hovering says. */
  readonly title: string;
}

export interface BarLine {
  readonly shown: PageRow;
  /** Cells between the name and the bar, one for each of the titles. */
  readonly figures: readonly Content[];
  /** Bars below each other, each of segments one after the other. */
  readonly bars: readonly (readonly BarSegment[])[];
  /** The range across the first bar. */
  readonly range?: { readonly low: number; readonly high: number } | null;
}

/** A table whose last column holds bars of one common scale: `full` is their whole width. */
export function barTable(caption: string, titles: readonly string[], lines: readonly BarLine[], full: number): Markup {
  const share = (value: number) => `${((100 * value) / (full || 1)).toFixed(2)}%`;
  const bar = (segments: readonly BarSegment[], range: BarLine['range']) =>
    html`<span class="track">${segments
      .filter(({ value }) => value > 0)
      .map(({ value, color, title }) => html`<i style="width:${share(value)};--tone:${color}" title="${title}"></i>`)}${
      range
        ? html`<span class="range" style="left:${share(range.low)};width:${share(range.high - range.low)}"></span>`
        : ''
    }</span>`;
  return wrapTable(
    caption,
    html`<th scope="col"></th>${titles.map((title) => html`<th scope="col" class="num">${title}</th>`)}<th scope="col"></th>`,
    lines.map(
      ({ shown, figures, bars, range }) =>
        html`<tr data-row="${shown.index}"><th scope="row">${rowName(shown)}</th>${figureCells(figures, titles)}<td class="bar">${shownBars(
          bars,
        ).map((segments, index) => bar(segments, index === 0 ? range : null))}</td></tr>
`,
    ),
  );
}

/** Without those below the first that have nothing in them. */
function shownBars(bars: BarLine['bars']): BarLine['bars'] {
  return bars.filter((segments, index) => index === 0 || segments.some(({ value }) => value > 0));
}

/** Figures before a bar or a strip; on a narrow page each brings its title along. */
export function figureCells(figures: readonly Content[], titles: readonly string[]): Markup[] {
  return figures.map((figure, index) => html`<td class="num" data-title="${titles[index] ?? ''}">${figure}</td>`);
}

export function wrapTable(caption: string, head: Content, lines: readonly Markup[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="bars">
<thead><tr>${head}</tr></thead>
<tbody>${lines}</tbody></table></div>`;
}

/** A figure, or that there is none. */
export function figureOr(value: number | null, format: (value: number) => string): string {
  return value === null ? NO_FIGURE : format(value);
}
