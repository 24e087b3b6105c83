import { Socket } from 'node:net';
import type { Endpoint } from '../../protocol/messages.js';
import { Lane } from './lane.js';
import type { Due, Timetable } from './timetable.js';

export interface PassageConditions {
  /** There and back, µs. */
  readonly rttUs: number;
  readonly jitterUs: number;
  readonly bytesPerSecond: { readonly up: number | null; readonly down: number | null };
  readonly maxBufferedBytes: number;
  /** What happens to a connection on which neither side has sent anything for so long; `null`: nothing ever. */
  readonly idle: { readonly afterUs: number; readonly end: 'reset' | 'silence' } | null;
}

export interface PassageOptions {
  readonly near: Socket;
  readonly upstream: Endpoint;
  readonly conditions: PassageConditions;
  readonly timetable: Timetable;
  /** Nothing is handed on before then, µs. */
  readonly stalledUntilUs: number;
  /** Uniform in [0, 1), for each direction. */
  readonly draw: { readonly up: () => number; readonly down: () => number };
  readonly onLate: (lateUs: number) => void;
  /** Neither side is open any more. */
  readonly onClosed: () => void;
  readonly onIdle: () => void;
}

/**
 * One connection through the relay: the client's socket (near) and one to the server (far). What ends, ends on the other
 * side too, after what was sent before it: a half-close as a half-close, a reset as a reset.
 */
export class Passage {
  readonly #near: Socket;
  readonly #far = new Socket({ allowHalfOpen: true });
  readonly #up: Lane;
  readonly #down: Lane;
  #silent = false;
  /** By which the client is known to who commands. */
  readonly clientPort: number;

  constructor(options: PassageOptions) {
    const { near, upstream, conditions, timetable, stalledUntilUs, draw, onLate, onClosed, onIdle } = options;
    const { rttUs, jitterUs, bytesPerSecond, maxBufferedBytes, idle } = conditions;
    const far = this.#far;
    const delayUs = rttUs / 2;
    const acceptedUs = timetable.nowUs;
    const both = { timetable, delayUs, jitterUs, maxBufferedBytes, stalledUntilUs, onLate };
    this.#near = near;
    this.clientPort = near.remotePort ?? 0;
    far.setNoDelay(true);
    this.#up = new Lane({
      ...both,
      from: near,
      to: far,
      // The client is connected already, without the way there and back that its handshake would have taken.
      openUs: acceptedUs + rttUs,
      bytesPerSecond: bytesPerSecond.up,
      draw: draw.up,
    });
    this.#down = new Lane({
      ...both,
      from: far,
      to: near,
      openUs: acceptedUs + rttUs + delayUs,
      bytesPerSecond: bytesPerSecond.down,
      draw: draw.down,
    });
    this.#up.follow(() => {
      if (!far.destroyed) far.connect(upstream);
    }, acceptedUs);
    this.#passOn(near, far, this.#up, this.#down);
    this.#passOn(far, near, this.#down, this.#up);
    let open = 2;
    for (const socket of [near, far]) {
      socket.once('close', () => {
        open--;
        if (open === 0) onClosed();
      });
    }
    if (idle) new IdleWatch(this, timetable, idle, onIdle).start();
  }

  get bytes(): { readonly up: number; readonly down: number } {
    return { up: this.#up.givenBytes, down: this.#down.givenBytes };
  }

  /** When either side last sent something, µs; 0: never. */
  get lastTakenUs(): number {
    return Math.max(this.#up.takenUs, this.#down.takenUs);
  }

  /** Whether it was told to lose everything. */
  get isSilent(): boolean {
    return this.#silent;
  }

  get isOpen(): boolean {
    return !(this.#near.destroyed && this.#far.destroyed);
  }

  /** Resets both sides at once. */
  cut(): void {
    this.#near.resetAndDestroy();
    this.#far.resetAndDestroy();
  }

  /** Loses everything from now on, ends included: both sides stay open and neither is told. */
  silence(): void {
    this.#silent = true;
    this.#up.silence();
    this.#down.silence();
  }

  stall(untilUs: number): void {
    this.#up.stall(untilUs);
    this.#down.stall(untilUs);
  }

  destroy(): void {
    this.#near.destroy();
    this.#far.destroy();
  }

  #passOn(from: Socket, to: Socket, lane: Lane, back: Lane): void {
    from.once('end', () => lane.follow(() => to.end()));
    from.on('error', () => {
      // What is on its way to a socket that is no more has nowhere to go.
      if (!this.#silent) back.drop();
      lane.follow(() => to.resetAndDestroy());
    });
  }
}

type Idle = NonNullable<PassageConditions['idle']>;

/** Ends a connection that has been idle for too long, as the boxes between do. */
class IdleWatch implements Due {
  readonly #passage: Passage;
  readonly #timetable: Timetable;
  readonly #idle: Idle;
  readonly #onIdle: () => void;
  readonly #acceptedUs: number;
  dueUs: number;

  constructor(passage: Passage, timetable: Timetable, idle: Idle, onIdle: () => void) {
    this.#passage = passage;
    this.#timetable = timetable;
    this.#idle = idle;
    this.#onIdle = onIdle;
    this.#acceptedUs = timetable.nowUs;
    this.dueUs = this.#acceptedUs + idle.afterUs;
  }

  start(): void {
    this.#timetable.add(this);
  }

  fire(nowUs: number): void {
    if (!this.#passage.isOpen) return;
    const idleAtUs = Math.max(this.#acceptedUs, this.#passage.lastTakenUs) + this.#idle.afterUs;
    if (nowUs < idleAtUs) {
      this.dueUs = idleAtUs;
      this.#timetable.add(this);
      return;
    }
    this.#onIdle();
    if (this.#idle.end === 'reset') this.#passage.cut();
    else this.#passage.silence();
  }
}
