import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchSilence } from './silence-watch.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Time passes in steps of 10 ms, each with a turn of the event loop. */
async function pass(ms: number, each: () => void = () => {}): Promise<void> {
  for (let at = 0; at < ms; at += 10) {
    each();
    vi.advanceTimersByTime(10);
    await nextTurn();
  }
}

test('silence is told once, after the limit', async () => {
  const told = vi.fn();
  watchSilence({ bytesRead: 5 }, 800, told);
  await pass(790);
  expect(told).not.toHaveBeenCalled();
  await pass(2_000);
  expect(told).toHaveBeenCalledTimes(1);
  expect(told.mock.calls[0]?.[0]).toMatchObject({ message: 'nothing came for 800 ms' });
});

test('whatever comes puts it off, and then it is an eighth of the limit late at the most', async () => {
  const told = vi.fn();
  const socket = { bytesRead: 0 };
  watchSilence(socket, 800, told);
  await pass(5_000, () => socket.bytesRead++);
  expect(told).not.toHaveBeenCalled();
  await pass(790);
  expect(told).not.toHaveBeenCalled();
  await pass(110);
  expect(told).toHaveBeenCalledTimes(1);
});

test('a process that stood still reads first what has come meanwhile', async () => {
  const told = vi.fn();
  const socket = { bytesRead: 0 };
  watchSilence(socket, 800, told);
  await pass(700);
  // One look is due, however many were missed; what is read after it in the same turn counts.
  vi.advanceTimersByTime(100);
  socket.bytesRead++;
  await nextTurn();
  await pass(500);
  expect(told).not.toHaveBeenCalled();
});

test('a watch that was ended says nothing, a look under way included', async () => {
  const told = vi.fn();
  const stop = watchSilence({ bytesRead: 0 }, 80, told);
  vi.advanceTimersByTime(80);
  stop();
  stop();
  await nextTurn();
  await pass(500);
  expect(told).not.toHaveBeenCalled();
});
