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

/** Rows in their order, controls last. */
export function ordered<Shown extends OverlayRow>(rows: readonly Shown[]): Shown[] {
  const isControl = ({ row }: OverlayRow) => row.group === 'control';
  return [...rows.filter((shown) => !isControl(shown)), ...rows.filter(isControl)];
}

/** What is to be known before rows of two reports are looked at side by side. */
export function likeness({ sources, unlikeWorkload, unlikeMachine }: Overlay): string[] {
  if (sources.length < 2) return [];
  const differs = [
    ...(unlikeWorkload.length > 0 ? [`Not the same workload: ${unlikeWorkload.join('; ')}.`] : []),
    ...(unlikeMachine.length > 0 ? [`Not the same conditions: ${unlikeMachine.join('; ')}.`] : []),
  ];
  return [
    ...(differs.length > 0 ? differs : ['The same workload, machine and versions, measured at different times.']),
    'Nothing is ranked across results: only rows of the same result ran in the same rounds.',
  ];
}
