import { formatCount } from '../../../units.js';
import type { CompletedRow } from '../../schema.js';
import { plainFigure } from '../../wording.js';
import { whyNoFacts, whyNoRow, whyNull } from '../columns.js';
import { type Claim, claimOfCounts, type Feature, found, judged, missing, notMeasured, together } from '../feature.js';

/** A new connection for nearly every request: polls under way at the ends of a window make for a few per cent. */
const NEARLY_EACH = 0.9;

function perRequest(rule: string, reason: string): Claim {
  return claimOfCounts({ rule, reason }, (row) => {
    const { accepted } = row.connections;
    const { total } = row.bytes.requests;
    if (accepted === null) return notMeasured(whyNull(row, 'connections.accepted'));
    if (total === null) return notMeasured(whyNull(row, 'bytes.requests.total'));
    if (total === 0) return notMeasured('no request fell into the window');
    return judged(
      accepted.window / total >= NEARLY_EACH,
      `${formatCount(accepted.window)} new connections for ${formatCount(total)} requests in the window`,
    );
  });
}

const single = claimOfCounts(
  {
    rule: 'as many TCP connections as clients, and no other one in the window but of clients that lost theirs',
    reason: '"single persistent" says one, and that it stays',
  },
  (row) => {
    const { accepted, opened, reconnected } = row.connections;
    if (accepted === null) return notMeasured(whyNull(row, 'connections.accepted'));
    const all = accepted.opening + accepted.window - reconnected;
    return judged(
      all === opened,
      `${plainFigure(all / opened)} a client, ${formatCount(accepted.window)} of them opened in the window`,
    );
  },
);

function measured(row: CompletedRow) {
  const { accepted, opened } = row.connections;
  if (accepted === null) return missing(whyNull(row, 'connections.accepted'));
  const per1000 = (1_000 * accepted.window) / Math.max(1, row.delivery.delivered);
  return found(
    `${plainFigure(accepted.opening / opened)} a client at first, ${plainFigure(per1000)} more per 1,000 messages`,
  );
}

export const connection: Feature = {
  key: 'connection',
  found: (column) =>
    together(
      column.facts === null ? missing(whyNoFacts(column)) : found(column.facts.connection),
      column.row?.state === 'completed' ? measured(column.row) : missing(whyNoRow(column)),
    ),
  claims: {
    'Short Polling': perRequest(
      `at least ${NEARLY_EACH} new TCP connections for each request in the window`,
      "a connection is TCP's; keep-alive, which HTTP/1.1 has by default, makes one do for many requests",
    ),
    'Long Polling': perRequest(
      `at least ${NEARLY_EACH} new TCP connections for each answered request in the window`,
      '"reconnect after response" is taken at its word: a new request on a kept connection is no new connection',
    ),
    SSE: single,
    WebSockets: single,
  },
};
