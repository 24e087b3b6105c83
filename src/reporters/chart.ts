import { flowed } from './layout.js';
import { extentOf, placed, roundValues, shareOf } from './log-axis.js';

/** One line of a chart: what was measured, in any order. */
export interface ChartSeries {
  readonly label: string;
  /** Only points above 0 are drawn: both axes are logarithmic. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface ChartAxis {
  readonly title: string;
  readonly format: (value: number) => string;
}

export interface Chart {
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly ChartSeries[];
  /** A level to hold the series against, drawn across. */
  readonly line?: { readonly y: number; readonly label: string };
  /** Whether the points of a series are joined; absent: they are. */
  readonly connected?: boolean;
}

export interface ChartSize {
  readonly width: number;
  /** Lines of the plot itself; title, axis and legend come on top. */
  readonly height: number;
}

/** Of points: each series has a letter, so that nothing depends on colour. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** More than one series has a point there. */
const SEVERAL = '*';
/** Between two points of a series, straight in the logarithms. */
const BETWEEN = '·';
const ACROSS = '─';

/**
 * Lines of text with a log-log plot, its axes and a legend; empty where there is nothing to draw, as with points at one
 * place of the x axis. Not more than `width` characters each, where labels allow it.
 */
export function renderChart(chart: Chart, { width, height }: ChartSize): string[] {
  const series = chart.series.map(({ label, points }) => ({
    label,
    points: points.filter(({ x, y }) => x > 0 && y > 0).sort((a, b) => a.x - b.x),
  }));
  const all = series.flatMap(({ points }) => points);
  if (new Set(all.map(({ x }) => x)).size < 2) return [];
  const xs = extentOf(all.map(({ x }) => x));
  const ys = extentOf([...all.map(({ y }) => y), ...(chart.line ? [chart.line.y] : [])]);
  const ticks = ticksOf(ys, height).map((value) => ({ value, text: chart.y.format(value) }));
  const margin = Math.max(...ticks.map(({ text }) => text.length));
  const canvas = new Canvas(Math.max(20, width - margin - 2), height, xs, ys);
  if (chart.line) canvas.across(chart.line.y);
  if (chart.connected !== false) for (const { points } of series) canvas.connect(points);
  for (const [index, { points }] of series.entries()) canvas.mark(points, letterOf(index));
  const tickAt = new Map(ticks.map(({ value, text }) => [canvas.rowOf(value), text]));
  return [
    chart.y.title,
    ...canvas.lines.map((line, row) => {
      const text = tickAt.get(row);
      return `${(text ?? '').padStart(margin)} ${text === undefined ? '│' : '┤'}${line}`.trimEnd();
    }),
    `${' '.repeat(margin)} └${ACROSS.repeat(canvas.width)}`,
    ...below(chart.x, all, canvas, margin + 2),
    ...legend(series, chart.line, width),
  ];
}

class Canvas {
  readonly width: number;
  readonly #height: number;
  readonly #x: readonly [number, number];
  readonly #y: readonly [number, number];
  readonly #cells: string[][];

  constructor(width: number, height: number, x: readonly [number, number], y: readonly [number, number]) {
    this.width = width;
    this.#height = height;
    this.#x = x;
    this.#y = y;
    this.#cells = Array.from({ length: height }, () => Array.from({ length: width }, () => ' '));
  }

  get lines(): string[] {
    return this.#cells.map((cells) => cells.join(''));
  }

  columnOf(x: number): number {
    return Math.round(shareOf(x, this.#x) * (this.width - 1));
  }

  rowOf(y: number): number {
    return this.#height - 1 - Math.round(shareOf(y, this.#y) * (this.#height - 1));
  }

  across(y: number): void {
    this.#cells[this.rowOf(y)]?.fill(ACROSS);
  }

  connect(points: ChartSeries['points']): void {
    for (const [index, to] of points.entries()) {
      const from = points[index - 1];
      if (from === undefined) continue;
      const [start, end] = [this.columnOf(from.x), this.columnOf(to.x)];
      for (let column = start + 1; column < end; column++) {
        const share = (column - start) / (end - start);
        this.#put(column, this.rowOf(from.y ** (1 - share) * to.y ** share), BETWEEN);
      }
    }
  }

  mark(points: ChartSeries['points'], letter: string): void {
    for (const { x, y } of points) {
      const [column, row] = [this.columnOf(x), this.rowOf(y)];
      const there = this.#cells[row]?.[column] ?? ' ';
      const free = there === ' ' || there === BETWEEN || there === ACROSS || there === letter;
      this.#put(column, row, free ? letter : SEVERAL);
    }
  }

  #put(column: number, row: number, character: string): void {
    const cells = this.#cells[row];
    if (cells) cells[column] = character;
  }
}

/** Both ends, and of 1, 2 and 5 by powers of ten as many between them as have a line of their own with one between. */
function ticksOf([low, high]: readonly [number, number], height: number): number[] {
  const rowOf = (value: number) => Math.round(shareOf(value, [low, high]) * (height - 1));
  const kept = high > low ? [low, high] : [low];
  for (const value of roundValues([low, high])) {
    if (kept.every((one) => Math.abs(rowOf(one) - rowOf(value)) >= 2)) kept.push(value);
  }
  return kept;
}

/** The values that were measured, as far as they have room, and what they are. */
function below(axis: ChartAxis, points: ChartSeries['points'], canvas: Canvas, indent: number): string[] {
  const values = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const line = placed(
    values.map((x) => ({ column: canvas.columnOf(x), text: axis.format(x) })),
    canvas.width,
  );
  return [
    `${' '.repeat(indent)}${line}`,
    `${' '.repeat(indent)}${axis.title.padStart(Math.min(canvas.width, (canvas.width + axis.title.length) >> 1))}`,
  ];
}

function legend(series: readonly ChartSeries[], line: Chart['line'], width: number): string[] {
  const entries = series.flatMap(({ label, points }, index) =>
    points.length > 0 ? [`${letterOf(index)} ${label}`] : [],
  );
  if (line) entries.push(`${ACROSS} ${line.label}`);
  entries.push(`${SEVERAL} several`);
  return flowed(entries, width, 3);
}

function letterOf(index: number): string {
  return LETTERS[index % LETTERS.length] ?? SEVERAL;
}
