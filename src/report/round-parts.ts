import { BYTE_PARTS, type BytePart, type PartBytes } from '../metrics/byte-ledger.js';
import { formatCount } from '../units.js';
import type { NotMeasured } from './not-measured.js';
import type { RoundMeasurement } from './round-measurement.js';
import { FOREIGN } from './round-target.js';
import type { CompletedRun } from './schema.js';

type Parts = NonNullable<CompletedRun['bytes']['parts']>;
type Way = 'up' | 'down';

/** Parts in which there is nothing where no message goes. */
const AROUND_MESSAGES: readonly BytePart[] = ['payload', 'framing'];

/**
 * What the bytes of one round were for. In each direction `opening` (everything up to the window) and the parts that
 * are not null add up to the total of the sockets. What the server half cannot count is their difference to the ledger;
 * a difference that nothing accounts for leaves no parts at all, and is named. What TLS adds is framing.
 */
export function partsOf({ server, row, target }: Pick<RoundMeasurement, 'server' | 'row' | 'target'>): {
  parts: Parts | null;
  notMeasured: NotMeasured;
} {
  if (row.profile.inProcess) return without('inside one process nothing crosses a socket');
  if (target) return without(FOREIGN.parts);
  const up = split(server, 'up');
  const down = split(server, 'down');
  if (up.unexplained !== 0 || down.unexplained !== 0) {
    const nothing = sumOf(server.closed.ledger.up) + sumOf(server.closed.ledger.down) === 0;
    if (nothing) return without("the transport's server half does not tell what its bytes are for");
    const differences = `${formatCount(down.unexplained)} B ↓ and ${formatCount(up.unexplained)} B ↑`;
    return without(`the transport's server half does not account for ${differences} of what crossed the sockets`);
  }
  const both = (part: BytePart) => ({ up: up.bytes[part], down: down.bytes[part] });
  return {
    parts: {
      payload: both('payload'),
      framing: both('framing'),
      headers: both('headers'),
      emptyPolls: both('emptyPolls'),
      heartbeats: both('heartbeats'),
      flowControl: both('flowControl'),
      opening: { ...server.settled.bytes },
    },
    notMeasured: { ...up.notMeasured, ...down.notMeasured },
  };
}

function without(reason: string) {
  return { parts: null, notMeasured: { 'bytes.parts': reason } };
}

interface Split {
  readonly bytes: Readonly<Record<BytePart, number | null>>;
  readonly notMeasured: NotMeasured;
  /** What crossed the sockets beyond all parts; 0 when they are right. */
  readonly unexplained: number;
}

/** What follows the mark `settled`, in one direction. */
function split({ settled, closed }: RoundMeasurement['server'], way: Way): Split {
  const told = closed.ledger[way];
  const records = closed.tls[way] - settled.tls[way];
  const rest = closed.bytes[way] - settled.bytes[way] - records - sumOf(told);
  const carriesMessages = messagesIn(closed, way) > messagesIn(settled, way);
  const uncounted = closed.uncounted[way].filter((part) => carriesMessages || !AROUND_MESSAGES.includes(part));
  const [first, ...others] = uncounted;
  const inFraming = { ...told, framing: told.framing + records };
  if (rest <= 0 || first === undefined) return { bytes: inFraming, notMeasured: {}, unexplained: rest };
  const together = others.reduce((sum, part) => sum + inFraming[part], inFraming[first] + rest);
  const bytes: Record<BytePart, number | null> = { ...inFraming, [first]: together };
  const notMeasured: NotMeasured = {};
  for (const part of others) {
    bytes[part] = null;
    notMeasured[`bytes.parts.${part}.${way}`] = `in "${first}": the library does not tell one from the other`;
  }
  return { bytes, notMeasured, unexplained: 0 };
}

function messagesIn({ hub, answers }: RoundMeasurement['server']['closed'], way: Way): number {
  return way === 'up' ? hub.received : hub.delivered + answers.messages;
}

function sumOf(bytes: Readonly<PartBytes>): number {
  return BYTE_PARTS.reduce((sum, part) => sum + bytes[part], 0);
}
