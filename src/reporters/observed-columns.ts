import { latencyEstimate } from '../report/estimate.js';
import { hasTimes, isNumbered } from '../report/observed-wording.js';
import type { CompletedRow, Report } from '../report/schema.js';
import { latencyMs, plainFigure } from '../report/wording.js';
import { formatCount } from '../units.js';
import {
  bytesCell,
  type Cell,
  type Column,
  cell,
  column,
  cpuCell,
  estimateCell,
  NO_FIGURE,
  ofCompleted,
  verdictCell,
} from './column.js';

type Observed = NonNullable<CompletedRow['observed']>;

/** Of a report of what a server sends by itself: when it came, and how much; latency where its messages hold a time. */
export function observedColumns(report: Pick<Report, 'target'>): Column[] {
  const isTimed = hasTimes(report);
  return [
    column(['technique'], 0, (row) => cell(row.label), { align: 'left' }),
    ...(isTimed
      ? latencies()
      : [
          seen(['first', 'message', 'ms'], 9, firstCell, true),
          seen(['gap', 'p50', 'ms'], 8, ({ gapUs }) => inMs(gapUs.p50)),
        ]),
    seen(['gap', 'p99, max', 'ms'], 9, longCell),
    seen(['messages', '/s and', 'client'], 8, rateCell),
    column(['TCP bytes', '/message'], 9, ofCompleted(bytesCell)),
    ...(report.target?.server === null
      ? []
      : [column(['server', 'CPU µs', '/message'], 9, ofCompleted(cpuCell), { optional: true })]),
    ...(isNumbered(report) ? [column(['lost'], 7, ofCompleted(lostCell))] : []),
    column(['drops'], 6, ofCompleted(dropsCell), { optional: true }),
    column(['verdict'], 9, verdictCell, { align: 'left' }),
  ];
}

function latencies(): Column[] {
  return (['p50', 'p99'] as const).map((key) =>
    column(
      ['latency', key, 'ms'],
      9,
      ofCompleted((row) => estimateCell(latencyEstimate(row, key), latencyMs)),
    ),
  );
}

function seen(header: Column['header'], width: number, of: (observed: Observed) => Cell, optional = false): Column {
  return column(
    header,
    width,
    ofCompleted(({ observed }) => (observed ? of(observed) : cell(NO_FIGURE))),
    { optional },
  );
}

function firstCell({ firstMessageUs: { p50 } }: Observed): Cell {
  return inMs(p50);
}

function longCell({ gapUs, longestGapUs }: Observed): Cell {
  return cell(inMs(gapUs.p99).main, inMs(longestGapUs).main);
}

function rateCell({ perClientPerSecond, silentClients }: Observed): Cell {
  return cell(plainFigure(perClientPerSecond), silentClients > 0 ? `${formatCount(silentClients)} silent` : '');
}

/** By the server's own numbers. */
function lostCell({ delivery: { lost, duplicated, reordered } }: CompletedRow): Cell {
  if (lost === null) return cell(NO_FIGURE);
  const others = [
    ...((duplicated ?? 0) > 0 ? [`${formatCount(duplicated ?? 0)} twice`] : []),
    ...((reordered ?? 0) > 0 ? [`${formatCount(reordered ?? 0)} late`] : []),
  ];
  return cell(formatCount(lost), others.join(' '), lost > 0 || others.length > 0 ? 'red' : 'plain');
}

function dropsCell({ connections: { dropped } }: CompletedRow): Cell {
  return cell(formatCount(dropped), '', dropped > 0 ? 'red' : 'plain');
}

function inMs(us: number | null): Cell {
  return cell(us === null ? NO_FIGURE : latencyMs(us));
}
