import type { Overlay, OverlayRow } from '../../report/overlay.js';
import type { Tone } from './chart-shape.js';

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
  const identities = new Map<string, number>();
  return rows.map((shown, index) => {
    const { row, source } = shown;
    if (row.group === 'control') return { ...shown, index, tone: { color: null, dash: source + 1 } };
    const identity = JSON.stringify([row.transport, Object.entries(row.settings).sort()]);
    const place = identities.get(identity) ?? identities.size;
    identities.set(identity, place);
    return { ...shown, index, tone: { color: place % COLORS, dash: source + Math.floor(place / COLORS) } };
  });
}

/** The page's name of a colour. */
export function colorVariable({ color }: Tone): string {
  return color === null ? 'var(--row-control)' : `var(--row-${color})`;
}
