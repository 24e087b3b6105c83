import type { CompletedHerd, HerdPolicy } from '../report/herd-schema.js';
import { plainFigure } from '../report/wording.js';
import { formatCount, formatDurationMs, formatUs } from '../units.js';
import { NO_FIGURE } from './columns.js';

/** A column of the table of policies; theory stands in parentheses where there is one. */
export interface HerdColumn {
  readonly title: string;
  readonly width: number;
  readonly cell: (row: CompletedHerd) => readonly string[];
}

export const HERD_COLUMNS: readonly HerdColumn[] = [
  {
    title: 'peak accepts/s',
    width: 9,
    cell: ({ peakPerSecond }) => pair(peakPerSecond.measured, peakPerSecond.theory, formatCount),
  },
  { title: 'peak lower by', width: 8, cell: ({ lowerBy }) => pair(lowerBy.measured, lowerBy.theory, times) },
  {
    title: 'attempts a client',
    width: 8,
    cell: ({ attemptsPerClient: { measured, theory } }) => pair(measured, theory, plainFigure),
  },
  { title: 'refused', width: 8, cell: ({ refused }) => [formatCount(refused)] },
  { title: 'back: half', width: 8, cell: ({ backMs: { measured, theory } }) => pair(measured.p50, theory.p50, time) },
  { title: 'back: 99 %', width: 8, cell: ({ backMs: { measured, theory } }) => pair(measured.p99, theory.p99, time) },
  { title: 'back: all', width: 8, cell: ({ backMs: { measured, theory } }) => pair(measured.all, theory.all, time) },
  { title: 'server CPU', width: 12, cell: ({ server }) => [time(server.cpuMs), ...eachOf(server.cpuUsPerAccept)] },
];

/** The row's cells; of one that did not end, none. */
export function herdCells(row: HerdPolicy, { cell }: HerdColumn): readonly string[] {
  return row.state === 'completed' ? cell(row) : [NO_FIGURE];
}

function pair(measured: number | null, theory: number | null, spell: (value: number) => string): readonly string[] {
  const first = measured === null ? NO_FIGURE : spell(measured);
  return theory === null ? [first] : [first, `(${spell(theory)})`];
}

function eachOf(us: number | null): readonly string[] {
  return us === null ? [] : [`${formatUs(Math.round(us))} each`];
}

function times(value: number): string {
  return `${plainFigure(value)}×`;
}

function time(ms: number): string {
  return formatDurationMs(Math.round(Math.max(0, ms)));
}
