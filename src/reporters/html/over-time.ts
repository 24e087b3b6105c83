import { completedRuns } from '../../report/statistics.js';
import { latencyMs } from '../../report/wording.js';
import { formatDurationMs, significant } from '../../units.js';
import { figureOr, type MeasuredRow, rowName } from './bars.js';
import { chartFigure } from './chart-figure.js';
import type { ChartData } from './chart-shape.js';
import { type Markup, NOTHING, table } from './markup.js';

/** Of each round so many places on the axis, and one that stays empty, so that no line joins two rounds. */
const PLACES_APART = 1;
const VIEWS = ['mean', 'slowest'] as const;

/** Latency through the windows, one round behind the other; `null` where no row has it. */
export function overTimeChart(rows: readonly MeasuredRow[], across: ChartData['across']): ChartData | null {
  const kept = rows.flatMap(({ row }) =>
    completedRuns(row).flatMap(({ round, overTime }) => (overTime ? [{ round, overTime }] : [])),
  );
  const slices = Math.max(0, ...kept.map(({ overTime }) => overTime.count.length));
  if (slices === 0) return null;
  const rounds = Math.max(...kept.map(({ round }) => round)) + 1;
  const places = Array.from({ length: rounds * (slices + PLACES_APART) - PLACES_APART }, (_, place) =>
    placeOf(place, slices),
  );
  const lengths = new Set(kept.map(({ overTime }) => overTime.sliceMs));
  const [sliceMs] = lengths;
  return {
    id: 'over-time',
    x: {
      title: 'time in the window, one round after the other',
      values: places.map((_, place) => place),
      ticks: Array.from({ length: rounds }, (_, round) => ({
        at: round * (slices + PLACES_APART) + Math.floor(slices / 2),
        text: rounds === 1 ? '' : `round ${round + 1}`,
      })),
      names: places.map((place) => nameOf(place, slices, lengths.size === 1 ? (sliceMs ?? null) : null)),
      min: -0.5,
      max: places.length - 0.5,
    },
    y: { title: 'latency, ms', unit: 'ms', log: true },
    across,
    series: VIEWS.flatMap((view) =>
      rows.map((shown) => ({
        label: shown.row.label,
        row: shown.index,
        tone: shown.tone,
        view,
        look: 'line' as const,
        values: places.map((place) => valueAt(shown, place, view)),
      })),
    ),
  };
}

interface Place {
  readonly round: number;
  readonly slice: number;
}

function placeOf(place: number, slices: number): Place {
  return { round: Math.floor(place / (slices + PLACES_APART)), slice: place % (slices + PLACES_APART) };
}

function nameOf({ round, slice }: Place, slices: number, sliceMs: number | null): string {
  if (slice >= slices) return `After round ${round + 1}`;
  const at =
    sliceMs === null
      ? `${significant((100 * slice) / slices)}–${significant((100 * (slice + 1)) / slices)} % of the window`
      : `${formatDurationMs(slice * sliceMs)}–${formatDurationMs((slice + 1) * sliceMs)}`;
  return `Round ${round + 1}, due at ${at}`;
}

function valueAt({ row }: MeasuredRow, { round, slice }: Place, view: (typeof VIEWS)[number]): number | null {
  const overTime = completedRuns(row).find((one) => one.round === round)?.overTime;
  const us = overTime?.[view === 'mean' ? 'meanUs' : 'maxUs'][slice] ?? null;
  return us === null ? null : us / 1_000;
}

export function overTimeFigure(chart: ChartData, rows: readonly MeasuredRow[]): Markup {
  return chartFigure({
    chart,
    description: `Mean or greatest latency in ms of ${rows.length} rows through the window of each round.`,
    caption:
      'A delivery stands where its message was due. A line that climbs is a queue that grows; a peak of all lines at one place is the machine; teeth are messages that wait for a poll.',
    table: overTimeTable(rows),
  });
}

/** Of each round the quietest and the slowest slice: the chart's hundreds of figures are nothing to read. */
function overTimeTable(rows: readonly MeasuredRow[]): Markup {
  const lines = rows.flatMap((shown) =>
    completedRuns(shown.row).flatMap(({ round, overTime }) => {
      if (overTime === null) return [];
      const means = overTime.meanUs.filter((us) => us !== null);
      const [least, most] = [Math.min(...means), Math.max(...means)];
      const slowest = Math.max(...overTime.maxUs.filter((us) => us !== null));
      const at = overTime.maxUs.indexOf(slowest) * overTime.sliceMs;
      return [
        [
          rowName(shown),
          String(round + 1),
          ...[least, most, slowest].map((us) => figureOr(Number.isFinite(us) ? us : null, latencyMs)),
          Number.isFinite(slowest) ? formatDurationMs(at) : NOTHING,
        ],
      ];
    }),
  );
  const right = (title: string) => ({ title, align: 'right' as const });
  return table(
    [
      { title: '', align: 'left' },
      right('round'),
      right('least mean ms'),
      right('greatest mean ms'),
      right('slowest ms'),
      right('due after'),
    ],
    lines,
    'Latency through the window of each round',
  );
}
