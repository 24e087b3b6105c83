import type { Clock } from './clock.js';

/**
 * Calls back at a time of the run's clock, or as soon after as it can: never before it, and never from within the call.
 * Returns a function that takes it back.
 */
export type WakeAt = (atUs: number, callback: () => void) => () => void;

/** A timer fires up to a millisecond late, and a busy loop is only worth it when the time is near. */
const POLL_FROM_US = 1_500;
/** An empty turn of the event loop takes about 3 µs; one that served a socket takes longer than this. */
const EMPTY_TURN_US = 8;
/**
 * Each turn allocates a little, and a garbage collection takes up to a millisecond: with turns alone one of 80 waits
 * held one. So the time is slept through in naps, too short to delay a socket by much, until it is nearer than a late
 * end of a nap.
 */
const NAP_US = 60;
const NAP_UNTIL_US = 200;
const NAP = new Int32Array(new SharedArrayBuffer(4));

/**
 * Sleeps by a timer while the time is far, then looks at the clock once a turn of the event loop: sockets are served in
 * between, and the callback comes within microseconds of its time where a timer alone would be a millisecond late.
 */
export class PunctualWake {
  readonly #clock: Clock;
  #waitedUs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Time spent in naps, and polling while there was nothing else to do, µs. The event loop counts it as busy. */
  get waitedUs(): number {
    return this.#waitedUs;
  }

  readonly at: WakeAt = (atUs, callback) => {
    let timer: NodeJS.Timeout | undefined;
    let poll: NodeJS.Immediate | undefined;
    let polledUs = Number.NEGATIVE_INFINITY;
    const sleep = (nowUs: number, mayNap: boolean) => {
      const leftUs = atUs - nowUs;
      if (leftUs > POLL_FROM_US) {
        timer = setTimeout(look, (leftUs - POLL_FROM_US) / 1_000);
        return;
      }
      polledUs = mayNap && leftUs > NAP_UNTIL_US ? this.#nap(nowUs, leftUs - NAP_UNTIL_US) : nowUs;
      poll = setImmediate(look);
    };
    const look = () => {
      const nowUs = this.#clock.nowUs();
      if (nowUs - polledUs < EMPTY_TURN_US) this.#waitedUs += nowUs - polledUs;
      if (nowUs < atUs) sleep(nowUs, true);
      else callback();
    };
    // Who asks may be in the middle of something, such as the messages that one chunk of a socket holds.
    sleep(this.#clock.nowUs(), false);
    return () => {
      clearTimeout(timer);
      clearImmediate(poll);
    };
  };

  #nap(nowUs: number, atMostUs: number): number {
    Atomics.wait(NAP, 0, 0, Math.min(atMostUs, NAP_US) / 1_000);
    const awakeUs = this.#clock.nowUs();
    this.#waitedUs += awakeUs - nowUs;
    return awakeUs;
  }
}
