import { describe, expect, it } from 'vitest';
import { Rendezvous } from './rendezvous.js';

/** Whether it has been settled once everything that was pending has had its turn. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
}

describe('a rendezvous', () => {
  it('lets nobody on before all are there, and then all at the same instant', async () => {
    const rendezvous = new Rendezvous<'warmup'>(3);
    const early = [rendezvous.meet('warmup'), rendezvous.meet('warmup')];
    expect(await isSettled(Promise.race(early))).toBe(false);
    const [first, second, third] = await Promise.all([...early, rendezvous.meet('warmup')]);
    expect([second, third]).toEqual([first, first]);
  });

  it('keeps its points apart', async () => {
    const rendezvous = new Rendezvous<'warmup' | 'window'>(2);
    const warmup = rendezvous.meet('warmup');
    const window = rendezvous.meet('window');
    expect(await isSettled(Promise.race([warmup, window]))).toBe(false);
    await Promise.all([warmup, rendezvous.meet('warmup')]);
    expect(await isSettled(window)).toBe(false);
  });

  it('waits no more for a member that has left, whether before the others came or after', async () => {
    const rendezvous = new Rendezvous<'warmup' | 'window'>(3);
    const warmup = [rendezvous.meet('warmup'), rendezvous.meet('warmup')];
    rendezvous.leave();
    await Promise.all(warmup);
    await Promise.all([rendezvous.meet('window'), rendezvous.meet('window')]);
  });

  it('lets the last one on by itself', async () => {
    const rendezvous = new Rendezvous<'window'>(2);
    rendezvous.leave();
    expect(await rendezvous.meet('window')).toBeGreaterThan(0);
  });
});
