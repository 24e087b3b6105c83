import { expect, test } from 'vitest';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import type { AuthCost } from './auth-schema.js';
import { combineAuth } from './row-auth.js';

const BYTES = { up: 73, down: 0 };

function runWith(openingUs: AuthCost['openingUs']) {
  const auth: AuthCost = { way: 'bearer', inBrowser: null, openingBytes: BYTES, openingUs };
  return { ...exampleRun(EXAMPLE_ROWS.sse, 0), auth };
}

function time(more: number): NonNullable<AuthCost['openingUs']> {
  return { pairs: 40, shown: 500 + more, without: 500, more, low: more - 10, high: more + 10 };
}

test('times of several rounds: the middle one, and the outermost ends of the intervals', () => {
  expect(combineAuth([runWith(time(30)), runWith(time(50)), runWith(time(20))])).toEqual({
    auth: {
      way: 'bearer',
      inBrowser: null,
      openingBytes: BYTES,
      openingUs: { pairs: 120, shown: 530, without: 500, more: 30, low: 10, high: 60 },
    },
  });
});

test('nothing of a run without authentication, and no time where none was taken', () => {
  expect(combineAuth([exampleRun(EXAMPLE_ROWS.sse, 0)])).toEqual({});
  expect(combineAuth([runWith(null)]).auth?.openingUs).toBeNull();
});
