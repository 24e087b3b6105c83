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

  encode(): EncodedHistogram {
    return encodeIntoCompressedBase64(this.#hdr);
  }
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
