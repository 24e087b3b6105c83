import { expect, it } from 'vitest';
import type { ReportRow } from '../report/schema.js';
import { exampleReport } from '../testing/example-report.js';
import { rowNotes } from './row-notes.js';

const [ROW] = exampleReport().transports;

function rowOf(reasons: string[]): ReportRow {
  if (ROW?.state !== 'completed') throw new Error('the example has a completed row');
  return { ...ROW, label: 'SSE', verdict: 'suspect', reasons };
}

const LATE = 'round 1: the publisher was late, 2 ms at p99';
const AGAIN = 'round 2: measured a second time, the one before was invalid: the publisher was late, 63 ms at p99';

it.each([
  ['nothing', [], [], false],
  ['one reason as it is', [LATE], [`SSE (suspect): ${LATE}`], false],
  ['the first of several', [LATE, LATE, LATE], [`SSE (suspect): ${LATE}; and 2 more notes`], true],
  ['runs done again by their number', [AGAIN, AGAIN], ['SSE (suspect): 2 rounds measured a second time'], true],
  [
    'a reason before what is no reason',
    [AGAIN, LATE, LATE],
    [`SSE (suspect): ${LATE}; and one more note; one round measured a second time`],
    true,
  ],
] as const)('%s', (_, reasons, short, isShortened) => {
  const notes = rowNotes([rowOf([...reasons])]);
  expect(notes.short).toEqual(short);
  expect(notes.isShortened).toBe(isShortened);
  expect(notes.all).toEqual(reasons.map((reason) => `SSE (suspect): ${reason}`));
});
