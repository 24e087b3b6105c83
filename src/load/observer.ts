import type { Clock } from '../metrics/clock.js';
import type { EpochClock } from '../metrics/epoch-clock.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import type { DeliveryCounts, ObservedTally, StampTally } from '../metrics/tally.js';
import type { Observation, PublishPhase } from '../protocol/messages.js';
import type { MessageRecorder } from './message-recorder.js';
import { SequenceAccount } from './sequence-account.js';
import { StampReader } from './stamp-reader.js';

export interface ObserverOptions {
  readonly observation: Observation;
  /** How many clients this process has; a client's place among them is its slot. */
  readonly slots: number;
  readonly clock: Clock;
  readonly epoch: EpochClock;
}

/**
 * What every message goes through of a server that does not pass on what rtbench publishes: when it came, how long
 * after the one before, how large it is, and what its own stamp tells. What came in the window is what arrived in it.
 */
export class Observer implements MessageRecorder {
  /** The server's stamp → callback, µs. */
  readonly latency = new LatencyHistogram();
  readonly serviceLatency = new LatencyHistogram();
  /** No message is expected: the server sends what it sends. */
  readonly expected = { warmup: 0, window: 0 };
  /** `warmup`: whatever came outside of the window. */
  readonly received: Record<PublishPhase, number> = { warmup: 0, window: 0 };
  readonly arrivals = null;
  readonly firstUs = new Float64Array(0);
  readonly lastUs = new Float64Array(0);
  readonly foreign = 0;
  readonly publishesReceived = 0;

  readonly #clock: Clock;
  readonly #epoch: EpochClock;
  readonly #observation: Observation;
  readonly #reader: StampReader | null;
  readonly #sequences: SequenceAccount | null;
  readonly #first = new LatencyHistogram();
  readonly #gap = new LatencyHistogram();
  /** By slot, µs; NaN: it has not begun to connect, or its first message came. */
  readonly #openingUs: Float64Array;
  /** By slot, µs, up to the window's end; NaN: nothing came. */
  readonly #cameUs: Float64Array;
  readonly #inWindow: Int32Array;
  #fromUs = Number.POSITIVE_INFINITY;
  #toUs = Number.POSITIVE_INFINITY;
  #bodyBytes = 0;
  #longestGapUs = 0;
  #read = 0;
  #unread = 0;
  #negative = 0;

  constructor({ observation, slots, clock, epoch }: ObserverOptions) {
    const { stamp } = observation;
    this.#observation = observation;
    this.#clock = clock;
    this.#epoch = epoch;
    this.#reader = stamp.kind === 'field' ? new StampReader(stamp) : null;
    this.#sequences = stamp.kind === 'field' && stamp.unit === 'sequence' ? new SequenceAccount(slots) : null;
    this.#openingUs = new Float64Array(slots).fill(Number.NaN);
    this.#cameUs = new Float64Array(slots).fill(Number.NaN);
    this.#inWindow = new Int32Array(slots);
  }

  onOpening(slot: number, atUs: number): void {
    this.#openingUs[slot] = atUs;
  }

  windowBegins(fromUs: number, durationMs: number): void {
    this.#fromUs = fromUs;
    this.#toUs = fromUs + durationMs * 1_000;
  }

  onMessage(slot: number, body: Uint8Array): void {
    const nowUs = this.#clock.nowUs();
    const beforeUs = this.#cameUs[slot] ?? Number.NaN;
    if (Number.isNaN(beforeUs)) this.#noteFirst(slot, nowUs);
    if (nowUs >= this.#toUs) {
      this.received.warmup++;
      return;
    }
    this.#cameUs[slot] = nowUs;
    const inWindow = nowUs >= this.#fromUs;
    if (inWindow) this.#count(slot, body.length, nowUs, beforeUs);
    else this.received.warmup++;
    if (this.#reader !== null) this.#noteStamp(slot, this.#reader.read(body), nowUs, inWindow);
  }

  highestSequence(): number {
    return -1;
  }

  get delivery(): Omit<DeliveryCounts, 'published' | 'unpublished'> {
    const { missed, repeated, outOfOrder } = this.#sequences?.counts ?? { missed: 0, repeated: 0, outOfOrder: 0 };
    const delivered = this.received.window - repeated;
    return { expected: delivered + missed, delivered, lost: missed, duplicated: repeated, reordered: outOfOrder };
  }

  observed(): ObservedTally {
    return {
      messages: this.received.window,
      bodyBytes: this.#bodyBytes,
      mostOfOneClient: this.#inWindow.reduce((most, count) => Math.max(most, count), 0),
      silentClients: this.#inWindow.reduce((silent, count) => silent + (count === 0 ? 1 : 0), 0),
      firstMessage: this.#first.encode(),
      firstsOutOfRange: this.#first.outOfRange,
      gap: this.#gap.encode(),
      gapsOutOfRange: this.#gap.outOfRange,
      longestGapUs: Math.round(this.#longestGap()),
      stamp: this.#stampTally(),
    };
  }

  #noteFirst(slot: number, nowUs: number): void {
    const openingUs = this.#openingUs[slot] ?? Number.NaN;
    if (Number.isNaN(openingUs)) return;
    this.#first.record(nowUs - openingUs);
    this.#openingUs[slot] = Number.NaN;
  }

  #count(slot: number, bytes: number, nowUs: number, beforeUs: number): void {
    this.received.window++;
    this.#bodyBytes += bytes;
    this.#inWindow[slot] = (this.#inWindow[slot] ?? 0) + 1;
    if (!Number.isNaN(beforeUs)) this.#gap.record(nowUs - beforeUs);
    const silentUs = nowUs - this.#silentFromUs(beforeUs);
    if (silentUs > this.#longestGapUs) this.#longestGapUs = silentUs;
  }

  /** In the window. */
  #silentFromUs(cameUs: number): number {
    return Number.isNaN(cameUs) ? this.#fromUs : Math.max(cameUs, this.#fromUs);
  }

  #noteStamp(slot: number, stamp: number, nowUs: number, inWindow: boolean): void {
    const isRead = !Number.isNaN(stamp);
    if (inWindow) {
      if (isRead) this.#read++;
      else this.#unread++;
    }
    if (!isRead) return;
    if (this.#sequences !== null) {
      this.#sequences.note(slot, stamp, inWindow);
      return;
    }
    const { clock } = this.#observation;
    if (!inWindow || clock === null) return;
    const ageUs = this.#epoch.epochUs(nowUs) + clock.offsetUs - stamp;
    if (ageUs < 0) this.#negative++;
    this.latency.record(Math.max(0, ageUs));
  }

  /** With those that the end of the window cut short. */
  #longestGap(): number {
    let longestUs = this.#longestGapUs;
    if (this.#toUs === Number.POSITIVE_INFINITY) return longestUs;
    for (const cameUs of this.#cameUs) {
      longestUs = Math.max(longestUs, this.#toUs - this.#silentFromUs(cameUs));
    }
    return longestUs;
  }

  #stampTally(): StampTally | null {
    if (this.#reader === null) return null;
    const isTime = this.#sequences === null;
    return {
      read: this.#read,
      unread: this.#unread,
      negative: isTime ? this.#negative : null,
      outOfRange: isTime ? this.latency.outOfRange : null,
      resolutionUs: isTime ? this.#reader.resolutionUs : null,
      driftUs: isTime ? this.#epoch.driftUs() : null,
    };
  }
}
