/** Title and bar. */
const HEADER_LINES = 2;
/** The run under way in words. */
const CURRENT_LINES = 2;
/** Below the bars: their axis and the percentiles. */
const AXIS_LINES = 2;
const TABLE_HEAD_LINES = 1;
const FOOTER_LINES = 1;
const BLANK_LINES = 3;

/** How the lines of a terminal are given out. */
export interface Layout {
  /** Lines between the parts: 0 or 1. */
  readonly blank: number;
  /** Lines of bars; 0: none, and no axis. */
  readonly barLines: number;
  /** Lines for rows of the table, or of another panel. */
  readonly tableLines: number;
  /** Lines for what is to be known of the figures, with the blank one before them. */
  readonly caveatLines: number;
}

/**
 * `rows`: of the terminal, of which the last stays free, since a frame as high as it cannot be redrawn in place. The
 * table comes first, then a line of bars, air, higher bars, caveats.
 */
export function layoutOf(rows: number, tableRows: number, caveats: number): Layout {
  let left = rows - 1 - HEADER_LINES - CURRENT_LINES - TABLE_HEAD_LINES - FOOTER_LINES;
  const take = (lines: number) => {
    if (left < lines) return false;
    left -= lines;
    return true;
  };
  const tableLines = Math.max(0, Math.min(tableRows, left));
  left -= tableLines;
  let barLines = take(1 + AXIS_LINES) ? 1 : 0;
  const blank = take(BLANK_LINES) ? 1 : 0;
  const caveatLines = caveats > 0 && blank === 1 ? Math.min(left, caveats + 1) : 0;
  const shownCaveats = caveatLines >= 2 ? caveatLines : 0;
  left -= shownCaveats;
  if (barLines === 1 && blank === 1) while (barLines < 4 && take(1)) barLines++;
  return { blank, barLines, tableLines, caveatLines: shownCaveats };
}
