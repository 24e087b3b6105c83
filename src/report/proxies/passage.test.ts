import { describe, expect, test } from 'vitest';
import { nullPaths, reasonFor } from '../not-measured.js';
import type { Observation } from './observation.js';
import { passageOf } from './passage.js';

const TIMING = { messages: 4, intervalMs: 500, promptMs: 100, silenceMs: 0 };
const ROW = {
  transport: 'push',
  label: 'Push',
  settings: {},
  profile: { group: 'web', delivery: 'push' },
  worstWaitMs: 0,
} as const;
const FINE: Observation = {
  connectMs: 5,
  publishedMs: [0, 500, 1_000, 1_500],
  arrivedMs: [7, 501, 1_001, 1_501],
  heldBackBytes: null,
  survivedSilence: null,
  failure: null,
};

function judged(seen: Partial<Observation>, { worstWaitMs = 0, silenceMs = 0 } = {}) {
  const facts = { middlebox: 'box', configuration: 'default', mends: [] };
  return passageOf({ ...facts, row: { ...ROW, worstWaitMs }, timing: { ...TIMING, silenceMs } }, { ...FINE, ...seen });
}

describe('the outcome of a passage', () => {
  test('is delivered where messages come in time, each for itself', () => {
    expect(judged({})).toMatchObject({
      outcome: 'delivered',
      reason: null,
      firstMessageMs: 7,
      delayMs: { median: 1, max: 1 },
      bursts: 4,
    });
  });

  test('forgives one late message of several, which is a stall of the machine', () => {
    expect(judged({ arrivedMs: [7, 501, 1_400, 1_501] }).outcome).toBe('delivered');
  });

  test('is delayed by what is beyond the wait of the transport itself', () => {
    const seen = { arrivedMs: [7, 1_210, 1_710, 2_210] };
    expect(judged(seen)).toMatchObject({ outcome: 'delayed', reason: 'each message about 710 ms late' });
    expect(judged(seen, { worstWaitMs: 500 }).reason).toBe('each message about 210 ms late');
    expect(judged(seen, { worstWaitMs: 650 }).outcome).toBe('delivered');
  });

  test('is delayed where a buffer lets go when it is full, and all come in one burst', () => {
    const seen = { connectMs: 2_000, arrivedMs: [2_001, 2_001, 2_002, 2_002], heldBackBytes: 4_596 };
    expect(judged(seen)).toMatchObject({
      outcome: 'delayed',
      reason: 'held back until about 4 KiB were published',
      bursts: 1,
      delivered: 4,
    });
  });

  test('is dead where nothing arrives, with the reason that the client was told', () => {
    const nothing = { connectMs: null, arrivedMs: [null, null, null, null] };
    expect(judged(nothing)).toMatchObject({
      outcome: 'dead',
      reason: 'nothing arrived, however much was published',
      firstMessageMs: null,
      delayMs: null,
      bursts: 0,
    });
    const message = '127.0.0.1:40101: Unexpected server response: 404';
    expect(judged({ ...nothing, failure: { phase: 'connect', atMs: 3, message } })).toMatchObject({
      outcome: 'dead',
      reason: 'Unexpected server response: 404',
    });
  });

  test('is cut where messages came and then no more', () => {
    const failure = { phase: 'drop', atMs: 900, message: 'http://127.0.0.1:40981: other side closed' } as const;
    expect(judged({ failure, arrivedMs: [7, 501] })).toMatchObject({
      outcome: 'cut',
      reason: 'after 2 messages: other side closed',
    });
    expect(judged({ failure, survivedSilence: false }, { silenceMs: 4_000 }).reason).toBe(
      'in a silence of 4 s: other side closed',
    );
    expect(judged({ survivedSilence: false }, { silenceMs: 4_000 })).toMatchObject({ outcome: 'cut' });
    expect(judged({ arrivedMs: [7, 501, null, null] }).outcome).toBe('cut');
  });
});

test('a reason has neither addresses nor control characters in it', () => {
  const message = "a poll's answer makes no sense: Unexpected token '\u001f', \"\u001f\ufffd\b\u0000\"... is not valid";
  const { reason } = judged({ arrivedMs: [null], failure: { phase: 'drop', atMs: 1, message } });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(reason).not.toMatch(/[\u0000-\u001f]/);
});

test('every null has a reason', () => {
  for (const passage of [judged({}), judged({ connectMs: null, arrivedMs: [null] }), judged({}, { silenceMs: 9 })]) {
    const { reason, ...figures } = passage;
    for (const path of nullPaths(figures)) expect(reasonFor(passage.notMeasured, path)).toBeTypeOf('string');
  }
});
