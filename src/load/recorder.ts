import type { Clock } from '../metrics/clock.js';
import { LatencyHistogram } from '../metrics/histogram.js';
import type { DeliveryCounts, RecoveryTally } from '../metrics/tally.js';
import { ENVELOPE_BYTES, hasEnvelope, readDueUs, readLagUs, readSequence } from '../protocol/envelope.js';
import type { PublishPhase } from '../protocol/messages.js';
import type { Workload } from '../scenario/scenario.js';
import { ArrivalLog, MAX_ARRIVAL_CELLS } from './arrivals.js';
import type { MessageRecorder } from './message-recorder.js';
import { channelCount, channelOf, type Schedule } from './schedule.js';

const NONE = -1;

export interface RecorderOptions {
  readonly schedule: Schedule;
  readonly workload: Workload;
  /** The clients of this process; a client's place in the list is its slot. */
  readonly clients: readonly number[];
  readonly clock: Clock;
  /**
   * Whether to keep service latency too, and when each message arrived: of the headline only, since it costs as much
   * again as latency itself.
   */
  readonly keepsServiceLatency: boolean;
  /** Of a body there may be the envelope alone, which was found inside of another message; absent: it is whole. */
  readonly takesEnvelopes?: boolean;
  /** Called once a phase, when all its messages have arrived at every client here that expects them. */
  readonly onAllReceived: (phase: PublishPhase) => void;
  /** Told what the clock said, once a message is recorded; absent or `null`: nobody is. */
  readonly onClock?: ((nowUs: number) => void) | null;
}

/** From when a client was dropped until it was back. */
export interface Away {
  readonly slot: number;
  /** The last message that it had got. */
  readonly afterSequence: number;
  /** `null`: it is still away. */
  readonly backUs: number | null;
}

/**
 * What every received message goes through: latency into histograms, and a ledger of which client got which message
 * how often. Typed arrays and integers only; nothing is allocated for a message.
 */
export class Recorder implements MessageRecorder {
  readonly latency = new LatencyHistogram();
  readonly serviceLatency = new LatencyHistogram();
  /** Latency of the first and the last recipient of each message of the window, µs; −1: none so far. */
  readonly firstUs: Float64Array;
  readonly lastUs: Float64Array;
  readonly expected: Readonly<Record<PublishPhase, number>>;
  readonly received: Record<PublishPhase, number> = { warmup: 0, window: 0 };
  /** `null` where it is not kept, or there are more than `MAX_ARRIVAL_CELLS`. */
  readonly arrivals: ArrivalLog | null;

  readonly #options: RecorderOptions;
  /** Place of a message among those of its channel. */
  readonly #placeInChannel: Int32Array;
  /** First cell of each slot: one cell for each message of the slot's channel, counting arrivals. */
  readonly #cellsFrom: Int32Array;
  readonly #cells: Uint8Array;
  readonly #channelOfSlot: Int32Array;
  /** For each slot and each publisher of its channel, the highest sequence number that has arrived. */
  readonly #highest: Int32Array;
  readonly #publishersPerSlot: number;
  readonly #channels: number;
  readonly #takesEnvelopes: boolean;
  readonly #onClock: ((nowUs: number) => void) | null;
  #duplicated = 0;
  #reordered = 0;
  #foreign = 0;

  constructor(options: RecorderOptions) {
    const { schedule, workload, clients } = options;
    this.#options = options;
    this.#channels = channelCount(workload);
    this.#takesEnvelopes = options.takesEnvelopes ?? false;
    this.#onClock = options.onClock ?? null;
    this.#channelOfSlot = Int32Array.from(clients, (client) => channelOf(client, workload));
    const perChannel = { warmup: new Int32Array(this.#channels), window: new Int32Array(this.#channels) };
    this.#placeInChannel = new Int32Array(schedule.channel.length);
    for (const [seq, channel] of schedule.channel.entries()) {
      const phase = seq < schedule.warmupCount ? perChannel.warmup : perChannel.window;
      this.#placeInChannel[seq] = (perChannel.warmup[channel] ?? 0) + (perChannel.window[channel] ?? 0);
      phase[channel] = (phase[channel] ?? 0) + 1;
    }
    const expected = { warmup: 0, window: 0 };
    this.#cellsFrom = new Int32Array(clients.length + 1);
    for (const [slot, channel] of this.#channelOfSlot.entries()) {
      expected.warmup += perChannel.warmup[channel] ?? 0;
      expected.window += perChannel.window[channel] ?? 0;
      this.#cellsFrom[slot + 1] = expected.warmup + expected.window;
    }
    this.expected = expected;
    this.#cells = new Uint8Array(expected.warmup + expected.window);
    this.#publishersPerSlot = workload.publish === 'clients' ? Math.ceil(workload.clients / this.#channels) : 1;
    this.#highest = new Int32Array(clients.length * this.#publishersPerSlot).fill(NONE);
    this.arrivals =
      options.keepsServiceLatency && this.#cells.length <= MAX_ARRIVAL_CELLS
        ? new ArrivalLog(schedule, this.#channelOfSlot, this.#cellsFrom)
        : null;
    this.firstUs = new Float64Array(schedule.windowCount).fill(NONE);
    this.lastUs = new Float64Array(schedule.windowCount).fill(NONE);
  }

  /** Messages that carry no envelope of this run, or went to a client that is not subscribed to their channel. */
  get foreign(): number {
    return this.#foreign;
  }

  /** A message has reached the client in this slot. */
  onMessage(slot: number, body: Uint8Array): void {
    const { schedule, workload, clock, keepsServiceLatency } = this.#options;
    const fits = body.length === workload.sizeBytes || (this.#takesEnvelopes && body.length === ENVELOPE_BYTES);
    const seq = fits && hasEnvelope(body) ? readSequence(body) : NONE;
    if (!(seq >= 0 && seq < schedule.channel.length) || schedule.channel[seq] !== this.#channelOfSlot[slot]) {
      this.#foreign++;
      return;
    }
    const cell = (this.#cellsFrom[slot] ?? 0) + (this.#placeInChannel[seq] ?? 0);
    const before = this.#cells[cell] ?? 0;
    const inWindow = seq >= schedule.warmupCount;
    if (before > 0) {
      if (inWindow) this.#duplicated++;
      if (before < 255) this.#cells[cell] = before + 1;
      return;
    }
    this.#cells[cell] = 1;
    this.#checkOrder(slot, seq, inWindow);
    const { arrivals } = this;
    let nowUs = Number.NaN;
    if (inWindow || arrivals !== null) {
      const dueUs = readDueUs(body);
      nowUs = clock.nowUs();
      if (arrivals !== null) {
        arrivals.arrivedUs[cell] = nowUs;
        arrivals.dueUs[seq] = dueUs;
        arrivals.lagUs[seq] = readLagUs(body);
      }
      if (inWindow) {
        const latencyUs = nowUs - dueUs;
        this.latency.record(latencyUs);
        if (keepsServiceLatency) this.serviceLatency.record(latencyUs - readLagUs(body));
        this.#recordRecipient(seq - schedule.warmupCount, latencyUs);
      }
    }
    const phase = inWindow ? 'window' : 'warmup';
    if (++this.received[phase] === this.expected[phase]) this.#options.onAllReceived(phase);
    if (this.#onClock !== null && !Number.isNaN(nowUs)) this.#onClock(nowUs);
  }

  /** Messages due in the window that reached at least one client here. */
  get publishesReceived(): number {
    let count = 0;
    for (const us of this.firstUs) if (us !== NONE) count++;
    return count;
  }

  /** The last message in its channel that a client has got, by sequence number; −1: none. */
  highestSequence(slot: number): number {
    let highest = NONE;
    for (let at = slot * this.#publishersPerSlot; at < (slot + 1) * this.#publishersPerSlot; at++) {
      highest = Math.max(highest, this.#highest[at] ?? NONE);
    }
    return highest;
  }

  /**
   * Of the deliveries of the window that clients lacked when they were dropped and that were due before they were back:
   * how many never came, and how many came after all; and what clients lack at the end that are not away. `outages`: in
   * order; `windowUs`: when the window began.
   */
  dueWhileAway(outages: readonly Away[], windowUs: number): Omit<RecoveryTally, 'outages'> {
    const { schedule } = this.#options;
    const countedTo = new Map<number, number>();
    const counts = { missed: 0, recovered: 0, outstanding: 0 };
    const away = new Set<number>();
    for (const { slot, afterSequence, backUs } of outages) {
      const untilUs = (backUs ?? Number.POSITIVE_INFINITY) - windowUs;
      let seq = Math.max(afterSequence + 1, countedTo.get(slot) ?? 0, schedule.warmupCount);
      for (; seq < schedule.channel.length && (schedule.offsetUs[seq] ?? 0) <= untilUs; seq++) {
        if (schedule.channel[seq] !== this.#channelOfSlot[slot]) continue;
        const cell = (this.#cellsFrom[slot] ?? 0) + (this.#placeInChannel[seq] ?? 0);
        if ((this.#cells[cell] ?? 0) > 0) counts.recovered++;
        else if (backUs === null) counts.outstanding++;
        else counts.missed++;
      }
      countedTo.set(slot, seq);
      if (backUs === null) away.add(slot);
    }
    const silent: number[] = [];
    for (const slot of this.#channelOfSlot.keys()) {
      if (away.has(slot)) continue;
      const missing = this.#missingFrom(slot, Math.max(this.highestSequence(slot) + 1, countedTo.get(slot) ?? 0));
      if (missing > 0) silent.push(missing);
    }
    return { ...counts, silent };
  }

  /** Of the deliveries of the window to a client, from this sequence number on: how many have not come. */
  #missingFrom(slot: number, sequence: number): number {
    const { schedule } = this.#options;
    let missing = 0;
    for (let seq = Math.max(sequence, schedule.warmupCount); seq < schedule.channel.length; seq++) {
      if (schedule.channel[seq] !== this.#channelOfSlot[slot]) continue;
      const cell = (this.#cellsFrom[slot] ?? 0) + (this.#placeInChannel[seq] ?? 0);
      if ((this.#cells[cell] ?? 0) === 0) missing++;
    }
    return missing;
  }

  get delivery(): Omit<DeliveryCounts, 'published' | 'unpublished'> {
    const expected = this.expected.window;
    const delivered = this.received.window;
    return {
      expected,
      delivered,
      lost: expected - delivered,
      duplicated: this.#duplicated,
      reordered: this.#reordered,
    };
  }

  /** Order is promised between the messages of one publisher in one channel. */
  #checkOrder(slot: number, seq: number, inWindow: boolean): void {
    const publisher = this.#options.schedule.publisher[seq] ?? 0;
    const rank = publisher < 0 ? 0 : Math.floor(publisher / this.#channels);
    const at = slot * this.#publishersPerSlot + rank;
    if (seq > (this.#highest[at] ?? NONE)) this.#highest[at] = seq;
    else if (inWindow) this.#reordered++;
  }

  #recordRecipient(index: number, latencyUs: number): void {
    const first = this.firstUs[index] ?? NONE;
    if (first === NONE || latencyUs < first) this.firstUs[index] = latencyUs;
    if (latencyUs > (this.lastUs[index] ?? NONE)) this.lastUs[index] = latencyUs;
  }
}
