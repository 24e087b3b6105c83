import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../testing/virtual-time.js';
import type { WakeAt } from './punctual-wake.js';
import { sharedWake } from './shared-wake.js';

function bench() {
  const time = new VirtualTime();
  let armed = 0;
  let mostArmed = 0;
  const one: WakeAt = (atUs, callback) => {
    let cancelled = false;
    mostArmed = Math.max(mostArmed, ++armed);
    time.at(atUs, () => {
      if (cancelled) return;
      armed--;
      callback();
    });
    return () => {
      if (!cancelled) armed--;
      cancelled = true;
    };
  };
  const woken: string[] = [];
  const wakeAt = sharedWake(one);
  const wait = (atUs: number, name: string) => wakeAt(atUs, () => woken.push(`${name}@${time.nowUs()}`));
  return { time, wait, wakeAt, woken, mostArmed: () => mostArmed };
}

describe('sharedWake', () => {
  it('wakes each at its time, and has one of them waited for', () => {
    const { time, wait, woken, mostArmed } = bench();
    wait(300, 'c');
    wait(100, 'a');
    wait(200, 'b');
    time.run();
    expect(woken).toEqual(['a@100', 'b@200', 'c@300']);
    expect(mostArmed()).toBe(1);
  });

  it('forgets one that is taken back, whether it is the next or not', () => {
    const { time, wait, woken } = bench();
    const takeBack = [wait(100, 'a'), wait(300, 'c')];
    wait(200, 'b');
    for (const cancel of takeBack) cancel();
    time.run();
    expect(woken).toEqual(['b@200']);
  });

  it('takes one that waits anew from within its callback', () => {
    const { time, wait, wakeAt, woken } = bench();
    wakeAt(100, () => wait(150, 'again'));
    wait(200, 'b');
    time.run();
    expect(woken).toEqual(['again@150', 'b@200']);
  });
});
