import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram as HdrHistogram,
  JsHistogram,
} from 'hdr-histogram-js';

/** An HdrHistogram V2 histogram, compressed, base64; any HdrHistogram implementation decodes it. */
export type EncodedHistogram = string;

/** Largest value that can be recorded: 60 s in µs. */
export const MAX_VALUE_US = 60_000_000;

/** What a histogram holds, as two lists of the same length. */
export interface Buckets {
  readonly valuesUs: readonly number[];
  readonly counts: readonly number[];
}

/** Parts of equal width on a logarithmic scale, of an outline. */
export const OUTLINE_PARTS = 24;

/** What a distribution looks like, coarsely. */
export interface LatencyOutline {
  readonly minUs: number;
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** Values in each of `OUTLINE_PARTS` parts from `minUs` to `maxUs`, equally wide on a logarithmic scale. */
  readonly counts: readonly number[];
}

/**
 * A histogram of durations in µs, 1 µs to 60 s with 3 significant digits. Values are rounded; 0 is recorded as the
 * lowest bucket; negative values and values past the range are counted apart instead of being forced in.
 */
export class LatencyHistogram {
  readonly #hdr: HdrHistogram;
  #negative = 0;
  #outOfRange = 0;

  constructor(hdr: HdrHistogram = emptyHdr()) {
    this.#hdr = hdr;
  }

  /** Throws when the text is no histogram. */
  static decode(encoded: EncodedHistogram): LatencyHistogram {
    return new LatencyHistogram(decodeFromCompressedBase64(encoded, 32, false));
  }

  /** `us`: a duration in µs, fractions allowed. */
  record(us: number): void {
    const rounded = Math.round(us);
    if (rounded < 0) this.#negative++;
    else if (rounded <= MAX_VALUE_US) this.#hdr.recordValue(rounded);
    else this.#outOfRange++;
  }

  /** The same duration `count` times. Throws where it is not in the range. */
  recordTimes(us: number, count: number): void {
    this.#hdr.recordValueWithCount(Math.round(us), count);
  }

  get count(): number {
    return this.#hdr.totalCount;
  }

  /** Values below 0 that were offered: a clock did not nest. Not in the encoded form. */
  get negative(): number {
    return this.#negative;
  }

  /** Values above `MAX_VALUE_US` that were offered, and what is no number. Not in the encoded form. */
  get outOfRange(): number {
    return this.#outOfRange;
  }

  get min(): number {
    return this.count === 0 ? 0 : this.#hdr.getValueAtPercentile(0);
  }

  /** As a percentile is: the upper end of what the digits cannot tell apart, so that no percentile exceeds it. */
  get max(): number {
    return this.count === 0 ? 0 : this.#hdr.getValueAtPercentile(100);
  }

  get mean(): number {
    return this.#hdr.mean;
  }

  /** The value in µs that `percentile` (0–100) per cent of all values do not exceed. */
  percentile(percentile: number): number {
    return this.#hdr.getValueAtPercentile(percentile);
  }

  /** Puts in every value of the other. Throws when it holds values that do not fit into this one's range. */
  add(other: LatencyHistogram): void {
    this.#hdr.add(other.#hdr);
    this.#negative += other.#negative;
    this.#outOfRange += other.#outOfRange;
  }

  /** Every value that was recorded, as percentiles give it, lowest first, and how often it was. */
  get buckets(): Buckets {
    if (!(this.#hdr instanceof JsHistogram)) throw new Error('a histogram of another kind');
    const valuesUs: number[] = [];
    const counts: number[] = [];
    const iterator = this.#hdr.recordedValuesIterator;
    iterator.reset();
    while (iterator.hasNext()) {
      const { valueIteratedTo, countAtValueIteratedTo } = iterator.next();
      valuesUs.push(valueIteratedTo);
      counts.push(countAtValueIteratedTo);
    }
    return { valuesUs, counts };
  }

  /** For whoever watches it grow: some ten µs (once rehearsed), where `buckets` takes ms. `null` while there is nothing. */
  outline(): LatencyOutline | null {
    const hdr = this.#hdr;
    if (!(hdr instanceof JsHistogram)) throw new Error('a histogram of another kind');
    if (this.count === 0) return null;
    const { min: minUs, max: maxUs } = this;
    const counts = new Array<number>(OUTLINE_PARTS).fill(0);
    const lowestUs = Math.max(1, minUs);
    const ratio = (Math.max(1, maxUs) / lowestUs) ** (1 / OUTLINE_PARTS);
    let from = hdr.countsArrayIndex(minUs);
    for (let part = 0; part < OUTLINE_PARTS; part++) {
      const isLast = part === OUTLINE_PARTS - 1;
      const end = isLast
        ? hdr.countsArrayIndex(maxUs) + 1
        : hdr.countsArrayIndex(Math.round(lowestUs * ratio ** (part + 1)));
      counts[part] = countWithin(hdr, from, end);
      from = Math.max(from, end);
    }
    const at = (percentile: number) => this.percentile(percentile);
    return { minUs, p50Us: at(50), p90Us: at(90), p99Us: at(99), maxUs, counts };
  }

  encode(): EncodedHistogram {
    return encodeIntoCompressedBase64(this.#hdr);
  }
}

const REHEARSALS = 60;

/** Has the engine compile what `outline` takes before a window begins, in which 2 ms of a first call would show. */
export function rehearseOutline(): void {
  const histogram = new LatencyHistogram();
  for (let us = 100; us < 100_000; us *= 1.05) histogram.record(us);
  for (let times = 0; times < REHEARSALS; times++) histogram.outline();
}

function countWithin(hdr: JsHistogram, from: number, end: number): number {
  let count = 0;
  for (let index = from; index < end; index++) count += hdr.getCountAtIndex(index);
  return count;
}

function emptyHdr(): HdrHistogram {
  return build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_VALUE_US,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
}
