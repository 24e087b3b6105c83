import { listed } from '../wording.js';
import { type Evidence, type GuideColumn, whyNoRow } from './columns.js';
import { type Claim, type Judgement, judged, notMeasured } from './feature.js';
import type { GuideTechnique } from './guide.js';
import { MIN_ROUNDS, middleOf, type Order, Orders, type Series } from './order.js';

/** A row of the guide's table whose words are more or less of something that was found of each technique. */
export interface Grading<Figure extends object> {
  /** The guide's words, as numbers: a higher one says more of the figure. Techniques it does not grade are left out. */
  readonly grades: Readonly<Partial<Record<GuideTechnique, number>>>;
  /** A string says why there is none. */
  readonly figureOf: (column: GuideColumn, evidence: Evidence) => Figure | string;
  /** How every two of them stand to each other, by the titles of their columns. */
  readonly ordersOf: (figures: ReadonlyMap<string, Figure>) => { readonly between: (a: string, b: string) => Order };
  /** The figure with its unit. */
  readonly spell: (figure: Figure) => string;
  /** The same as short as it can be understood beside it. */
  readonly spellOther: (figure: Figure) => string;
  /** Between the two; by default `lower than` and `higher than`. */
  readonly words?: Readonly<Record<'lower' | 'higher', string>>;
  /** Why neither is told to be lower, where that is no tie. */
  readonly whyUnknown: (own: Figure, others: readonly string[]) => string;
}

/** A grading by a figure of each round. */
export function gradingByRounds({
  seriesOf,
  spell,
  spellOther,
  ...grading
}: Pick<Grading<Series>, 'grades'> & {
  readonly seriesOf: Grading<Series>['figureOf'];
  readonly spell: (value: number) => string;
  readonly spellOther: (value: number) => string;
}): Grading<Series> {
  const spelled = (series: Series, spelling: (value: number) => string) => {
    const value = middleOf(series);
    return value === null ? '–' : spelling(value);
  };
  return {
    ...grading,
    figureOf: seriesOf,
    ordersOf: (figures) => new Orders(figures),
    spell: (series) => spelled(series, spell),
    spellOther: (series) => spelled(series, spellOther),
    whyUnknown: ({ size }) =>
      `which is lower takes ${MIN_ROUNDS} rounds to say, there ${size === 1 ? 'was one' : `were ${size}`}`,
  };
}

/**
 * The claim that a technique's figure is above that of every technique which the guide grades lower, and below that of
 * every one it grades higher. A tie with one of them is not what the guide says.
 */
export function gradeClaim<Figure extends object>(
  technique: GuideTechnique,
  grading: Grading<Figure>,
  words: Pick<Claim, 'rule' | 'reason'>,
): Claim {
  return { ...words, judge: (column, evidence) => judgeGrade(technique, grading, column, evidence) };
}

/** The same of every technique, with a rule in words for each. */
export function gradeClaims<Figure extends object>(
  grading: Grading<Figure>,
  reason: string,
  rules: Readonly<Record<GuideTechnique, string>>,
): Readonly<Record<GuideTechnique, Claim>> {
  const claim = (technique: GuideTechnique) => gradeClaim(technique, grading, { rule: rules[technique], reason });
  return {
    'Short Polling': claim('Short Polling'),
    'Long Polling': claim('Long Polling'),
    SSE: claim('SSE'),
    WebSockets: claim('WebSockets'),
  };
}

interface Rival<Figure> {
  readonly title: string;
  readonly expected: 'lower' | 'higher';
  readonly figure: Figure | string;
  readonly order: Order;
}

export function judgeGrade<Figure extends object>(
  technique: GuideTechnique,
  grading: Grading<Figure>,
  column: GuideColumn,
  evidence: Evidence,
): Judgement {
  const { grades, figureOf, ordersOf } = grading;
  const own = figureOf(column, evidence);
  if (typeof own === 'string') return notMeasured(own);
  const graded = evidence.columns.flatMap((candidate) => {
    const grade = candidate.technique === null ? undefined : grades[candidate.technique];
    return grade === undefined ? [] : [{ title: candidate.title, grade, figure: figureOf(candidate, evidence) }];
  });
  const orders = ordersOf(
    new Map(graded.flatMap(({ title, figure }) => (typeof figure === 'string' ? [] : [[title, figure]]))),
  );
  const ownGrade = grades[technique] ?? 0;
  const rivals = graded
    .filter(({ grade }) => grade !== ownGrade)
    .map(({ title, grade, figure }): Rival<Figure> => {
      const expected = ownGrade < grade ? 'lower' : 'higher';
      const order = typeof figure === 'string' ? 'unknown' : orders.between(column.title, title);
      return { title, expected, figure, order };
    });
  return verdict(own, rivals, grading);
}

const WORDS = { lower: 'lower than', higher: 'higher than' };

function verdict<Figure extends object>(
  own: Figure,
  rivals: readonly Rival<Figure>[],
  { spell, spellOther, words = WORDS, whyUnknown }: Grading<Figure>,
): Judgement {
  const named = (some: readonly Rival<Figure>[]) =>
    listed(some.map(({ title, figure }) => `${title} ${typeof figure === 'string' ? '–' : spellOther(figure)}`));
  const inOrder = (direction: Order) => rivals.filter(({ order }) => order === direction);
  const against = rivals.find(({ order, expected }) => order !== expected && (order === 'lower' || order === 'higher'));
  if (against && (against.order === 'lower' || against.order === 'higher')) {
    const same = inOrder(against.order).filter(({ expected, order }) => order !== expected);
    return judged(false, `${spell(own)}, ${words[against.order]} ${named(same)}`);
  }
  const ties = inOrder('tie');
  if (ties.length > 0) return judged(false, `${spell(own)}, a tie with ${named(ties)}`);
  const unknown = inOrder('unknown');
  const absent = unknown.filter(({ figure }) => typeof figure === 'string').map(({ title }) => title);
  if (absent.length > 0) return notMeasured(`there is no figure of ${listed(absent)} to compare with`);
  if (unknown.length > 0)
    return notMeasured(
      whyUnknown(
        own,
        unknown.map(({ title }) => title),
      ),
    );
  if (rivals.length === 0) return notMeasured('nothing to compare it with was measured');
  const told = (['lower', 'higher'] as const).flatMap((direction) => {
    const some = inOrder(direction);
    return some.length === 0 ? [] : [`${words[direction]} ${named(some)}`];
  });
  return judged(true, `${spell(own)}, ${told.join(', ')}`);
}

/** The figure of each round of a sound row. */
export function seriesOfRow(
  { sound, ...column }: GuideColumn,
  figure: (run: NonNullable<GuideColumn['sound']>['rounds'][number]) => number | null,
  missing: string,
): Series | string {
  if (sound === null) return whyNoRow({ sound, ...column });
  const values = sound.rounds.flatMap((run): [number, number][] => {
    const value = figure(run);
    return value === null ? [] : [[run.round, value]];
  });
  return values.length === 0 ? missing : new Map(values);
}
