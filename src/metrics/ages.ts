import { type EncodedHistogram, LatencyHistogram, MAX_VALUE_US } from './histogram.js';

/** Bins of a doubling of age: each is 0.54 % wide, which is how exact percentiles are. */
const BINS_PER_DOUBLING = 128;
const BINS = Math.ceil(Math.log2(MAX_VALUE_US) * BINS_PER_DOUBLING);
const US_PER_COUNT = 1_000;

/** Upper ends of the bins, µs; everything below 1 µs is in the first. */
const UPPER_US = Float64Array.from({ length: BINS }, (_, bin) => 2 ** (bin / BINS_PER_DOUBLING));

/**
 * Time spent at each age. An age grows as time passes, so a client that hears nothing goes through a stretch of ages
 * evenly: the time-weighted distribution is a sum of uniform pieces, and the mean over time is the area under the
 * sawtooth by its length (Kaul, Yates and Gruteser, "Real-time status: how often should one update?", INFOCOM 2012).
 */
export class AgeTally {
  readonly #timeUs = new Float64Array(BINS);
  #totalUs = 0;
  #areaUs2 = 0;
  #beyondUs = 0;

  /** The age went from `fromUs` to `toUs`, which took as long as it grew. */
  add(fromUs: number, toUs: number): void {
    if (!(toUs > fromUs)) return;
    this.#totalUs += toUs - fromUs;
    this.#areaUs2 += ((toUs - fromUs) * (toUs + fromUs)) / 2;
    let lowUs = fromUs;
    for (let bin = binOf(fromUs); bin < BINS && lowUs < toUs; bin++) {
      const highUs = Math.min(toUs, UPPER_US[bin] ?? 0);
      if (highUs <= lowUs) continue;
      this.#timeUs[bin] = (this.#timeUs[bin] ?? 0) + highUs - lowUs;
      lowUs = highUs;
    }
    if (lowUs < toUs) this.#beyondUs += toUs - lowUs;
  }

  /** Time added, µs. */
  get totalUs(): number {
    return this.#totalUs;
  }

  /** Mean age over that time, µs; exact. `null` while there is none. */
  get meanUs(): number | null {
    return this.#totalUs > 0 ? this.#areaUs2 / this.#totalUs : null;
  }

  /**
   * Age in µs, counted once for each ms that it lasted; percentiles are over time, to 0.6 %. `null` where an age went
   * beyond the range of histograms.
   */
  encode(): EncodedHistogram | null {
    if (this.#beyondUs > 0) return null;
    const histogram = new LatencyHistogram();
    let passedUs = 0;
    let counted = 0;
    for (const [bin, timeUs] of this.#timeUs.entries()) {
      passedUs += timeUs;
      // Rounded as a sum, so that many short stays do not vanish one by one.
      const count = Math.round(passedUs / US_PER_COUNT) - counted;
      counted += count;
      if (count > 0) histogram.recordTimes(UPPER_US[bin] ?? 0, count);
    }
    return histogram.encode();
  }
}

/** The bin whose upper end is the first above `us`, or the one below it where rounding says so. */
function binOf(us: number): number {
  return us < 1 ? 0 : Math.max(0, Math.floor(Math.log2(us) * BINS_PER_DOUBLING));
}
