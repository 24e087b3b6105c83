import type { Clock } from '../metrics/clock.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import { hasEnvelope, readDueUs, readLagUs, readPublisher, readSequence } from '../protocol/envelope.js';
import type { PublishPhase } from '../protocol/messages.js';
import type { UplinkRequest, UplinkTaken } from '../protocol/uplink-messages.js';

const NONE = -1;
const MOST_TIMES = 255;

/**
 * Where messages of clients end that nobody is to get: which came, how often, in which order and how long after they
 * were due. One look at the clock each; nothing is allocated, and what is kept does not grow with what a peer sends.
 */
export class UplinkAccount {
  readonly #request: UplinkRequest;
  readonly #clock: Clock;
  readonly #latency = new LatencyHistogram();
  readonly #serviceLatency = new LatencyHistogram();
  /** Clients that may answer the same message; of a stream 1. */
  readonly #cellsPerSequence: number;
  /** How often each message came: a row of cells for each sequence number. */
  readonly #cells: Uint8Array;
  /** By client: the highest sequence number that came. */
  readonly #highest: Int32Array;
  readonly #taken: Record<PublishPhase, number> = { warmup: 0, window: 0 };
  #duplicated = 0;
  #reordered = 0;
  #foreign = 0;
  #onTaken: (phase: PublishPhase) => void = () => {};

  constructor(request: UplinkRequest, clock: Clock) {
    const { kind, clients, channels, sequences } = request;
    this.#request = request;
    this.#clock = clock;
    this.#cellsPerSequence = kind === 'stream' ? 1 : Math.ceil(clients / channels);
    this.#cells = new Uint8Array((sequences.warmup + sequences.window) * this.#cellsPerSequence);
    this.#highest = new Int32Array(clients).fill(NONE);
  }

  /** The server has this message. */
  take(body: Uint8Array): void {
    const { sizeBytes, sequences, clients, expected } = this.#request;
    const isOurs = body.length === sizeBytes && hasEnvelope(body);
    const sequence = isOurs ? readSequence(body) : NONE;
    const client = isOurs ? readPublisher(body) : NONE;
    const isKnown = sequence >= 0 && sequence < sequences.warmup + sequences.window && client >= 0 && client < clients;
    if (!isKnown) {
      this.#foreign++;
      return;
    }
    const inWindow = sequence >= sequences.warmup;
    const cell = this.#cellOf(sequence, client);
    const before = this.#cells[cell] ?? 0;
    if (before < MOST_TIMES) this.#cells[cell] = before + 1;
    if (before > 0) {
      if (inWindow) this.#duplicated++;
      return;
    }
    if (sequence > (this.#highest[client] ?? NONE)) this.#highest[client] = sequence;
    else if (inWindow) this.#reordered++;
    if (inWindow) this.#record(body);
    const phase = inWindow ? 'window' : 'warmup';
    if (++this.#taken[phase] === expected[phase]) this.#onTaken(phase);
  }

  /** Resolves to whether every message of the phase has come, as soon as that is so or after `withinMs`. */
  allTaken(phase: PublishPhase, withinMs: number): Promise<boolean> {
    const { expected } = this.#request;
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#onTaken = () => {};
        resolve(this.#taken[phase] >= expected[phase]);
      };
      const timer = setTimeout(finish, withinMs);
      this.#onTaken = (complete) => {
        if (complete === phase) finish();
      };
      if (this.#taken[phase] >= expected[phase]) finish();
    });
  }

  collect(): UplinkTaken {
    const latency = this.#latency;
    const serviceLatency = this.#serviceLatency;
    return {
      taken: this.#taken.window,
      duplicated: this.#duplicated,
      reordered: this.#reordered,
      foreign: this.#foreign,
      latency: latency.encode(),
      serviceLatency: serviceLatency.encode(),
      negative: latency.negative,
      outOfRange: latency.outOfRange + serviceLatency.outOfRange,
    };
  }

  #cellOf(sequence: number, client: number): number {
    if (this.#cellsPerSequence === 1) return sequence;
    return sequence * this.#cellsPerSequence + Math.floor(client / this.#request.channels);
  }

  #record(body: Uint8Array): void {
    const latencyUs = this.#clock.nowUs() - readDueUs(body);
    this.#latency.record(latencyUs);
    this.#serviceLatency.record(latencyUs - readLagUs(body));
  }
}
