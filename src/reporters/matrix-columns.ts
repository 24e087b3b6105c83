import type { MatrixCell, MatrixReport, MatrixScenario } from '../report/matrix/schema.js';
import { latencyMs, plainFigure } from '../report/wording.js';
import type { Style } from './ansi.js';
import { NO_FIGURE } from './columns.js';

/** A column of the matrix: a transport, or one of its variants. */
export interface MatrixColumn {
  readonly title: string;
  readonly cellOf: (scenario: MatrixScenario) => MatrixCell | undefined;
}

/** One for each transport and variant of any scenario, in their order. */
export function matrixColumns({ scenarios }: Pick<MatrixReport, 'scenarios'>): MatrixColumn[] {
  const labels = new Map<string, string[]>();
  for (const { cells } of scenarios) {
    for (const [index, cell] of cells.entries()) {
      const key = keyOf(cell, cells.slice(0, index));
      labels.set(key, [...(labels.get(key) ?? []), cell.label]);
    }
  }
  const isVariant = (key: string) => labels.has(`${key.slice(0, key.lastIndexOf(' '))} 1`);
  return [...labels].map(([key, names]) => ({
    title: isVariant(key) ? (names[0] ?? key) : shortest(names.map(withoutSettings)),
    cellOf: ({ cells }) => cells.find((cell, index) => keyOf(cell, cells.slice(0, index)) === key),
  }));
}

/** The transport, and how many of its variants stand before this one. */
function keyOf({ transport }: MatrixCell, before: readonly MatrixCell[]): string {
  return `${transport} ${before.filter((cell) => cell.transport === transport).length}`;
}

function withoutSettings(label: string): string {
  return label.replace(/ \S+=.*$/, '');
}

function shortest(names: readonly string[]): string {
  return names.reduce((short, name) => (name.length < short.length ? name : short));
}

export interface CellLine {
  readonly text: string;
  readonly style: Style;
}

const TOLERANCES = {
  within: ['yes', 'green'],
  borderline: ['partly', 'yellow'],
  over: ['no', 'red'],
  unknown: [NO_FIGURE, 'plain'],
} as const;

/** Whether it is in time and its p99, CPU, bytes, and whether it is cheapest. */
export function cellLines(cell: MatrixCell | undefined, { cheapest }: MatrixScenario): readonly CellLine[] {
  if (cell === undefined) return [{ text: NO_FIGURE, style: 'plain' }];
  if (cell.state !== 'completed') return [{ text: cell.state, style: 'red' }];
  if (cell.verdict === 'invalid' || cell.verdict === 'saturated') return [{ text: cell.verdict, style: 'red' }];
  const [word, style] = TOLERANCES[cell.tolerance];
  const isCheapest = cheapest?.labels.includes(cell.label) ?? false;
  return [
    { text: `${word} ${figure(cell.p99Us.value, latencyMs)}`, style },
    { text: `${figure(cell.serverCpuUsPerDelivery, plainFigure)} µs`, style: 'plain' },
    { text: `${figure(cell.bytesPerDelivery, plainFigure)} B`, style: 'plain' },
    ...(isCheapest ? [{ text: cheapest?.labels.length === 1 ? 'cheapest' : 'tied', style: 'bold' as const }] : []),
    ...(cell.verdict === 'suspect' ? [{ text: 'suspect', style: 'yellow' as const }] : []),
  ];
}

function figure(value: number | null, spell: (value: number) => string): string {
  return value === null ? NO_FIGURE : spell(value);
}
