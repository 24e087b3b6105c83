import type { WakeAt } from './punctual-wake.js';

interface Waiter {
  readonly atUs: number;
  readonly callback: () => void;
}

/**
 * One wake for several that wait: only the next is waited for. Two that each slept by themselves would sleep through each
 * other's time.
 */
export function sharedWake(wakeAt: WakeAt): WakeAt {
  const waiting = new Set<Waiter>();
  let next: Waiter | undefined;
  let cancel: () => void = () => {};
  const waitForNext = () => {
    let earliest: Waiter | undefined;
    for (const waiter of waiting) if (earliest === undefined || waiter.atUs < earliest.atUs) earliest = waiter;
    if (earliest === next) return;
    cancel();
    next = earliest;
    cancel = earliest === undefined ? () => {} : wakeAt(earliest.atUs, wake);
  };
  const wake = () => {
    const due = next;
    next = undefined;
    if (due === undefined) return;
    waiting.delete(due);
    due.callback();
    waitForNext();
  };
  return (atUs, callback) => {
    const waiter = { atUs, callback };
    waiting.add(waiter);
    waitForNext();
    return () => {
      waiting.delete(waiter);
      waitForNext();
    };
  };
}
