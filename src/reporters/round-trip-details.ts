import { TRIP_NAMES, tripFigure } from '../report/round-trip-wording.js';
import { TRIPS, type TripName } from '../report/round-trips.js';
import type { Trip } from '../report/round-trips-schema.js';
import type { CompletedRow } from '../report/schema.js';
import { latencyMs } from '../report/wording.js';
import { NO_FIGURE } from './columns.js';
import type { DetailFigure, DetailGroup } from './detail-figures.js';

/** What took how many round trips over a distance; empty where there was none. */
export function roundTripGroups(rows: readonly CompletedRow[]): DetailGroup[] {
  if (rows.every(({ roundTrips }) => roundTrips === null)) return [];
  return [
    {
      title:
        "Round trips: medians of clients that connected anew when a run was over, in ms and as multiples of a round trip measured meanwhile; in brackets what the protocol's definition has, waits for the next poll aside",
      figures: [
        { label: 'one round trip, ms', value: ({ roundTrips }) => inMs(roundTrips?.rttMs) },
        ...TRIPS.flatMap((name): DetailFigure[] => [
          { label: `${TRIP_NAMES[name].line}, ms`, value: (row) => inMs(tripOf(row, name)?.ms) },
          { label: `${TRIP_NAMES[name].line}, trips`, value: (row) => multiple(tripOf(row, name)) },
        ]),
      ],
    },
  ];
}

function tripOf({ roundTrips }: CompletedRow, name: TripName): Trip | undefined {
  return roundTrips?.[name];
}

function inMs(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? NO_FIGURE : latencyMs(1_000 * ms);
}

/** `2.0 (2)`. */
function multiple(trip: Trip | undefined): string {
  if (trip === undefined) return NO_FIGURE;
  const counted = trip.roundTrips === null ? NO_FIGURE : tripFigure(trip.roundTrips);
  return trip.expected === null ? counted : `${counted} (${trip.expected})`;
}
