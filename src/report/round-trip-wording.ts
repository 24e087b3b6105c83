import { TRIPS, type TripName } from './round-trips.js';
import type { CountedRoundTrips } from './round-trips-schema.js';
import type { CompletedRow, ReportRow } from './schema.js';
import { completedRuns, spreadOf } from './statistics.js';
import { between, latencyMs, listed } from './wording.js';

/** Round trips by which rounds may differ, and a row from what its protocol's definition has, without a word about it. */
const NOTABLE = 0.3;

/** What is counted, for people: a line of the details, and a clause. */
export const TRIP_NAMES: Readonly<Record<TripName, { readonly line: string; readonly clause: string }>> = {
  connect: { line: 'connected', clause: 'until connected' },
  firstMessage: { line: 'first message', clause: 'until the first message' },
  message: { line: 'a message', clause: 'of a message' },
  secondMessage: { line: 'right behind it', clause: 'of a message right behind another' },
  firstUplink: { line: 'first one up', clause: 'of the first message up' },
  uplink: { line: 'another one up', clause: 'of another message up' },
  uplinkBack: { line: 'up and back', clause: 'of a message up and back' },
};

type Counted = CompletedRow & { readonly roundTrips: CountedRoundTrips };

/** As it is printed: `2.0`. */
export function tripFigure(roundTrips: number): string {
  return roundTrips.toFixed(1);
}

/** What sets techniques apart over a distance; nothing where there was none. */
export function roundTripSentences(rows: readonly ReportRow[]): string[] {
  const counted = countedRows(rows).filter(({ group }) => group !== 'control');
  const rttMs = spreadOf(counted.map(({ roundTrips }) => roundTrips.rttMs)).median;
  if (rttMs === null) return [];
  const clauses = (['connect', 'secondMessage', 'firstUplink'] as const).flatMap((name) => {
    const byFigure = alike(counted, name);
    return byFigure.length === 0 ? [] : [`${TRIP_NAMES[name].clause} ${listed(byFigure)}`];
  });
  return clauses.length === 0 ? [] : [`Round trips of ${latencyMs(1_000 * rttMs)} ms: ${clauses.join('; ')}.`];
}

/** `2.0 (SSE, WebSocket)`, the fewest first. */
function alike(rows: readonly Counted[], name: TripName): string[] {
  const labels = new Map<string, string[]>();
  for (const { roundTrips, label } of rows) {
    const { roundTrips: trips } = roundTrips[name];
    if (trips === null) continue;
    const figure = tripFigure(trips);
    labels.set(figure, [...(labels.get(figure) ?? []), label]);
  }
  return [...labels]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([figure, those]) => `${figure} (${those.join(', ')})`);
}

/** What makes round trips doubtful: rounds that do not agree, and figures that no definition explains. */
export function roundTripCaveats(rows: readonly CompletedRow[]): string[] {
  const counted = countedRows(rows);
  const apart = counted.flatMap((row) => notes(row, rangeOverRounds));
  const unexplained = counted.flatMap((row) => notes(row, besideDefinition));
  return [
    ...(apart.length > 0 ? [`The rounds do not agree on the round trips of ${listed(apart)}.`] : []),
    ...(unexplained.length > 0
      ? [`Not the round trips that the protocol's definition has: ${listed(unexplained)}.`]
      : []),
  ];
}

function notes(row: Counted, noteOf: (row: Counted, name: TripName) => string | undefined): string[] {
  const found = TRIPS.flatMap((name) => {
    const note = noteOf(row, name);
    return note === undefined ? [] : [`${TRIP_NAMES[name].clause} ${note}`];
  });
  return found.length === 0 ? [] : [`${row.label} (${found.join(', ')})`];
}

function rangeOverRounds(row: Counted, name: TripName): string | undefined {
  const { min, max } = spreadOf(completedRuns(row).map(({ roundTrips }) => roundTrips?.[name].roundTrips ?? null));
  if (min === null || max === null || max - min <= NOTABLE) return undefined;
  return between(tripFigure(min), tripFigure(max));
}

function besideDefinition({ roundTrips }: Counted, name: TripName): string | undefined {
  const { roundTrips: trips, expected } = roundTrips[name];
  if (trips === null || expected === null || Math.abs(trips - expected) <= NOTABLE) return undefined;
  return `${tripFigure(trips)} in place of ${expected}`;
}

function countedRows(rows: readonly ReportRow[]): Counted[] {
  return rows.filter((row): row is Counted => row.state === 'completed' && row.roundTrips !== null);
}
