import type { Clock } from '../../metrics/clock.js';
import type { WakeAt } from '../../metrics/punctual-wake.js';

/** Something that is due; it is in the timetable at most once, and `dueUs` stays while it is. */
export interface Due {
  readonly dueUs: number;
  /** Its time has come; it may add itself again. */
  fire(nowUs: number): void;
}

/** One timer for everything that is due in a relay: a heap, ordered by time. */
export class Timetable {
  readonly #clock: Clock;
  readonly #wakeAt: WakeAt;
  readonly #heap: Due[] = [];
  #armedUs = Number.POSITIVE_INFINITY;
  #cancel = () => {};

  constructor(clock: Clock, wakeAt: WakeAt) {
    this.#clock = clock;
    this.#wakeAt = wakeAt;
  }

  get nowUs(): number {
    return this.#clock.nowUs();
  }

  add(due: Due): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(due);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (!parent || parent.dueUs <= due.dueUs) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = due;
    this.#arm();
  }

  /** Forgets everything. */
  clear(): void {
    this.#heap.length = 0;
    this.#cancel();
    this.#armedUs = Number.POSITIVE_INFINITY;
  }

  #arm(): void {
    const nextUs = this.#heap[0]?.dueUs ?? Number.POSITIVE_INFINITY;
    if (nextUs >= this.#armedUs) return;
    this.#cancel();
    this.#armedUs = nextUs;
    this.#cancel = this.#wakeAt(nextUs, this.#run);
  }

  readonly #run = (): void => {
    const nowUs = this.#clock.nowUs();
    for (let next = this.#heap[0]; next && next.dueUs <= nowUs; next = this.#heap[0]) {
      this.#removeFirst();
      next.fire(nowUs);
    }
    this.#armedUs = Number.POSITIVE_INFINITY;
    this.#arm();
  };

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const smaller = (heap[right]?.dueUs ?? Number.POSITIVE_INFINITY) < (heap[left]?.dueUs ?? 0) ? right : left;
      const child = heap[smaller];
      if (!child || child.dueUs >= last.dueUs) break;
      heap[at] = child;
      at = smaller;
    }
    heap[at] = last;
  }
}
