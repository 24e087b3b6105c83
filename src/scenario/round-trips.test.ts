import { expect, test } from 'vitest';
import { roundTripsCountedOf } from './round-trips.js';

const AWAY = { name: null, rttMs: 50, jitterMs: 5, bytesPerSecond: null } as never;

test.each([
  { what: 'a distance', profile: {}, scenario: { network: AWAY, via: null }, gives: { roundTripMs: 60 } },
  { what: 'no distance', profile: {}, scenario: { network: null, via: null }, gives: /loopback/ },
  {
    what: 'a shared connection, which whoever connects finds open',
    profile: { sharesConnection: true as const },
    scenario: { network: AWAY, via: null },
    gives: /share a connection/,
  },
  {
    what: 'no process but this one',
    profile: { inProcess: true as const },
    scenario: { network: AWAY, via: null },
    gives: /nothing leaves/,
  },
])('round trips over $what', ({ profile, scenario, gives }) => {
  const counted = roundTripsCountedOf(profile as never, scenario);
  if (gives instanceof RegExp) expect('why' in counted ? counted.why : '').toMatch(gives);
  else expect(counted).toEqual(gives);
});
