import { counted } from '../wording.js';
import { type Judged, judgeLook, verdictOfAll } from './decision.js';
import type { GateFigure } from './figures.js';
import { fewestPairs, type Look, lastLook, planLooks } from './looks.js';
import { headBrokeDelivery, type MeasuredPair, pairOf, usedPairs, valuesIn } from './pairs.js';
import type { GatePair, GateVerdict } from './schema.js';

export interface GateDesign {
  readonly figures: readonly GateFigure[];
  readonly alpha: number;
  /** Pairs at the most. */
  readonly pairs: number;
  /** What an A/A run said of how far pairs differ; `null`: there was none. */
  readonly knownSpreadOf: (figure: GateFigure) => number | null;
}

/** So many pairs in which head alone broke its promise of delivery are no accident. */
const BROKEN_PAIRS = 2;

/** The pairs of a gate as they come, and what is said of them. */
export class GateJournal {
  readonly #design: GateDesign;
  readonly #planned: readonly Look[];
  readonly #taken: Look[] = [];
  readonly #pairs: GatePair[] = [];
  #broken = 0;
  #judged: readonly Judged[] = [];

  constructor(design: GateDesign) {
    this.#design = design;
    this.#planned = planLooks(design.pairs, design.figures.length, design.alpha);
  }

  get pairs(): readonly GatePair[] {
    return this.#pairs;
  }

  get used(): number {
    return usedPairs(this.#pairs).length;
  }

  /** The looks that were taken. */
  get looks(): readonly Look[] {
    return this.#taken;
  }

  /** Of each figure, by the last look. */
  get judged(): readonly Judged[] {
    return this.#judged.length > 0 ? this.#judged : this.soFar;
  }

  /** Of each figure by all pairs there are, as if there were a look that may find nothing. */
  get soFar(): readonly Judged[] {
    return this.#judgeAt({ pairs: this.used, alpha: 0 });
  }

  /** Whether there is nothing more to measure. */
  get isOver(): boolean {
    return this.#broken >= BROKEN_PAIRS || this.used >= this.#design.pairs || this.verdict !== 'inconclusive';
  }

  get verdict(): GateVerdict {
    if (this.#broken >= BROKEN_PAIRS) return 'regression';
    return this.#judged.length === 0 ? 'inconclusive' : verdictOfAll(this.#judged);
  }

  /** In words. */
  get reason(): string {
    const { figures, alpha } = this.#design;
    if (this.#broken >= BROKEN_PAIRS) {
      return `head lost, repeated or reordered messages in ${this.#broken} pairs in which base did not`;
    }
    const fewest = fewestPairs(figures.length, alpha);
    if (this.#taken.length === 0) {
      return `${this.used} pairs can tell nothing: it takes ${fewest} for ${counted(figures.length, 'figure')} at ${100 * alpha} %`;
    }
    const named = (verdict: GateVerdict) =>
      figures.flatMap(({ title }, index) => (this.#judged[index]?.verdict === verdict ? [title] : [])).join(', ');
    const { verdict } = this;
    if (verdict === 'pass') return 'a regression beyond the threshold is excluded in every figure';
    return `${verdict === 'regression' ? 'more' : 'too noisy to say'} in ${named(verdict)}`;
  }

  /** Takes a pair, and looks where it is time to. Returns the look. */
  add(pair: MeasuredPair): Look | undefined {
    this.#pairs.push(pairOf(pair, this.#design.figures));
    if (headBrokeDelivery(pair)) this.#broken++;
    const look = this.#planned.find(({ pairs }) => pairs === this.used && pairs > (this.#taken.at(-1)?.pairs ?? 0));
    if (look) this.#look(look);
    return look;
  }

  /** There will be no more pairs: what alpha is left goes to those that came since the last look. */
  end(): void {
    const { figures, alpha } = this.#design;
    if (this.isOver || this.used <= (this.#taken.at(-1)?.pairs ?? 0)) return;
    const look = lastLook(this.used, this.#taken, alpha);
    if (this.used >= fewestPairs(figures.length, look.alpha)) this.#look(look);
  }

  #look(look: Look): void {
    this.#taken.push(look);
    this.#judged = this.#judgeAt(look);
  }

  #judgeAt(look: Look): Judged[] {
    const { figures, knownSpreadOf } = this.#design;
    return judgeLook(
      figures.map((figure) => ({
        threshold: figure.threshold,
        knownSpread: knownSpreadOf(figure),
        values: valuesIn(this.#pairs, figure.name),
      })),
      look,
    );
  }
}
