import type { Clock } from '../metrics/clock.js';
import type { WakeAt } from './publisher.js';

/** A timer fires up to a millisecond late, and a busy loop is only worth it when the time is near. */
const POLL_FROM_US = 1_500;

/**
 * Sleeps by a timer while the time is far, then polls the clock once a turn of the event loop: sockets are served in
 * between, and the callback comes within microseconds of its time where a timer alone would be a millisecond late.
 */
export function punctualWake(clock: Clock): WakeAt {
  return (atUs, callback) => {
    let timer: NodeJS.Timeout | undefined;
    let poll: NodeJS.Immediate | undefined;
    const sleep = (leftUs: number) => {
      if (leftUs > POLL_FROM_US) timer = setTimeout(look, (leftUs - POLL_FROM_US) / 1_000);
      else poll = setImmediate(look);
    };
    const look = () => {
      const leftUs = atUs - clock.nowUs();
      if (leftUs > 0) sleep(leftUs);
      else callback();
    };
    sleep(atUs - clock.nowUs());
    return () => {
      clearTimeout(timer);
      clearImmediate(poll);
    };
  };
}
