import type { CompletedRow } from '../schema.js';
import { completedRuns, spreadOf } from '../statistics.js';
import type { Series } from './order.js';
import type { GuideExtra } from './schema.js';

type GrowthPoints = NonNullable<GuideExtra['growth']>['rows'][number]['points'];

/** How a server's CPU grows with the clients at the same rate of messages. */
export interface Growth {
  /** Fewest clients it was measured with, and most: those of the scenario. */
  readonly clients: { readonly from: number; readonly to: number };
  /** Median of the CPU at the most over that at the fewest. */
  readonly factor: number;
  /** By round: what a client more takes of the server, µs of CPU a second: the slope of a line through the round's points. */
  readonly usPerClient: Series;
}

/** From the points with fewer clients and the scenario's own rounds; `null` where there is nothing to draw a line through. */
export function growthOf(row: CompletedRow, clients: number, points: GrowthPoints): Growth | null {
  const own = completedRuns(row).flatMap(({ round, server: { cpuShare } }) =>
    cpuShare === null ? [] : [{ clients, round, cpuShare }],
  );
  const rounds = [...new Set(points.map(({ round }) => round))];
  const slopes = rounds.flatMap((round): [number, number][] => {
    const slope = slopeOf([...points, ...own].filter((point) => point.round === round));
    return slope === null ? [] : [[round, 1_000_000 * slope]];
  });
  const from = Math.min(...points.map((point) => point.clients));
  const lowest = spreadOf(points.filter((point) => point.clients === from).map(({ cpuShare }) => cpuShare)).median;
  const highest = spreadOf(own.map(({ cpuShare }) => cpuShare)).median;
  if (slopes.length === 0 || lowest === null || highest === null || lowest <= 0) return null;
  return { clients: { from, to: clients }, factor: highest / lowest, usPerClient: new Map(slopes) };
}

/** Least squares of CPU share over clients; `null` below two numbers of clients. */
function slopeOf(points: GrowthPoints): number | null {
  if (new Set(points.map(({ clients }) => clients)).size < 2) return null;
  const mean = (of: (point: GrowthPoints[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(({ clients }) => clients), mean(({ cpuShare }) => cpuShare)];
  const covariance = mean(({ clients, cpuShare }) => (clients - x) * (cpuShare - y));
  return covariance / mean(({ clients }) => (clients - x) ** 2);
}
