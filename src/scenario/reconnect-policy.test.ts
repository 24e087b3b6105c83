import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { randomStream } from '../random.js';
import { parseReconnectPolicy, RECONNECT_POLICIES, waitMs } from './reconnect-policy.js';

function rangesOf(spec: string, attempts: number, scale?: number): [number, number][] {
  const policy = parseReconnectPolicy(spec, scale);
  return Array.from({ length: attempts }, (_, index) => {
    const { lowMs, highMs } = policy.waitRange(index + 1);
    return [lowMs, highMs];
  });
}

describe('waitRange', () => {
  it.each<[string, [number, number][]]>([
    [
      'immediate',
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      'fixed',
      [
        [1_000, 1_000],
        [1_000, 1_000],
      ],
    ],
    [
      'fixed:250ms',
      [
        [250, 250],
        [250, 250],
      ],
    ],
    [
      'native',
      [
        [3_000, 3_000],
        [3_000, 3_000],
      ],
    ],
    [
      'exponential:max=3s',
      [
        [1_000, 1_000],
        [2_000, 2_000],
        [3_000, 3_000],
        [3_000, 3_000],
      ],
    ],
    [
      'full-jitter:first=100ms',
      [
        [0, 100],
        [0, 200],
        [0, 400],
      ],
    ],
  ])('%s', (spec, ranges) => {
    expect(rangesOf(spec, ranges.length)).toEqual(ranges);
  });

  it('doubles from 1 s to 60 s, each plus 0 to 500 ms, in exponential-jitter', () => {
    const lows = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000];
    expect(rangesOf('exponential-jitter', 8)).toEqual(lows.map((low) => [low, low + 500]));
  });

  it('is multiplied by the scale, jitter included', () => {
    expect(rangesOf('exponential-jitter', 2, 0.1)).toEqual([
      [100, 150],
      [200, 250],
    ]);
  });
});

describe('waitMs', () => {
  it('stays within the range and reaches all of it', () => {
    const policy = parseReconnectPolicy('exponential-jitter');
    const random = randomStream(7, 'waits');
    const waits = Array.from({ length: 2_000 }, () => waitMs(policy, 2, random));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_000);
    expect(Math.min(...waits)).toBeLessThan(2_010);
    expect(Math.max(...waits)).toBeLessThan(2_500);
    expect(Math.max(...waits)).toBeGreaterThan(2_490);
  });

  it('draws once an attempt, whatever the policy', () => {
    for (const { name } of RECONNECT_POLICIES) {
      let draws = 0;
      waitMs(parseReconnectPolicy(name), 3, () => {
        draws++;
        return 0.5;
      });
      expect([name, draws]).toEqual([name, 1]);
    }
  });
});

describe('parseReconnectPolicy', () => {
  it('gives a spec that parses to the same policy', () => {
    const specs = fc.oneof(
      fc.constantFrom('immediate', 'native', 'exponential', 'full-jitter:first=20ms,max=4s'),
      fc.integer({ min: 1, max: 600_000 }).map((ms) => `fixed:${ms}ms`),
      fc.integer({ min: 0, max: 600_000 }).map((ms) => `exponential-jitter:jitter=${ms}ms`),
    );
    fc.assert(
      fc.property(specs, (spec) => {
        const policy = parseReconnectPolicy(spec);
        expect(rangesOf(policy.spec, 9)).toEqual(rangesOf(spec, 9));
        expect(parseReconnectPolicy(policy.spec).spec).toBe(policy.spec);
      }),
    );
  });

  it('leaves defaults out of the spec', () => {
    expect(parseReconnectPolicy('exponential-jitter:first=1s,jitter=500ms').spec).toBe('exponential-jitter');
    expect(parseReconnectPolicy(' fixed : 2s').spec).toBe('fixed:wait=2s');
  });

  it.each([
    ['exponentail', 'did you mean `exponential`'],
    ['', 'the policies: immediate, fixed'],
    ['toString', 'is not a reconnection policy'],
    ['fixed:fast', '`wait` must be a duration from 1ms to 600s'],
    ['fixed:0ms', '`wait` must be a duration from 1ms to 600s'],
    ['immediate:1s', 'is not key=value'],
    ['exponential:jitter=1s', 'unknown setting `jitter`'],
    ['full-jitter:1s', 'is not key=value'],
  ])('refuses %j', (spec, problem) => {
    expect(() => parseReconnectPolicy(spec)).toThrow(UsageError);
    expect(() => parseReconnectPolicy(spec)).toThrow(problem);
  });
});
