import type { Clock } from '../metrics/clock.js';
import type { WakeAt } from './publisher.js';

/** A timer fires up to a millisecond late, and a busy loop is only worth it when the time is near. */
const POLL_FROM_US = 1_500;
/** An empty turn of the event loop takes about 3 µs; one that served a socket takes longer than this. */
const EMPTY_TURN_US = 8;

/**
 * Sleeps by a timer while the time is far, then polls the clock once a turn of the event loop: sockets are served in
 * between, and the callback comes within microseconds of its time where a timer alone would be a millisecond late.
 */
export class PunctualWake {
  readonly #clock: Clock;
  #waitedUs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Time spent polling while there was nothing else to do, µs. The event loop counts it as busy. */
  get waitedUs(): number {
    return this.#waitedUs;
  }

  readonly at: WakeAt = (atUs, callback) => {
    let timer: NodeJS.Timeout | undefined;
    let poll: NodeJS.Immediate | undefined;
    let polledUs = Number.NEGATIVE_INFINITY;
    const sleep = (nowUs: number) => {
      const leftUs = atUs - nowUs;
      if (leftUs > POLL_FROM_US) {
        timer = setTimeout(look, (leftUs - POLL_FROM_US) / 1_000);
        return;
      }
      polledUs = nowUs;
      poll = setImmediate(look);
    };
    const look = () => {
      const nowUs = this.#clock.nowUs();
      if (nowUs - polledUs < EMPTY_TURN_US) this.#waitedUs += nowUs - polledUs;
      if (nowUs < atUs) sleep(nowUs);
      else callback();
    };
    sleep(this.#clock.nowUs());
    return () => {
      clearTimeout(timer);
      clearImmediate(poll);
    };
  };
}
