import { hasIntervals } from '../report/estimate.js';
import { roundsOf } from '../report/precision.js';
import type { Distribution, Report, ReportRow } from '../report/schema.js';
import { hasPercentiles } from '../report/tolerance.js';
import { formatDurationMs } from '../units.js';
import type { Paint } from './ansi.js';
import { NO_FIGURE } from './columns.js';
import { flowed, wrapName } from './layout.js';
import { type Extent, extentOf, placed, rounded, roundValues, shareOf, tickMs } from './log-axis.js';

const LABEL_WIDTH = 18;
const GAP = 2;
const INVALID = ' invalid';
/** Fewest columns that tell rows apart. */
const MIN_PLOT_WIDTH = 24;

const LEAST = '├';
const P50 = '●';
const TO_P90 = '━';
const TO_P99 = '─';
const P99 = '┃';
const BEYOND = '·';
const MOST = '┤';
const TOLERATED = '┊';

interface Plot {
  readonly width: number;
  readonly axis: Extent;
  /** `null`: not on the axis. */
  readonly toleratedUs: number | null;
}

/**
 * Where each row's latencies lie, from the least to the most, on one logarithmic axis; a line says how it is read. Not
 * more than `width` characters a line; empty where no row has latencies. All rounds are taken together.
 */
export function latencyPlot(report: Report, width: number, paint: Paint): string[] {
  const rows = [...report.transports].sort((a, b) => rank(a) - rank(b));
  const ends = rows.flatMap((row) => {
    const drawn = drawnOf(row);
    return drawn === null ? [] : [drawn.min ?? 0, drawn.max ?? 0].map(atLeastOne);
  });
  if (ends.length === 0) return [];
  const axis = rounded(extentOf(ends));
  const labelWidth = Math.min(LABEL_WIDTH, Math.max(...rows.map(({ label }) => label.length)));
  const toleratedUs = 1_000 * report.scenario.toleratesMs;
  const behind = rows.some(isInvalid) ? INVALID.length : 0;
  const plot: Plot = {
    width: Math.max(MIN_PLOT_WIDTH, width - labelWidth - GAP - behind),
    axis,
    toleratedUs: toleratedUs > axis[0] && toleratedUs < axis[1] ? toleratedUs : null,
  };
  const indent = ' '.repeat(labelWidth + GAP);
  return [
    ...flowed(captionOf(report, plot), width),
    ...rows.flatMap((row) => {
      const [first = '', ...others] = wrapName(row.label, labelWidth);
      const isDim = row.group === 'control' || isInvalid(row);
      const drawn = paint(isDim ? 'dim' : 'plain', rowLine(row, plot));
      return [`${first.padEnd(labelWidth + GAP)}${drawn}`.trimEnd(), ...others];
    }),
    ...axisLines(plot).map((line) => paint('dim', `${indent}${line}`)),
  ];
}

/** What is to be said of the plot beside a table whose figures are others. */
export function plotNotes(report: Report): string[] {
  const completed = report.transports.filter((row) => row.state === 'completed');
  if (roundsOf(report) < 2 || hasIntervals(completed) || !completed.some((row) => drawnOf(row) !== null)) return [];
  return ['The lines of latency are all rounds together; the table has the median of the rounds.'];
}

function rank({ group }: ReportRow): number {
  return group === 'control' ? 1 : 0;
}

/** Its figures are not to be used, so nobody shall read them off the plot unawares. */
function isInvalid(row: ReportRow): boolean {
  return drawnOf(row) !== null && row.verdict === 'invalid';
}

function drawnOf(row: ReportRow): Distribution | null {
  const { latencyUs } = row.state === 'completed' && hasPercentiles(row) ? row : NONE;
  return latencyUs.p50 === null ? null : latencyUs;
}

const NONE = { latencyUs: { p50: null } } as const;

/** A histogram begins at 1 µs. */
function atLeastOne(us: number): number {
  return Math.max(1, us);
}

function captionOf(report: Report, { toleratedUs }: Plot): string[] {
  const p99 = report.transports.some((row) => (drawnOf(row)?.p99 ?? null) !== null);
  return [
    `Latency, ms (log): ${LEAST} least`,
    `${P50} p50`,
    `${TO_P90} p90`,
    ...(p99 ? [`${P99} p99`] : []),
    `${MOST} most`,
    ...(toleratedUs === null ? [] : [`${TOLERATED} tolerated ${formatDurationMs(report.scenario.toleratesMs)}`]),
  ];
}

function rowLine(row: ReportRow, { width, axis, toleratedUs }: Plot): string {
  const cells = Array.from({ length: width }, () => ' ');
  const columnOf = (us: number) => Math.round(shareOf(atLeastOne(us), axis) * (width - 1));
  if (toleratedUs !== null) cells[columnOf(toleratedUs)] = TOLERATED;
  const drawn = drawnOf(row);
  if (drawn === null) return `${NO_FIGURE} ${whyNot(row)}`;
  const { min, p50, p90, p99, max } = drawn;
  const line = (from: number | null, to: number | null, character: string) => {
    if (from !== null && to !== null) cells.fill(character, columnOf(from), columnOf(to) + 1);
  };
  line(p99 ?? p90, max, BEYOND);
  line(min, p50, TO_P99);
  line(p90, p99, TO_P99);
  line(p50, p90, TO_P90);
  // What a decision is made by stands above the ends.
  for (const [us, mark] of [
    [min, LEAST],
    [max, MOST],
    [p99, P99],
    [p50, P50],
  ] as const) {
    if (us !== null) cells[columnOf(us)] = mark;
  }
  return `${cells.join('').trimEnd()}${isInvalid(row) ? INVALID : ''}`;
}

function whyNot(row: ReportRow): string {
  if (row.state !== 'completed') return row.state;
  return hasPercentiles(row) ? 'not measured' : row.verdict;
}

function axisLines({ width, axis }: Plot): string[] {
  const columnOf = (us: number) => Math.round(shareOf(us, axis) * (width - 1));
  // Both ends are round values themselves.
  const all = roundValues([axis[0] / 1.01, axis[1] * 1.01]);
  const ticks = all.map((us) => ({ column: columnOf(us), text: tickMs(us) }));
  const rule = Array.from({ length: width }, (_, column) => (ticks.some((tick) => tick.column === column) ? '┴' : '─'));
  return [rule.join(''), placed(ticks, width)];
}
