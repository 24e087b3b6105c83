import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.js';
import { parseReconnectPolicy, waitMs } from '../scenario/reconnect-policy.js';
import { herdTheory, mostWithin } from './herd-theory.js';

const CLIENTS = 2_000;
const AWAY_MS = 2_000;
const WINDOW_MS = 250;

/**
 * When each client of a herd is accepted, ms after all lost the server at one instant, and their attempts; each draws
 * from its own stream, as the clients of `rtbench herd` do, and nothing but the waits takes time.
 */
function herdOf(spec: string, seed: number): { readonly acceptsMs: readonly number[]; readonly attempts: number } {
  const policy = parseReconnectPolicy(spec);
  let attempts = 0;
  const acceptsMs = Array.from({ length: CLIENTS }, (_, client) => {
    const random = randomStream(seed, `waits of client ${client}`);
    let atMs = 0;
    for (let attempt = 1; atMs < AWAY_MS || attempt === 1; attempt++) {
      atMs += waitMs(policy, attempt, random);
      attempts++;
    }
    return atMs;
  });
  return { acceptsMs: acceptsMs.sort((a, b) => a - b), attempts };
}

describe('a herd of 2,000 clients in virtual time', () => {
  it('comes in one instant without jitter', () => {
    const { acceptsMs, attempts } = herdOf('exponential', 1);
    expect([new Set(acceptsMs), mostWithin(acceptsMs, WINDOW_MS), attempts]).toEqual([
      new Set([3_000]),
      CLIENTS,
      2 * CLIENTS,
    ]);
  });

  it.each([
    // Of two jittered waits: N·(1 − (1 − w/2J)²) in the fullest window.
    ['exponential-jitter', 1 / (1 - (1 - WINDOW_MS / 1_000) ** 2)],
    ['exponential-jitter:jitter=2s', null],
    ['full-jitter', null],
  ])('has its peak lowered by %s as theory says, within 25 %%, whatever the seed', (spec, closedForm) => {
    const theory = herdTheory({
      ...{ clients: CLIENTS, policy: parseReconnectPolicy(spec), awayMs: AWAY_MS },
      ...{ windowMs: WINDOW_MS, binMs: 100, seed: 7 },
    });
    for (const seed of [1, 2, 3, 4, 5]) {
      const { acceptsMs, attempts } = herdOf(spec, seed);
      const lowerBy = CLIENTS / mostWithin(acceptsMs, WINDOW_MS);
      expect(Math.abs(lowerBy / (CLIENTS / theory.peak) - 1)).toBeLessThan(0.25);
      if (closedForm !== null) expect(Math.abs(lowerBy / closedForm - 1)).toBeLessThan(0.25);
      expect(Math.abs(attempts / CLIENTS / (theory.attemptsPerClient ?? 0) - 1)).toBeLessThan(0.05);
    }
  });
});
