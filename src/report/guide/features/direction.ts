import { whyNoFacts } from '../columns.js';
import { claimOfFacts, type Feature, found, judged, missing } from '../feature.js';
import type { GuideFacts } from '../schema.js';

const UPLINKS: Readonly<Record<GuideFacts['uplink'], string>> = {
  'same-connection': 'up: on the same connection',
  'separate-request': 'up: by a request of its own',
  none: 'up: no way',
};

const asked = claimOfFacts(
  {
    rule: 'nothing comes down that the client did not ask for: the transport pulls',
    reason: 'a message does go down to the client here as well; what sets these apart is who begins',
  },
  (_facts, { row }) =>
    judged(row?.deliveredBy === 'pull', `the ${row?.deliveredBy === 'pull' ? 'client' : 'server'} begins`),
);

/** Who begins, and what goes up where. */
export const direction: Feature = {
  key: 'direction',
  found: (column) => {
    const { row, facts } = column;
    if (row === null || facts === null) return missing(whyNoFacts(column));
    return found(
      row.deliveredBy === 'pull' ? 'down: in answer to a request of the client' : 'down: pushed by the server',
      UPLINKS[facts.uplink],
    );
  },
  claims: {
    'Short Polling': asked,
    'Long Polling': asked,
    SSE: claimOfFacts(
      {
        rule: 'the server pushes, and what a client publishes does not go up on the same connection',
        reason: 'one way is what is said, of the connection that carries the messages',
      },
      ({ uplink }, { row }) =>
        judged(row?.deliveredBy === 'push' && uplink !== 'same-connection', `${row?.deliveredBy}; ${UPLINKS[uplink]}`),
    ),
    WebSockets: claimOfFacts(
      {
        rule: 'the server pushes, and what a client publishes goes up on the same connection',
        reason: 'both ways on one connection is what "bidirectional" means',
      },
      ({ uplink }, { row }) =>
        judged(row?.deliveredBy === 'push' && uplink === 'same-connection', `${row?.deliveredBy}; ${UPLINKS[uplink]}`),
    ),
  },
};
