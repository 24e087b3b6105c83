import { sumByKey, type Tally } from '../metrics/tally.js';
import { endsServer } from '../scenario/faults.js';
import type { NotMeasured } from './not-measured.js';
import { type RoundMeasurement, sumOver } from './round-measurement.js';
import type { CompletedRun } from './schema.js';

type Connections = CompletedRun['connections'];

const NOTHING_ACCEPTED = 'inside one process nothing is accepted';
const REPLACED = 'another server took the place of the first, which took its count along';

/** What clients opened and lost in one round, and what the server accepted. */
export function connectionsOf(measured: RoundMeasurement): { connections: Connections; notMeasured: NotMeasured } {
  const { workers, row } = measured;
  const accepted = acceptedBy(measured);
  return {
    connections: {
      opened: sumOver(workers, ({ tally }) => tally.connections.opened),
      dropped: sumOver(workers, ({ tally }) => tally.connections.dropped),
      closeCodes: sumByKey(workers.map(({ tally }) => tally.connections.closeCodes)),
      reconnected: sumOver(workers, ({ tally }) => backAgain(tally)),
      accepted,
    },
    notMeasured:
      accepted === null ? { 'connections.accepted': row.profile.inProcess ? NOTHING_ACCEPTED : REPLACED } : {},
  };
}

function acceptedBy({ server, row, faults }: RoundMeasurement): Connections['accepted'] {
  if (row.profile.inProcess || faults?.plan.injected.some(endsServer)) return null;
  const opening = server.settled.sockets.accepted;
  return { opening, window: server.windowEnd.sockets.accepted - opening };
}

function backAgain({ recovery }: Tally): number {
  return recovery?.outages.filter(({ backUs }) => backUs !== null).length ?? 0;
}
