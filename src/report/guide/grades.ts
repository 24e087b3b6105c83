import { listed } from '../wording.js';
import { type Evidence, type GuideColumn, whyNoRow } from './columns.js';
import { type Claim, type Judgement, judged, notMeasured } from './feature.js';
import type { GuideTechnique } from './guide.js';
import { MIN_ROUNDS, middleOf, Orders, type Series } from './order.js';

/** A row of the guide's table whose words are more or less of something. */
export interface Grading {
  /** The guide's words, as numbers: a higher one says more of the figure. Techniques it does not grade are left out. */
  readonly grades: Readonly<Partial<Record<GuideTechnique, number>>>;
  /** The figure, by round; a string says why there is none. */
  readonly seriesOf: (column: GuideColumn, evidence: Evidence) => Series | string;
  /** The figure with its unit. */
  readonly spell: (value: number) => string;
  /** The same as short as it can be understood beside it. */
  readonly spellOther: (value: number) => string;
}

/**
 * The claim that a technique's figure is above that of every technique which the guide grades lower, and below that of
 * every one it grades higher. A tie with one of them is not what the guide says.
 */
export function gradeClaim(technique: GuideTechnique, grading: Grading, words: Pick<Claim, 'rule' | 'reason'>): Claim {
  return { ...words, judge: (column, evidence) => judgeGrade(technique, grading, column, evidence) };
}

/** The same of every technique, with a rule in words for each. */
export function gradeClaims(
  grading: Grading,
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

interface Rival {
  readonly title: string;
  readonly expected: 'lower' | 'higher';
  readonly series: Series | string;
  readonly order: ReturnType<Orders<string>['between']>;
}

function judgeGrade(
  technique: GuideTechnique,
  { grades, seriesOf, ...spelling }: Grading,
  column: GuideColumn,
  evidence: Evidence,
): Judgement {
  const own = seriesOf(column, evidence);
  if (typeof own === 'string') return notMeasured(own);
  const graded = evidence.columns.flatMap((candidate) => {
    const grade = candidate.technique === null ? undefined : grades[candidate.technique];
    return grade === undefined ? [] : [{ title: candidate.title, grade, series: seriesOf(candidate, evidence) }];
  });
  const orders = new Orders(
    new Map(graded.flatMap(({ title, series }) => (typeof series === 'string' ? [] : [[title, series]]))),
  );
  const ownGrade = grades[technique] ?? 0;
  const rivals = graded
    .filter(({ grade }) => grade !== ownGrade)
    .map(({ title, grade, series }): Rival => {
      const expected = ownGrade < grade ? 'lower' : 'higher';
      return { title, expected, series, order: orders.between(column.title, title) };
    });
  return verdict(own, rivals, spelling);
}

function verdict(
  own: Series,
  rivals: readonly Rival[],
  { spell, spellOther }: Pick<Grading, 'spell' | 'spellOther'>,
): Judgement {
  const figure = (series: Series | string, spelled: Grading['spell']) => {
    const value = typeof series === 'string' ? null : middleOf(series);
    return value === null ? '–' : spelled(value);
  };
  const named = (some: readonly Rival[]) =>
    listed(some.map(({ title, series }) => `${title} ${figure(series, spellOther)}`));
  const against = rivals.filter(
    ({ order, expected }) => order !== expected && (order === 'lower' || order === 'higher'),
  );
  const ties = rivals.filter(({ order }) => order === 'tie');
  const [first] = against;
  if (first !== undefined) {
    const direction = first.order;
    const same = against.filter(({ order }) => order === direction);
    return judged(false, `${figure(own, spell)}, ${direction} than ${named(same)}`);
  }
  if (ties.length > 0) return judged(false, `${figure(own, spell)}, a tie with ${named(ties)}`);
  const unknown = rivals.filter(({ order }) => order === 'unknown');
  if (unknown.length > 0) return notMeasured(whyUnknown(own, unknown));
  if (rivals.length === 0) return notMeasured('nothing to compare it with was measured');
  const words = (['lower', 'higher'] as const).flatMap((direction) => {
    const some = rivals.filter(({ order }) => order === direction);
    return some.length === 0 ? [] : [`${direction} than ${named(some)}`];
  });
  return judged(true, `${figure(own, spell)}, ${words.join(', ')}`);
}

function whyUnknown(own: Series, unknown: readonly Rival[]): string {
  const absent = unknown.filter(({ series }) => typeof series === 'string');
  if (absent.length > 0) return `there is no figure of ${listed(absent.map(({ title }) => title))} to compare with`;
  return `which is lower takes ${MIN_ROUNDS} rounds to say, there ${own.size === 1 ? 'was one' : `were ${own.size}`}`;
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
