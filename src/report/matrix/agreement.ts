import { type Choice, chosen, cpuRatio } from '../choice.js';
import { compareRows } from '../comparison.js';
import { bytesBothWays } from '../delivery-cost.js';
import type { CompletedRow, ReportRow } from '../schema.js';
import { completedRuns, MIN_PAIRS } from '../statistics.js';
import { isRanked, toleranceOf } from '../tolerance.js';
import { listed } from '../wording.js';
import type { Agreement, MatrixScenario } from './schema.js';

/** What is cheapest of those in time, and by what; `null`: nothing is in time, or the rounds are too few to compare. */
export function cheapestOf(choice: Choice): MatrixScenario['cheapest'] {
  const [first, second] = choice.places;
  const best = chosen(choice);
  if (first === undefined || best.length === 0 || !isComparable(choice)) return null;
  const labels = best.map(({ label }) => label);
  if (second?.tolerance !== 'within') return { by: best.length === 1 ? 'alone' : 'tie', labels };
  const by = second.behind?.by === 'bytes' ? 'bytes' : 'serverCpu';
  return { by, labels };
}

/** Costs are told apart by rounds, of which there must be some. */
function isComparable({ places }: Choice): boolean {
  const inTime = places.filter(({ tolerance }) => tolerance === 'within').flatMap(({ rows }) => rows);
  return inTime.length === 1 || inTime.every((row) => completedRuns(row).length >= MIN_PAIRS);
}

/**
 * How what was measured stands to what the guide recommends. Where it names more than one technique, one of them is
 * enough.
 *
 * @param recommended names of transports
 */
export function agreementWith(rows: readonly ReportRow[], recommended: readonly string[], choice: Choice): Agreement {
  const isChoice = ({ transport }: ReportRow) => recommended.includes(transport);
  const sound = rows.filter(isChoice).filter(isRanked);
  const late = sound.filter((row) => ['over', 'borderline'].includes(toleranceOf(row, choice.toleratesMs)));
  const inTime = choice.places.filter(({ tolerance }) => tolerance === 'within').flatMap((place) => place.rows);
  const best = inTime.find(isChoice);
  const plain = { cheaper: null, misses: late.map(({ label }) => label), reason: null };
  if (best === undefined) {
    const choices = rows.filter(isChoice);
    if (choices.length > 0 && late.length === choices.length) return { ...plain, kind: 'misses' };
    return { ...plain, kind: 'undecided', reason: whyUndecided(choices) };
  }
  if (!isComparable(choice)) {
    return { ...plain, kind: 'undecided', reason: `to compare costs takes ${MIN_PAIRS} rounds of each row` };
  }
  const [winner] = chosen(choice);
  if (winner === undefined || chosen(choice).includes(best)) return { ...plain, kind: 'agrees' };
  return { ...plain, kind: 'cheaper', cheaper: cheaperBy(winner, best, choice) };
}

/** What the other costs over what the winner does, in the first figure that tells them apart. */
function cheaperBy(winner: CompletedRow, other: CompletedRow, choice: Choice): Agreement['cheaper'] {
  const cpu = cpuRatio(choice, other, winner);
  const labels = { label: winner.label, than: other.label };
  if (cpu?.different) return { ...labels, by: 'serverCpu', ratio: cpu.ratio };
  const ratio = compareRows([other, winner], bytesBothWays)[0]?.ratio ?? null;
  return ratio === null ? null : { ...labels, by: 'bytes', ratio };
}

function whyUndecided(choices: readonly ReportRow[]): string {
  if (choices.length === 0) return 'what the guide recommends was not measured';
  return `no sound p99 of ${listed(choices.map(({ label }) => label))}`;
}
