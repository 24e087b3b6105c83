import { expect, test } from 'vitest';
import { EXAMPLE_ROWS, exampleReport, exampleResults, exampleRuns } from '../testing/example-report.js';
import type { FaultEffect } from './recovery-schema.js';
import { recoverySentences } from './recovery-wording.js';
import type { CompletedRow } from './schema.js';

const FAULT: FaultEffect = {
  fault: 'restart@1500ms',
  atMs: 1_500,
  lastedMs: 400,
  connections: null,
  clientsDropped: 100,
  clientsUnaware: 0,
  promisedNoticeMs: null,
  clientsAway: 0,
  noticeUs: { p50: 1_000, p99: 2_000, max: 2_000 },
  backUs: { p50: 1_100_000, p99: 1_340_000, all: 1_357_000 },
  attempts: { mean: 1, max: 2 },
  peakAccepts: null,
  serverCpu: null,
};

function sentences(faults: readonly FaultEffect[], counts: { missed?: number; duplicated?: number } = {}): string[] {
  const { sse } = EXAMPLE_ROWS;
  const report = exampleReport({ rows: [exampleResults(sse, exampleRuns(sse))] });
  const row = report.transports.find(({ state }) => state === 'completed') as CompletedRow;
  const recovery = {
    resumed: true,
    faults: [...faults],
    reconnectUs: row.connectUs,
    missed: counts.missed ?? 0,
    recovered: 12,
    outstanding: 0,
    unaware: 0,
  };
  const delivery = { ...row.delivery, duplicated: counts.duplicated ?? 0 };
  return recoverySentences([{ ...row, label: 'SSE', delivery, recovery } as CompletedRow]);
}

test.each([
  [
    [FAULT],
    {},
    'SSE, after restart@1500ms: 100 clients dropped, all back in 1.36 s; nothing was missed, nothing came twice.',
  ],
  [
    [{ ...FAULT, clientsAway: 3, backUs: { p50: 1, p99: null, all: null } }],
    { missed: 1, duplicated: 2 },
    'SSE, after restart@1500ms: 100 clients dropped, 3 of them still away at the end; one delivery missed, 2 came twice.',
  ],
  [
    [{ ...FAULT, fault: 'half-open:50%@1s', clientsDropped: 0, clientsUnaware: 50 }],
    { missed: 40 },
    'SSE, after half-open:50%@1s: 50 clients did not notice; 40 deliveries missed, nothing came twice.',
  ],
  [
    [{ ...FAULT, fault: 'stall:500ms@2s', clientsDropped: 0 }],
    {},
    'SSE, after stall:500ms@2s: no client was dropped; nothing was missed, nothing came twice.',
  ],
])('what came of %j', (faults, counts, sentence) => {
  expect(sentences(faults, counts)).toEqual([sentence]);
});

test('nothing is said where nothing was done', () => {
  expect(sentences([])).toEqual([]);
});
