import type { Overlay, OverlayRow } from '../report/overlay.js';
import { formatDurationMs } from '../units.js';
import { type Cell, type Column, columnsOf } from './columns.js';

/** A column of a table of several reports: each row is read by its own report. */
export interface OverlayColumn extends Omit<Column, 'cell'> {
  readonly cell: (shown: OverlayRow) => Cell;
}

/** As `columnsOf`; where the sources tolerate different delays, each row is held against its own. */
export function overlayColumns({ sources }: Overlay): OverlayColumn[] {
  const [first] = sources;
  if (first === undefined) return [];
  const perReport = new Map(sources.map(({ report }) => [report, columnsOf(report)]));
  const tolerated = new Set(sources.map(({ report }) => formatDurationMs(report.scenario.toleratesMs)));
  return columnsOf(first.report).map((column, index) => ({
    ...column,
    header: column.header[0] === 'within' && tolerated.size > 1 ? ['within', 'its own', 'delay'] : column.header,
    cell: (shown) => (perReport.get(shown.report)?.[index] ?? column).cell(shown.row),
  }));
}
