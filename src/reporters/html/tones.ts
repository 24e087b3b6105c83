import type { Overlay, OverlayRow } from '../../report/overlay.js';
import type { ReportRow } from '../../report/schema.js';
import type { Tone } from './chart-shape.js';
import { html, type Markup } from './markup.js';

/** So many colours can be told apart by people who see colours differently, too. */
export const COLORS = 8;

/** A row of the report as a page shows it. */
export interface PageRow extends OverlayRow {
  /** Its place among all rows of the page, which the legend switches it by. */
  readonly index: number;
  readonly tone: Tone;
}

/** The same technique with the same settings has the same colour in every source, and a dash for each further one. */
export function pageRows({ rows }: Overlay): PageRow[] {
  const techniques = [...new Set(rows.flatMap(({ row, technique }) => (row.group === 'control' ? [] : [technique])))];
  return rows.map((shown, index) => {
    const { row, source, technique } = shown;
    if (row.group === 'control') return { ...shown, index, tone: { color: null, dash: source + 1 } };
    const place = techniques.indexOf(technique);
    return { ...shown, index, tone: { color: place % COLORS, dash: source + Math.floor(place / COLORS) } };
  });
}

/** One colour after the other, in grey what is no choice; `groups`: of each row of a document. */
export function tonesOf(groups: readonly ReportRow['group'][]): Tone[] {
  return groups.map((group, index) => {
    const controls = groups.slice(0, index + 1).filter((one) => one === 'control').length;
    if (group === 'control') return { color: null, dash: controls };
    const place = index - controls;
    return { color: place % COLORS, dash: Math.floor(place / COLORS) };
  });
}

/** The page's name of a colour. */
export function colorVariable({ color }: Tone): string {
  return color === null ? 'var(--row-control)' : `var(--row-${color})`;
}

/** The patch of a row's colour that stands beside its name, striped where its lines are dashed. */
export function keyOf(tone: Tone): Markup {
  return html`<i class="${tone.dash === 0 ? 'key' : 'key striped'}" style="--tone:${colorVariable(tone)}"></i>`;
}
