import { type Comparison, compareRows } from './comparison.js';
import { bytesBothWays, leastBytes, serverCpu } from './delivery-cost.js';
import type { CompletedRow, Report, ReportRow } from './schema.js';
import { rankedBy } from './standing.js';
import { completedRuns, type RunFigure } from './statistics.js';
import { isRanked, type Tolerance, toleranceOf } from './tolerance.js';

/** What a choice is made by, in this order: in time first, then what a delivery costs. */
export type Criterion = 'tolerance' | 'serverCpu' | 'bytes';

/** Rows that a report does not tell apart by any criterion. */
export interface Place {
  /** In the order of the report; at least one. */
  readonly rows: readonly CompletedRow[];
  readonly tolerance: Tolerance;
  /**
   * What sets the place behind those before it, and the row of which that was found: `null` for the first place. By
   * tolerance there is no such row.
   */
  readonly behind: { readonly by: Criterion; readonly than: CompletedRow | null } | null;
}

/** The rows of a report from the one to choose to the last, by one rule. */
export interface Choice {
  /** The delay that rows were held against, ms. */
  readonly toleratesMs: number;
  /** Best first. */
  readonly places: readonly Place[];
  /** Rows without a place, controls aside, and why. */
  readonly unplaced: readonly { readonly row: ReportRow; readonly reason: string }[];
  /** Server CPU per delivery of every two rows of the same tolerance, by the ratios within rounds. */
  readonly comparisons: readonly Comparison[];
}

export interface ChoiceOptions {
  /** Another delay than that of the report's scenario, ms. */
  readonly toleratesMs?: number;
  /** Whether a row may be chosen at all; by default every row that is sound and no control. */
  readonly accepts?: (row: ReportRow) => boolean;
}

/** Rows that may be chosen stand before those that were late, and those before what is not known. */
const TOLERANCES: readonly Tolerance[] = ['within', 'borderline', 'over', 'unknown'];

const COSTS: readonly { readonly figure: RunFigure; readonly name: string }[] = [
  { figure: serverCpu, name: 'server CPU per delivery' },
  { figure: bytesBothWays, name: 'bytes per delivery' },
];

/**
 * The rule: rows whose p99 is within the tolerated delay in every round come first. Among rows of the same tolerance,
 * those with the least server CPU per delivery come first, as paired rounds tell it (`compareRows`); among rows that
 * those do not tell apart from the least, the fewest bytes per delivery, both directions (`leastBytes`). What is left
 * together shares a place: a tie. A row without a cost that others have has no place; a cost that no row has decides
 * nothing. The order of the report's rows changes nothing.
 */
export function choiceOf(report: Pick<Report, 'scenario' | 'transports'>, options: ChoiceOptions = {}): Choice {
  const { toleratesMs = report.scenario.toleratesMs, accepts = () => true } = options;
  const asked = report.transports.filter((row) => row.group !== 'control' && accepts(row));
  const sound = asked.filter(isRanked);
  const measured = COSTS.filter(({ figure }) => sound.some((row) => has(row, figure)));
  const lacking = new Map(sound.map((row) => [row, measured.find(({ figure }) => !has(row, figure))]));
  const ranked = sound.filter((row) => lacking.get(row) === undefined);
  const classes = TOLERANCES.map((tolerance) => ({
    tolerance,
    rows: ranked.filter((row) => toleranceOf(row, toleratesMs) === tolerance).sort(byIdentity),
  })).filter(({ rows }) => rows.length > 0);
  const comparisons = classes.flatMap(({ rows }) => compareRows(rows, serverCpu));
  const places = classes.flatMap(({ tolerance, rows }) =>
    placesByCost(rows, comparisons).map((place): Place => ({ tolerance, ...place })),
  );
  return {
    toleratesMs,
    places: places.map((place, index) => ({
      ...place,
      rows: report.transports.filter((row) => row.state === 'completed').filter((row) => place.rows.includes(row)),
      behind: index === 0 ? null : (place.behind ?? { by: 'tolerance', than: null }),
    })),
    unplaced: asked.flatMap((row) => {
      const reason = isRanked(row) ? lackOf(lacking.get(row)) : soundnessOf(row);
      return reason === undefined ? [] : [{ row, reason }];
    }),
    comparisons,
  };
}

/** The rows to choose: the first place, if it is within the tolerated delay. */
export function chosen({ places: [first] }: Choice): readonly CompletedRow[] {
  return first?.tolerance === 'within' ? first.rows : [];
}

/** Server CPU per delivery of a row over that of another. */
export interface CpuRatio {
  /** Hodges–Lehmann, of the rounds that both completed. */
  readonly ratio: number;
  /** 95 %; `null` below 6 rounds. */
  readonly interval: Comparison['interval'];
  /** Whether the rounds tell the two apart. */
  readonly different: boolean;
}

/** `undefined` where the two were not compared: they differ in tolerance, have no place, or have no such figure. */
export function cpuRatio(
  { comparisons }: Pick<Choice, 'comparisons'>,
  row: CompletedRow,
  over: CompletedRow,
): CpuRatio | undefined {
  const found = comparisons.find(({ a, b }) => (a === row && b === over) || (a === over && b === row));
  if (found === undefined || found.ratio === null) return undefined;
  const { ratio, interval, different } = found;
  if (found.a === row) return { ratio, interval, different };
  return {
    ratio: 1 / ratio,
    interval: interval && { low: 1 / interval.high, high: 1 / interval.low },
    different,
  };
}

/**
 * The rows of the same tolerance that cost less than this one in both: less server CPU per delivery, as the rounds tell,
 * and fewer bytes, beyond a tie. No row of the first place has any.
 */
export function cheaperInBoth(choice: Choice, row: CompletedRow): readonly CompletedRow[] {
  const { places } = choice;
  const own = places.find(({ rows }) => rows.includes(row))?.tolerance;
  const others = places.filter(({ tolerance }) => tolerance === own).flatMap(({ rows }) => rows);
  return others.filter((other) => isCheaperInBoth(other, row, choice.comparisons));
}

type CostPlace = Pick<Place, 'rows' | 'behind'>;

/** `behind` is `null` for the first. */
function placesByCost(rows: readonly CompletedRow[], comparisons: readonly Comparison[]): CostPlace[] {
  let before: CompletedRow | undefined;
  return tiers(rows, (rest) => leastCpu(rest, comparisons)).flatMap((tier) => {
    const least = before;
    before = rankedBy(tier, serverCpu)[0]?.row;
    const bestOf = (rest: readonly CompletedRow[]) => unbeaten(leastOfBytes(rest), rest, comparisons);
    return tiers(tier, bestOf).map((tied, index, all): CostPlace => {
      const fewest = rankedBy(all[index - 1] ?? [], bytesBothWays)[0]?.row ?? null;
      if (index > 0) return { rows: tied, behind: { by: 'bytes', than: fewest } };
      return { rows: tied, behind: least === undefined ? null : { by: 'serverCpu', than: least } };
    });
  });
}

/**
 * Without those that another row costs less than in both. Neither tie passes on: a row may be level with the lowest, and
 * above a third one that is level with it too.
 */
function unbeaten(
  tied: readonly CompletedRow[],
  rows: readonly CompletedRow[],
  comparisons: readonly Comparison[],
): readonly CompletedRow[] {
  const left = tied.filter((row) => !rows.some((other) => isCheaperInBoth(other, row, comparisons)));
  return left.length > 0 ? left : tied;
}

function isCheaperInBoth(row: CompletedRow, than: CompletedRow, comparisons: readonly Comparison[]): boolean {
  const cpu = row === than ? undefined : cpuRatio({ comparisons }, row, than);
  return cpu?.different === true && cpu.ratio < 1 && !leastOfBytes([row, than]).includes(than);
}

/** Takes the best off, again and again, until nothing is left. */
function tiers(
  rows: readonly CompletedRow[],
  bestOf: (rows: readonly CompletedRow[]) => readonly CompletedRow[],
): (readonly CompletedRow[])[] {
  const result: (readonly CompletedRow[])[] = [];
  for (let rest = rows; rest.length > 0; ) {
    const best = bestOf(rest);
    result.push(best);
    rest = rest.filter((row) => !best.includes(row));
  }
  return result;
}

/** The lowest, and every row that the rounds do not show to be higher; all rows where none has the figure. */
function leastCpu(rows: readonly CompletedRow[], comparisons: readonly Comparison[]): readonly CompletedRow[] {
  const [lowest] = rankedBy(rows, serverCpu);
  if (lowest === undefined) return rows;
  const higher = comparisons.flatMap(({ a, b, different, ratio }) => {
    if (!different || ratio === null) return [];
    if (a === lowest.row && ratio < 1) return [b];
    return b === lowest.row && ratio > 1 ? [a] : [];
  });
  return rows.filter((row) => !higher.includes(row));
}

function leastOfBytes(rows: readonly CompletedRow[]): readonly CompletedRow[] {
  const ranked = rankedBy(rows, bytesBothWays);
  return ranked.length === 0 ? rows : leastBytes(ranked).map(({ row }) => row);
}

function has(row: CompletedRow, figure: RunFigure): boolean {
  return completedRuns(row).some((run) => figure(run) !== null);
}

function lackOf(cost: (typeof COSTS)[number] | undefined): string | undefined {
  return cost && `its ${cost.name} was not measured`;
}

function soundnessOf(row: ReportRow): string {
  return row.state === 'completed'
    ? `its figures are ${row.verdict}`
    : `it ${row.state === 'failed' ? 'failed' : 'was aborted'}`;
}

/** An order that does not depend on how the rows stand in the report, so that equal medians are no matter of luck. */
function byIdentity(a: CompletedRow, b: CompletedRow): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function keyOf({ transport, settings, label }: CompletedRow): string {
  return JSON.stringify([transport, Object.entries(settings).sort(), label]);
}
