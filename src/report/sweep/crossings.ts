import { median } from 'simple-statistics';
import { roundValue } from '../../scenario/vary.js';
import { LINEARITY } from '../cost-model.js';
import type { NotMeasured } from '../not-measured.js';
import { type Relation, relationOf } from './crossing.js';
import { COSTS, type Cost } from './curve.js';
import { costOf, curveOf, type SweepOf, type SweepRun } from './runs.js';
import type { SweepCrossing } from './schema.js';

/** How two rows stand to each other by one cost. */
interface Pair {
  readonly cost: Cost;
  readonly a: number;
  readonly b: number;
  readonly relation: Relation;
}

/** Each two rows that are a choice, by each cost; pairs of which one has no curve are left out. */
function pairsOf(of: SweepOf, runs: readonly SweepRun[]): Pair[] {
  const { variable, values } = of.vary;
  const range = [values[0] ?? 1, values.at(-1) ?? 1] as const;
  const choices = of.rows.flatMap(({ profile }, index) => (profile.group === 'control' ? [] : [index]));
  return COSTS.flatMap((cost) => {
    const curves = new Map(choices.map((row) => [row, curveOf(row, cost, of, runs)]));
    return choices.flatMap((a, index) =>
      choices.slice(index + 1).flatMap((b): Pair[] => {
        const [curveA, curveB] = [curves.get(a), curves.get(b)];
        if (typeof curveA !== 'object' || typeof curveB !== 'object') return [];
        return [{ cost, a, b, relation: relationOf(curveA, curveB, { variable, cost, values: range }) }];
      }),
    );
  });
}

/** Where two rows are to be run, to see whether they do cost the same there. */
export interface ToConfirm {
  readonly value: number;
  readonly rows: readonly [number, number];
}

/** The crossings inside of what was measured, each value and pair once. */
export function crossingsToConfirm(of: SweepOf, runs: readonly SweepRun[]): readonly ToConfirm[] {
  const wanted = new Map<string, ToConfirm>();
  for (const { a, b, relation } of pairsOf(of, runs)) {
    if (relation.state !== 'crossing' || relation.extrapolated) continue;
    const value = roundValue(of.vary.variable, relation.at);
    wanted.set(`${a} ${b} ${value}`, { value, rows: [a, b] });
  }
  return [...wanted.values()];
}

/** How each two rows stand to each other, with the runs at their crossing where there were any. */
export function crossingsOf(of: SweepOf, runs: readonly SweepRun[]): SweepCrossing[] {
  return pairsOf(of, runs).map(({ cost, a, b, relation }) => {
    const crossing = relation.state === 'crossing' ? relation : null;
    const notMeasured: NotMeasured = {};
    if (crossing === null) notMeasured.at = 'they do not cross where it was measured, or near it';
    else if (crossing.high === null) notMeasured.high = 'they may cost the same from there on';
    if (crossing === null) notMeasured.low = notMeasured.high = 'there is no crossing';
    const confirmation =
      crossing === null || crossing.extrapolated
        ? null
        : confirmationOf(cost, { a, b, value: roundValue(of.vary.variable, crossing.at) }, runs);
    if (confirmation === null) {
      notMeasured.confirmation =
        crossing === null
          ? 'there is no crossing'
          : crossing.extrapolated
            ? 'the crossing lies beyond what was measured'
            : 'no sound runs of both at the crossing';
    }
    const { low: cheaperAtLow, high: cheaperAtHigh } = cheaperAtEnds(relation);
    if (cheaperAtLow === null) notMeasured.cheaperAtLow = 'not told apart there';
    if (cheaperAtHigh === null) notMeasured.cheaperAtHigh = 'not told apart there';
    return {
      cost,
      a,
      b,
      state: relation.state,
      at: crossing?.at ?? null,
      low: crossing?.low ?? null,
      high: crossing?.high ?? null,
      extrapolated: crossing?.extrapolated ?? false,
      cheaperAtLow,
      cheaperAtHigh,
      confirmation,
      notMeasured,
    };
  });
}

/** Of a crossing: on its two sides. */
function cheaperAtEnds(relation: Relation): { low: 'a' | 'b' | null; high: 'a' | 'b' | null } {
  if (relation.state === 'crossing') return { low: relation.below, high: relation.above };
  if (relation.state === 'throughout') return { low: relation.cheaper, high: relation.cheaper };
  if (relation.state === 'not told apart') return { low: null, high: null };
  const { cheaper, end } = relation;
  return { low: end === 'low' ? cheaper : null, high: end === 'high' ? cheaper : null };
}

/** Confirmed where the two differ by no more than a model may miss by. */
function confirmationOf(
  cost: Cost,
  { a, b, value }: { readonly a: number; readonly b: number; readonly value: number },
  runs: readonly SweepRun[],
): SweepCrossing['confirmation'] {
  const here = runs.filter((run) => run.use === 'confirm' && run.value === value);
  const pairs = here.flatMap((run) => {
    const mate = here.find((one) => one.stage === run.stage && one.row === b);
    const [ofA, ofB] = [run.row === a ? costOf(run, cost) : null, mate ? costOf(mate, cost) : null];
    return ofA === null || ofB === null ? [] : [{ ofA, ofB }];
  });
  if (pairs.length === 0) return null;
  const ratio = median(pairs.map(({ ofA, ofB }) => ofA / ofB));
  const mean = (costs: readonly number[]) => costs.reduce((sum, one) => sum + one, 0) / costs.length;
  return {
    value,
    runs: pairs.length,
    a: mean(pairs.map(({ ofA }) => ofA)),
    b: mean(pairs.map(({ ofB }) => ofB)),
    ratio,
    confirmed: Math.abs(Math.log(ratio)) <= Math.log(1 + LINEARITY.share),
  };
}
