import { overwriteLag } from '../protocol/envelope.js';
import { encodePublish } from '../protocol/ingress.js';
import type { BodyMaker } from './body.js';
import { channelName, type Schedule } from './schedule.js';

/** Bytes that are handed over in one go; one message may be longer. */
const MAX_BYTES_AT_ONCE = 256 * 1024;
const MAX_MESSAGES_AT_ONCE = 256;

/** How a publisher gets rid of its messages. Nothing of it waits. */
export interface Outlet {
  /** Messages at most that are handed over in one go, at least 1. */
  readonly atOnce: number;
  /** Gets a message ready, which goes with the next `send`. */
  add(sequence: number, dueUs: number): void;
  /** Of those that are ready, tells the one in this place how late it goes. */
  stamp(place: number, lagUs: number): void;
  /** Hands over what is ready. */
  send(): void;
}

/** For messages that go each its own way; `publish` gets a message ready as well, so that is part of how long it takes. */
export function oneByOne(publish: (sequence: number, dueUs: number, lagUs: number) => void): Outlet {
  let sequence = 0;
  let dueUs = 0;
  let lagUs = 0;
  return {
    atOnce: 1,
    add(nextSequence, nextDueUs) {
      sequence = nextSequence;
      dueUs = nextDueUs;
    },
    stamp(_place, nextLagUs) {
      lagUs = nextLagUs;
    },
    send: () => publish(sequence, dueUs, lagUs),
  };
}

/**
 * For messages from outside: those that fall due together reach the way into the hub together, in one write. A write
 * each would have the last of a burst wait for all the others: on loopback the kernel does the receiver's work within
 * the write, and wakes processes that take the publisher's core from it in the middle of the burst.
 */
export class WayInOutlet implements Outlet {
  readonly #schedule: Schedule;
  readonly #bodies: BodyMaker;
  readonly #sizeBytes: number;
  readonly #write: (frames: readonly Buffer[]) => void;
  readonly #frames: Buffer[] = [];
  readonly atOnce: number;

  /** `write` gets frames of `encodePublish`, and must not keep the list. */
  constructor(schedule: Schedule, bodies: BodyMaker, write: (frames: readonly Buffer[]) => void) {
    this.#schedule = schedule;
    this.#bodies = bodies;
    this.#sizeBytes = bodies.sizeBytes;
    this.#write = write;
    const fitting = Math.floor(MAX_BYTES_AT_ONCE / bodies.sizeBytes);
    this.atOnce = Math.max(1, Math.min(MAX_MESSAGES_AT_ONCE, fitting));
  }

  add(sequence: number, dueUs: number): void {
    const body = this.#bodies.make({ publisher: 0, sequence, dueUs, lagUs: 0 });
    this.#frames.push(encodePublish(channelName(this.#schedule.channel[sequence] ?? 0), body));
  }

  stamp(place: number, lagUs: number): void {
    const frame = this.#frames[place];
    if (frame) overwriteLag(frame, frame.length - this.#sizeBytes, lagUs);
  }

  send(): void {
    this.#write(this.#frames);
    this.#frames.length = 0;
  }
}
