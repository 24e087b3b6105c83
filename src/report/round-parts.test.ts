import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BYTE_PARTS, type LedgerSample, noBytes, type UncountedParts } from '../metrics/byte-ledger.js';
import { LEDGER, PULL, PUSH, serverOf } from '../testing/measurement.js';
import { partsOf } from './round-parts.js';

const EXACT: UncountedParts = { up: [], down: [] };
/** In the window and after it: 963 up and 9,630 down cross the sockets. */
const MOVED = { up: 963, down: 9_630 };

function split(ledger: LedgerSample, uncounted: UncountedParts = EXACT, received = 0) {
  const server = serverOf(PUSH);
  const hub = { published: 0, received, delivered: 4_900 };
  return partsOf({ row: PUSH, server: { ...server, closed: { ...server.closed, ledger, uncounted, hub } } });
}

type Parts = NonNullable<ReturnType<typeof partsOf>['parts']>;

function sumOf(parts: Parts) {
  const sum = (way: 'up' | 'down') => Object.values(parts).reduce((total, part) => total + (part[way] ?? 0), 0);
  return { up: sum('up'), down: sum('down') };
}

const partBytes = (bytes: fc.Arbitrary<number>) =>
  fc.record({
    payload: bytes,
    framing: bytes,
    headers: bytes,
    emptyPolls: bytes,
    heartbeats: bytes,
    flowControl: bytes,
  });

const ledgers = fc.record({
  up: partBytes(fc.nat(200)),
  down: partBytes(fc.nat(2_000)),
  uplink: fc.constant({ up: 0, down: 0 }),
});
const someParts = fc.subarray([...BYTE_PARTS]);

describe('parts of the bytes of a round', () => {
  it('are what the ledger says where that is every byte, with everything before the window as the opening', () => {
    const { parts, notMeasured } = split(LEDGER);
    expect(parts).toEqual({
      payload: { up: 0, down: 9_000 },
      framing: { up: 0, down: 600 },
      headers: { up: 900, down: 10 },
      emptyPolls: { up: 60, down: 0 },
      heartbeats: { up: 3, down: 5 },
      flowControl: { up: 0, down: 15 },
      opening: { up: 300, down: 3_000 },
    });
    expect(notMeasured).toEqual({});
    expect(parts && sumOf(parts)).toEqual({ up: 1_263, down: 12_630 });
  });

  it('add up to the totals, whatever the ledger says, or there are none and the difference is named', () => {
    fc.assert(
      fc.property(ledgers, fc.record({ up: someParts, down: someParts }), fc.nat(1), (ledger, uncounted, received) => {
        const { parts, notMeasured } = split(ledger, uncounted, received);
        if (parts) expect(sumOf(parts)).toEqual({ up: 1_263, down: 12_630 });
        else expect(notMeasured['bytes.parts']).toMatch(/does not (account for|tell)/);
        for (const [part, { up, down }] of Object.entries(parts ?? {})) {
          expect(up === null).toBe(`bytes.parts.${part}.up` in notMeasured);
          expect(down === null).toBe(`bytes.parts.${part}.down` in notMeasured);
        }
      }),
    );
  });

  it('are not told of a byte too few or too many', () => {
    const less = { ...LEDGER, down: { ...LEDGER.down, payload: 8_999 } };
    expect(split(less)).toEqual({
      parts: null,
      notMeasured: {
        'bytes.parts': "the transport's server half does not account for 1 B ↓ and 0 B ↑ of what crossed the sockets",
      },
    });
    const more = { ...LEDGER, up: { ...LEDGER.up, headers: 901 } };
    expect(split(more).notMeasured['bytes.parts']).toContain('0 B ↓ and -1 B ↑');
    // Too many are no rest of anything.
    expect(split(more, { up: ['headers'], down: [] }).parts).toBeNull();
  });

  it('are not told of a transport that tells nothing, nor where no socket is', () => {
    const nothing: LedgerSample = { up: noBytes(), down: noBytes(), uplink: { up: 0, down: 0 } };
    expect(split(nothing).notMeasured).toEqual({
      'bytes.parts': "the transport's server half does not tell what its bytes are for",
    });
    const inProcess = { ...PUSH, profile: { ...PUSH.profile, inProcess: true as const } };
    expect(partsOf({ row: inProcess, server: serverOf(PUSH) }).notMeasured).toEqual({
      'bytes.parts': 'inside one process nothing crosses a socket',
    });
  });
});

it('what TLS adds after the window has begun is framing, and leaves the rest as exact as it was', () => {
  const server = serverOf(PUSH);
  const tls = { settled: { up: 50, down: 500 }, closed: { up: 60, down: 620 } };
  const ledger = { ...LEDGER, up: { ...LEDGER.up, headers: 890 }, down: { ...LEDGER.down, payload: 8_880 } };
  const settled = { ...server.settled, tls: tls.settled };
  const closed = { ...server.closed, tls: tls.closed, ledger };
  const { parts } = partsOf({ row: PUSH, server: { ...server, settled, closed } });
  expect(parts).toMatchObject({ framing: { up: 10, down: 720 }, payload: { down: 8_880 }, opening: { up: 300 } });
  const less = { ...closed, ledger: LEDGER };
  expect(partsOf({ row: PUSH, server: { ...server, settled, closed: less } }).parts).toBeNull();
});

describe('what a library does not tell', () => {
  const prefixes: LedgerSample = {
    up: noBytes(),
    down: { ...noBytes(), payload: 9_000, framing: 100 },
    uplink: { up: 0, down: 0 },
  };
  const uncounted: UncountedParts = { up: ['framing', 'flowControl'], down: ['framing', 'flowControl'] };

  it('is in the first of its parts, and the others are null', () => {
    const { parts, notMeasured } = split(prefixes, uncounted);
    expect(parts).toMatchObject({
      payload: { down: 9_000 },
      framing: { down: MOVED.down - 9_000 },
      flowControl: { down: null },
    });
    expect(notMeasured).toEqual({
      'bytes.parts.flowControl.down': 'in "framing": the library does not tell one from the other',
    });
  });

  it('frames no message in a direction in which none goes', () => {
    expect(split(prefixes, uncounted).parts).toMatchObject({ framing: { up: 0 }, flowControl: { up: MOVED.up } });
    expect(split(prefixes, uncounted, 1).parts).toMatchObject({ framing: { up: MOVED.up }, flowControl: { up: null } });
  });

  it('of a pull counts the messages in its answers', () => {
    const server = serverOf(PULL);
    const answers = { total: 300, empty: 60, messages: 4_900 };
    const closed = { ...server.closed, ledger: prefixes, uncounted, answers };
    expect(partsOf({ row: PULL, server: { ...server, closed } }).parts).toMatchObject({ framing: { down: 630 } });
  });
});
