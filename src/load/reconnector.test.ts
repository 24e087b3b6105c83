import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseReconnectPolicy } from '../scenario/reconnect-policy.js';
import { Reconnector } from './reconnector.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A reconnector whose first `failures` attempts of all fail; what happened, with the time it happened. */
function start(spec: string, failures: number) {
  const events: string[] = [];
  const beginMs = Date.now();
  const note = (what: string) => events.push(`${Date.now() - beginMs} ${what}`);
  let left = failures;
  const reconnector = new Reconnector({
    policy: parseReconnectPolicy(spec),
    random: () => 0.5,
    connect: async () => {
      if (left-- > 0) throw new Error('refused');
    },
    onAttempt: (attempt) => note(`attempt ${attempt}`),
    onFailed: (_, attempt) => note(`failed ${attempt}`),
    onConnected: (attempt) => note(`connected ${attempt}`),
  });
  return { reconnector, events };
}

describe('Reconnector', () => {
  it('waits as the policy says before each attempt, until one connects', async () => {
    const { reconnector, events } = start('exponential-jitter', 2);
    reconnector.lost();
    // Long after the last one, so that an attempt that nobody needs would be seen.
    await vi.advanceTimersByTimeAsync(300_000);
    expect(events).toEqual([
      '1250 attempt 1',
      '1250 failed 1',
      '3500 attempt 2',
      '3500 failed 2',
      '7750 attempt 3',
      '7750 connected 3',
    ]);
  });

  it('begins at the first wait again in the next outage', async () => {
    const { reconnector, events } = start('exponential', 1);
    reconnector.lost();
    await vi.advanceTimersByTimeAsync(3_000);
    reconnector.lost();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(events.slice(-2)).toEqual(['4000 attempt 1', '4000 connected 1']);
  });

  it('goes on where the new connection is lost before it was known to be open', async () => {
    const events: number[] = [];
    const reconnector: Reconnector = new Reconnector({
      policy: parseReconnectPolicy('fixed:1s'),
      random: () => 0,
      connect: async () => {
        if (events.length === 1) reconnector.lost();
      },
      onAttempt: (attempt) => events.push(attempt),
    });
    reconnector.lost();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events).toEqual([1, 1]);
  });

  it('ignores a second notice of the same loss', async () => {
    const { reconnector, events } = start('fixed:1s', 0);
    reconnector.lost();
    reconnector.lost();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events).toEqual(['1000 attempt 1', '1000 connected 1']);
  });

  it('begins nothing once stopped', async () => {
    const { reconnector, events } = start('fixed:1s', 5);
    reconnector.lost();
    await vi.advanceTimersByTimeAsync(1_500);
    reconnector.stop();
    reconnector.lost();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events).toEqual(['1000 attempt 1', '1000 failed 1']);
  });

  it('calls nothing back for an attempt that ends after the stop', async () => {
    const connected = vi.fn();
    let open = () => {};
    const reconnector = new Reconnector({
      policy: parseReconnectPolicy('immediate'),
      random: () => 0,
      connect: () =>
        new Promise((resolve) => {
          open = resolve;
        }),
      onConnected: connected,
    });
    reconnector.lost();
    await vi.advanceTimersByTimeAsync(10);
    reconnector.stop();
    open();
    await vi.advanceTimersByTimeAsync(10);
    expect(connected).not.toHaveBeenCalled();
  });
});
