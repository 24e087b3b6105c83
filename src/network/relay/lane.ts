import type { Socket } from 'node:net';
import type { Due, Timetable } from './timetable.js';

/** What one direction of a connection costs. */
export interface LaneConditions {
  /** Fixed delay, µs. */
  readonly delayUs: number;
  /** Most that is added to it, µs. */
  readonly jitterUs: number;
  /** `null`: no limit. */
  readonly bytesPerSecond: number | null;
  /** Bytes under way, and waiting to be written, above which nothing more is read. */
  readonly maxBufferedBytes: number;
}

export interface LaneOptions extends LaneConditions {
  readonly from: Socket;
  readonly to: Socket;
  readonly timetable: Timetable;
  /** Nothing that is sent before this time counts as sent earlier: the handshake is not over. */
  readonly openUs: number;
  /** Nothing is handed on before then. */
  readonly stalledUntilUs: number;
  /** Uniform in [0, 1). */
  readonly draw: () => number;
  /** How much later than due a chunk was handed on, µs. */
  readonly onLate: (lateUs: number) => void;
}

/** Bytes on their way, or what happens after all bytes before it. */
type Parcel = { readonly dueUs: number } & (
  | { readonly kind: 'bytes'; readonly chunk: Buffer }
  | { readonly kind: 'act'; readonly act: () => void }
);

/** A limited line is cut into pieces, or the first byte of a chunk would come as late as its last. */
const PIECE_BYTES = 1_460;
const PIECE_US = 5_000;

/** One direction of a connection: first in, first out, each chunk when it is due. */
export class Lane implements Due {
  readonly #options: LaneOptions;
  readonly #parcels: Parcel[] = [];
  readonly #pieceBytes: number;
  #underWayBytes = 0;
  /** When the line has carried everything that was put on it. */
  #freeUs = Number.NEGATIVE_INFINITY;
  #lastDueUs = Number.NEGATIVE_INFINITY;
  #stalledUntilUs: number;
  #timed = false;
  #silent = false;
  /** Bytes read from the one side, and handed to the other. */
  takenBytes = 0;
  givenBytes = 0;
  /** When it last read something; 0: never. */
  takenUs = 0;
  dueUs = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#stalledUntilUs = options.stalledUntilUs;
    const { bytesPerSecond } = options;
    this.#pieceBytes =
      bytesPerSecond === null
        ? Number.POSITIVE_INFINITY
        : Math.max(PIECE_BYTES, Math.floor((bytesPerSecond * PIECE_US) / 1_000_000));
    options.from.on('data', (chunk: Buffer) => this.#take(chunk));
    options.to.on('drain', () => this.#relieve());
  }

  /** Has something happen on the other side when all that is under way is there. `leftUs`: when it set out, if not now. */
  follow(act: () => void, leftUs = this.#sentUs(this.#options.timetable.nowUs)): void {
    if (!this.#silent) this.#put({ kind: 'act', act, dueUs: this.#dueUsOf(0, leftUs) });
  }

  /** Hands nothing on until then. */
  stall(untilUs: number): void {
    this.#stalledUntilUs = Math.max(this.#stalledUntilUs, untilUs);
  }

  /** From now on whatever is sent is lost without a sign, and what is under way with it. */
  silence(): void {
    this.#silent = true;
    this.drop();
  }

  /** Forgets what is under way; the other side is gone. */
  drop(): void {
    this.#parcels.length = 0;
    this.#underWayBytes = 0;
    // What is not read any more is never known to end.
    this.#options.from.resume();
  }

  fire(nowUs: number): void {
    this.#timed = false;
    if (nowUs >= this.#stalledUntilUs) {
      for (let next = this.#parcels[0]; next && next.dueUs <= nowUs; next = this.#parcels[0]) {
        this.#parcels.shift();
        if (next.kind === 'bytes') this.#underWayBytes -= next.chunk.length;
        this.#options.onLate(nowUs - Math.max(next.dueUs, this.#stalledUntilUs));
        this.#give(next);
      }
      this.#relieve();
    }
    this.#time();
  }

  #take(chunk: Buffer): void {
    const nowUs = this.#options.timetable.nowUs;
    this.takenBytes += chunk.length;
    this.takenUs = nowUs;
    if (this.#silent) return;
    const sentUs = this.#sentUs(nowUs);
    if (chunk.length <= this.#pieceBytes) {
      this.#put({ kind: 'bytes', chunk, dueUs: this.#dueUsOf(chunk.length, sentUs) }, nowUs);
    } else {
      for (let from = 0; from < chunk.length; from += this.#pieceBytes) {
        const piece = chunk.subarray(from, from + this.#pieceBytes);
        this.#put({ kind: 'bytes', chunk: piece, dueUs: this.#dueUsOf(piece.length, sentUs) }, nowUs);
      }
    }
    if (this.#bufferedBytes > this.#options.maxBufferedBytes) this.#options.from.pause();
  }

  #sentUs(nowUs: number): number {
    return Math.max(nowUs, this.#options.openUs);
  }

  #dueUsOf(bytes: number, sentUs: number): number {
    const { delayUs, jitterUs, bytesPerSecond, draw } = this.#options;
    let leftUs = sentUs;
    if (bytesPerSecond !== null) {
      leftUs = Math.max(leftUs, this.#freeUs) + (bytes / bytesPerSecond) * 1_000_000;
      this.#freeUs = leftUs;
    }
    const dueUs = leftUs + delayUs + (jitterUs > 0 ? jitterUs * draw() : 0);
    this.#lastDueUs = Math.max(this.#lastDueUs, dueUs);
    return this.#lastDueUs;
  }

  #put(parcel: Parcel, nowUs = this.#options.timetable.nowUs): void {
    if (this.#parcels.length === 0 && parcel.dueUs <= nowUs && nowUs >= this.#stalledUntilUs) {
      this.#give(parcel);
      return;
    }
    if (parcel.kind === 'bytes') this.#underWayBytes += parcel.chunk.length;
    this.#parcels.push(parcel);
    this.#time();
  }

  #give(parcel: Parcel): void {
    if (parcel.kind === 'act') {
      parcel.act();
      return;
    }
    const { to } = this.#options;
    this.givenBytes += parcel.chunk.length;
    if (to.writable) to.write(parcel.chunk);
  }

  #time(): void {
    const next = this.#parcels[0];
    if (this.#timed || !next) return;
    this.dueUs = Math.max(next.dueUs, this.#stalledUntilUs);
    this.#timed = true;
    this.#options.timetable.add(this);
  }

  get #bufferedBytes(): number {
    return this.#underWayBytes + this.#options.to.writableLength;
  }

  #relieve(): void {
    const { from, maxBufferedBytes } = this.#options;
    if (from.isPaused() && this.#bufferedBytes <= maxBufferedBytes / 2) from.resume();
  }
}
