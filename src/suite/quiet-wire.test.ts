import { expect, it } from 'vitest';
import { quietWire } from './quiet-wire.js';

const NEVER = new AbortController().signal;

/** How long it waits, in ms, when `packetsAt` have crossed at each instant. */
async function waitedMs(packetsAt: (ms: number) => number): Promise<number> {
  let nowMs = 0;
  await quietWire(
    NEVER,
    () => ({ packets: packetsAt(nowMs) }),
    async (ms) => {
      nowMs += ms;
    },
  );
  return nowMs;
}

it('takes silence of 60 ms for the end, from the last packet on', async () => {
  expect(await waitedMs(() => 7)).toBe(60);
  expect(await waitedMs((ms) => (ms < 50 ? 7 : 8))).toBe(110);
});

it('gives up where packets never cease', async () => {
  expect(await waitedMs((ms) => ms)).toBe(400);
});

it.runIf(process.platform === 'linux')('ends with the run', async () => {
  const abort = new AbortController();
  const waiting = quietWire(abort.signal, () => ({ packets: performance.now() }));
  abort.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow();
});
