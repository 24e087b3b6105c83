import { expect, test } from 'vitest';
import { builtInTransports, harness, loadTransport } from '../transports/index.js';
import { authNotes, authProblems, authWayOf } from './auth.js';

const ROWS = await Promise.all(
  [...builtInTransports, harness].map(async ({ module }) => {
    const { profile } = await loadTransport(module);
    return { label: profile.title, profile };
  }),
);

test('each row takes the way asked for where it can, and else one that it has', () => {
  const waysFor = (asked: Parameters<typeof authWayOf>[1]) => ROWS.map((row) => authWayOf(row, asked));
  expect(waysFor(null)).toEqual(ROWS.map(() => null));
  expect(waysFor('bearer')).toEqual(['bearer', 'bearer', 'bearer', 'bearer', 'bearer', 'first-message', null]);
  expect(waysFor('cookie')).toEqual(['cookie', 'cookie', 'cookie', 'cookie', 'bearer', 'first-message', null]);
  const firstMessage = ['bearer', 'bearer', 'bearer', 'first-message', 'bearer', 'first-message', null];
  expect(waysFor('first-message')).toEqual(firstMessage);
});

test('what differs, and what no browser can, is said', () => {
  expect(authNotes(ROWS, 'bearer')).toEqual([
    "SSE: no browser can authenticate by bearer, only by cookie, query; Node's clients can",
    "WebSocket: no browser can authenticate by bearer, only by cookie, query, first-message; Node's clients can",
    'TCP (floor) cannot authenticate by bearer: by first-message instead',
  ]);
  expect(authNotes(ROWS, null)).toEqual([]);
});

test('a transport that knows no way is a problem, where one is asked for', () => {
  const [{ label, profile } = { label: '', profile: ROWS[0]?.profile }] = ROWS;
  if (!profile) throw new Error('no rows');
  const { auth: _, ...rest } = profile;
  const stranger = { label, profile: rest };
  expect(authProblems([stranger], 'cookie')).toEqual([expect.stringMatching(/^Short polling does not authenticate/)]);
  expect([authProblems([stranger], null), authProblems(ROWS, 'cookie')]).toEqual([[], []]);
});
