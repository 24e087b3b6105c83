import { expect, test } from 'vitest';
import { renderInspection } from '../reporters/inspect-text.js';
import { fuzzInspector } from '../testing/fuzz-inspector.js';
import { expectCovered, expectLengths } from '../testing/inspected.js';
import { inspectionOf } from '../testing/inspection-of.js';
import { streamsOf } from '../testing/recorded.js';
import { recordTechnique } from '../testing/recorded-technique.js';
import type { Streams, Unit } from '../transports/inspection.js';

/** Damaged recordings of each exchange: of all of them, more than 100,000. */
const RUNS = Number(process.env.RTBENCH_FUZZ_RUNS ?? 8_000);
/** One in so many is also shown. */
const SHOWN = 50;

test.each([
  ['websocket'],
  ['websocket:ids=true'],
  ['websocket:deflate=true'],
  ['sse'],
  ['sse:http=2'],
  ['short-polling'],
  ['short-polling:format=binary'],
  ['short-polling:http=2'],
  ['long-polling'],
  ['long-polling:http=2'],
  ['grpc'],
  ['grpc:mode=unary'],
  ['grpc', 'client'],
  ['grpc', 'server'],
])(
  `${RUNS} times damaged, each byte has its part, and no length is said that is not there: %s`,
  async (spec, pattern?: string) => {
    const { row, inspector, recorded } = await recordTechnique(spec, {
      heartbeatMs: 500,
      ...(pattern !== undefined && { pattern }),
    });
    const seeds = recorded.connections.map(streamsOf);
    for (const seed of seeds) {
      const units = inspector.decode(seed, row.settings);
      expectCovered(seed, units);
      expectLengths(units);
      expect(units.flatMap(({ notes }) => notes.filter(({ state }) => state === 'wrong'))).toEqual([]);
    }
    let cases = 0;
    fuzzInspector({
      inspector: {
        decode(streams, settings) {
          const units = inspector.decode(streams, settings);
          if (cases++ % SHOWN === 0) expectShowable(streams, units);
          return units;
        },
      },
      settings: row.settings,
      seeds,
      runs: RUNS,
    });
    expect(cases).toBeGreaterThanOrEqual(RUNS);
  },
  300_000,
);

/** What is shown of it keeps to its width, and has nothing in it that a terminal would obey. */
function expectShowable(streams: Streams, units: readonly Unit[]): void {
  const chunks = (['up', 'down'] as const).map((direction) => ({ direction, atUs: 0, bytes: streams[direction] }));
  const inspection = inspectionOf([{ openedUs: 0, ports: { client: 1, server: 2 }, chunks, ends: [], units }]);
  expect(inspection.count.problems).toEqual([]);
  const text = renderInspection(inspection, { width: 80, color: false, raw: true });
  if (/[^\n\P{Cc}]|\p{Cf}/u.test(text)) expect.fail(`control characters: ${JSON.stringify(text)}`);
  const widest = Math.max(...text.split('\n').map((line) => line.length));
  expect(widest).toBeLessThanOrEqual(80);
}
