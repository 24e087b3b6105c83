import { describe, expect, it } from 'vitest';
import type { RoundTripTimes } from '../protocol/round-trip-messages.js';
import { encoded, PULL, PUSH } from '../testing/measurement.js';
import { pushRoundTrips } from '../transports/round-trips.js';
import type { RoundTripMeasurement } from './round-measurement.js';
import { combineRoundTrips, roundTripsOfRound } from './round-trips.js';

/** At a round trip of 100 ms; `lateUs`: by which all of it is later than it should be. */
function client(index: number, lateUs: number): RoundTripTimes {
  return {
    channel: `trips${index}`,
    connectUs: 200_000 + lateUs,
    arrivals: { firstMessageUs: 201_000 + lateUs, messageUs: 50_000 + lateUs, secondMessageUs: 150_000 + lateUs },
    uplinks: [
      { sentUs: 1_000_000, backUs: 1_200_000 + lateUs },
      { sentUs: 2_000_000, backUs: 2_100_000 + lateUs },
    ],
  };
}

const MEASURED: RoundTripMeasurement = {
  clients: [0, 4_000, 2_000].map((lateUs, index) => client(index, lateUs)),
  failure: null,
  rtt: encoded([100_000]),
  receivedUs: { trips0: [1_150_000, 2_050_000], trips1: [1_154_000, 2_054_000], trips2: [1_152_000, 2_052_000] },
  expected: pushRoundTrips(2, 0),
};

const ofRound = (roundTrips: RoundTripMeasurement, rttMs: number | null = 100, row = PUSH) =>
  roundTripsOfRound({ roundTrips: { ...roundTrips, rtt: encoded(rttMs === null ? [] : [1_000 * rttMs]) }, row });

describe('round trips of a round', () => {
  it('are medians, and multiples of what one took', () => {
    const { roundTrips, notMeasured } = ofRound(MEASURED);
    expect(roundTrips).toMatchObject({
      rttMs: expect.closeTo(100, 0),
      clients: 3,
      pollWaitMs: 0,
      connect: { samplesMs: [200, 204, 202], ms: 202, roundTrips: expect.closeTo(2.02, 2), expected: 2 },
      firstMessage: { ms: 203 },
      message: { ms: 52 },
      secondMessage: { ms: 152, roundTrips: expect.closeTo(1.52, 2), expected: 0.5 },
      firstUplink: { ms: 152 },
      uplink: { samplesMs: [50, 54, 52], ms: 52 },
      uplinkBack: { ms: 102, roundTrips: expect.closeTo(1.02, 2) },
    });
    expect(notMeasured).toEqual({});
  });

  it('have no multiple where the wait for a poll is in them', () => {
    const { roundTrips, notMeasured } = ofRound(MEASURED, 100, PULL);
    expect(roundTrips?.message).toMatchObject({ ms: 52, roundTrips: null, expected: 0.5 });
    expect(roundTrips?.uplink).toMatchObject({ roundTrips: expect.closeTo(0.52, 2) });
    expect(notMeasured['roundTrips.message.roundTrips']).toBe('the wait for the next poll is in it, 0 to 100 ms');
  });

  it('name what is not there: an uplink, a round trip, a theory, a poll that nobody waited for', () => {
    const without = (changes: Partial<RoundTripTimes>, expected = MEASURED.expected) =>
      ({ ...MEASURED, expected, clients: MEASURED.clients.map((each) => ({ ...each, ...changes })) }) as const;
    expect(ofRound(without({ uplinks: [] })).notMeasured).toMatchObject({
      'roundTrips.uplink': 'clients of this transport do not publish',
    });
    expect(ofRound(without({}), null)).toMatchObject({
      roundTrips: { rttMs: null, connect: { ms: 202, roundTrips: null } },
      notMeasured: { 'roundTrips.connect.roundTrips': 'the round trip itself was not measured' },
    });
    expect(ofRound(without({}, null)).notMeasured['roundTrips.connect.expected']).toMatch(/says nothing/);
    expect(ofRound(without({ arrivals: null }), 100, PULL)).toMatchObject({
      roundTrips: { message: { ms: null } },
      notMeasured: { 'roundTrips.message': 'it waits for the next poll, up to 100 ms, which was not waited for' },
    });
  });

  it('are null, with the reason, where they were not counted or too few clients saw it through', () => {
    expect(roundTripsOfRound({ roundTrips: { why: 'no distance' }, row: PUSH })).toEqual({
      roundTrips: null,
      notMeasured: { roundTrips: 'no distance' },
    });
    const few = { ...MEASURED, clients: MEASURED.clients.slice(1), failure: 'it was cut' };
    expect(ofRound(few).notMeasured).toEqual({ roundTrips: 'only 2 of the clients saw it through: it was cut' });
  });
});

describe('round trips of a row', () => {
  it('are those of the clients of all rounds', () => {
    const [near, far] = [ofRound(MEASURED, 100).roundTrips, ofRound(MEASURED, 104).roundTrips];
    expect(combineRoundTrips([near, null, far])?.roundTrips).toMatchObject({
      rttMs: expect.closeTo(102, 0),
      clients: 6,
      connect: {
        samplesMs: [200, 204, 202, 200, 204, 202],
        ms: 202,
        roundTrips: expect.closeTo(202 / 102, 2),
        expected: 2,
      },
    });
  });

  it('are left to the rounds to explain where none counted them', () => {
    expect(combineRoundTrips([null, null])).toBeUndefined();
  });
});
