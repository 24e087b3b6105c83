import { formatBytes, formatCount, formatDurationMs } from '../units.js';
import { bytesBothWays, leastBytes, serverCpu } from './delivery-cost.js';
import { latencyEstimate } from './estimate.js';
import { hasTimes, isObservedReport } from './observed-wording.js';
import { recoverySentences } from './recovery-wording.js';
import { roundTripSentences } from './round-trip-wording.js';
import type { CompletedRow, Report, ReportRow } from './schema.js';
import { slowReaderSentences } from './slow-reader-wording.js';
import { type Ranked, rankedBy, type Standee, standingBy } from './standing.js';
import { completedRuns, MIN_PAIRS } from './statistics.js';
import { isRanked, type Tolerance, toleranceOf } from './tolerance.js';
import { variantSentences } from './variant-sentences.js';
import { between, latencyMs, listed, plainFigure } from './wording.js';

/**
 * What a report lets a person decide, in short sentences: who is fast enough first, then what tells those apart.
 * Nothing is called lower or least unless the rounds agree on it; only sound rows are ranked, and the control never.
 */
export function conclusions(report: Report): string[] {
  const ranked = report.transports.filter(isRanked);
  const completed = report.transports.filter((row) => row.state === 'completed');
  const by = (tolerance: Tolerance) =>
    ranked.filter((row) => toleranceOf(row, report.scenario.toleratesMs) === tolerance);
  const within = by('within');
  const isTimed = !isObservedReport(report) || hasTimes(report);
  return [
    ...(isTimed ? sentencesOnTolerance(report, within, by('borderline'), by('over'), by('unknown')) : []),
    ...sentencesOnLatency(report, within),
    ...sentencesOnBytes(within.length > 0 ? within : ranked, report),
    ...sentencesOnCpu(within.length > 0 ? within : ranked, report),
    ...variantSentences(ranked),
    ...roundTripSentences(report.transports),
    ...recoverySentences(completed),
    ...slowReaderSentences(completed),
    ...sentencesOnBrowsers(ranked),
    ...sentencesOnUnranked(report.transports),
  ];
}

/** Clients and rate: a figure without them means nothing. */
export function operatingPoint({ scenario: { workload } }: Report): string {
  if (workload.publish === 'observe') return `${formatCount(workload.clients)} clients`;
  return `${formatCount(workload.clients)} clients and ${plainFigure(workload.ratePerSecond)} messages/s`;
}

function sentencesOnTolerance(
  report: Report,
  within: readonly CompletedRow[],
  borderline: readonly CompletedRow[],
  over: readonly CompletedRow[],
  unknown: readonly CompletedRow[],
): string[] {
  const tolerated = formatDurationMs(report.scenario.toleratesMs);
  const at = operatingPoint(report);
  const sentences: string[] = [];
  if (within.length > 0) {
    sentences.push(`Fast enough at ${at}: ${listed(within.map(labelWithP99))}, within ${tolerated} in every round.`);
  } else if (borderline.length + over.length > 0) {
    sentences.push(`Of the ranked techniques none stayed within ${tolerated} in every round at ${at}.`);
  }
  for (const row of borderline) {
    sentences.push(
      `Borderline: ${row.label}, p99 ${p99Range(row)}: some rounds were within ${tolerated}, some were not.`,
    );
  }
  for (const row of over) sentences.push(`Too slow: ${row.label}, p99 ${p99Range(row)}${pollReason(row)}.`);
  if (unknown.length > 0) {
    sentences.push(`Cannot be judged against ${tolerated}: ${labels(unknown)}, for want of a p99.`);
  }
  return sentences;
}

/** The wait for the next poll, where a pull row has a fixed interval and its p99 is about as long as that. */
function pollReason(row: CompletedRow): string {
  const intervalMs = row.settings.intervalMs;
  const p99Us = latencyEstimate(row, 'p99').value;
  if (row.deliveredBy !== 'pull' || typeof intervalMs !== 'number' || p99Us === null) return '';
  if (p99Us > intervalMs * 1_000 * 1.25) return '';
  return `; a message waits for the next poll, one every ${formatDurationMs(intervalMs)}`;
}

function labelWithP99(row: CompletedRow): string {
  const p99Us = latencyEstimate(row, 'p99').value;
  return p99Us === null ? row.label : `${row.label} (p99 ${latencyMs(p99Us)} ms)`;
}

function p99Range({ spread, latencyUs }: CompletedRow): string {
  const { min, max } = spread.latencyUs.p99;
  if (min !== null && max !== null) return `${between(latencyMs(min), latencyMs(max))} ms`;
  if (latencyUs.p99 !== null) return `${latencyMs(latencyUs.p99)} ms`;
  return latencyUs.p50 === null ? 'unknown' : `unknown (p50 is ${latencyMs(latencyUs.p50)} ms already)`;
}

/** A delay that the scenario's user does not notice is no reason to choose: who is lower stands in the table only. */
function sentencesOnLatency(report: Report, within: readonly CompletedRow[]): string[] {
  if (within.length < 2) return [];
  const tolerated = formatDurationMs(report.scenario.toleratesMs);
  return [
    `Latency does not decide between those ${within.length}: all stay inside ${tolerated}, so no difference between them matters here.`,
  ];
}

function notApart(figure: string, rows: readonly CompletedRow[]): string {
  const rounds = Math.min(...rows.map((row) => completedRuns(row).length));
  if (rounds < MIN_PAIRS) return `Which ${figure} is lower takes ${MIN_PAIRS} rounds to say, there were ${rounds}.`;
  return `The rounds do not agree on a lowest ${figure}.`;
}

function sentencesOnBytes(rows: readonly CompletedRow[], report: Report): string[] {
  if (rows.length < 2) return [];
  const ranked = rankedBy(rows, bytesBothWays);
  if (ranked.length === 0) return [];
  const payload = isObservedReport(report)
    ? 'what the server sends'
    : `${formatBytes(report.scenario.workload.sizeBytes)} of payload`;
  const fewest = leastBytes(ranked);
  const rest = ranked.filter((item) => !fewest.includes(item));
  const bytes = (item: Ranked) => `${item.row.label} ${plainFigure(item.median)} B`;
  const figures = rest.length === 0 ? '' : `; then ${listed(rest.map(bytes))}`;
  const sentences = [
    `Fewest bytes per delivery, both directions, for ${payload}: ${listed(fewest.map(bytes))}${figures}.`,
  ];
  const reachable = ranked.filter(({ row }) => row.group === 'web');
  if (fewest.every(({ row }) => row.group !== 'web') && reachable.length > 0) {
    sentences.push(`Fewest of those a browser reaches: ${listed(leastBytes(reachable).map(bytes))}.`);
  }
  return sentences;
}

function sentencesOnCpu(rows: readonly CompletedRow[], report: Report): string[] {
  if (rows.length < 2) return [];
  const standing = standingBy(rows, serverCpu);
  if (standing === undefined) return [];
  const { lowest, higher, level } = standing;
  const cpu = (item: Ranked) => `${item.row.label} ${plainFigure(item.median)} µs`;
  const figures = (items: readonly Ranked[]) => listed(inOrderOf(rows, items).map(cpu));
  const point = operatingPoint(report);
  const agreement = agreementOf(higher);
  if (level.length === 0 && higher.length > 0) {
    return [`Least server CPU per delivery at ${point}: ${cpu(lowest)}, lower ${agreement} than ${figures(higher)}.`];
  }
  const group = figures([lowest, ...level]);
  if (higher.length === 0) {
    const apart = ratioInWords(lowest, level);
    return [
      apart === undefined
        ? `Server CPU per delivery at ${point}: ${group}. ${notApart('server CPU', rows)}`
        : `Server CPU per delivery at ${point}: ${group} are not told apart: ${apart}.`,
    ];
  }
  const verb = higher.length === 1 ? 'takes' : 'take';
  return [
    `Server CPU per delivery at ${point}: ${group} are not told apart; ${figures(higher)} ${verb} more ${agreement}.`,
  ];
}

/** What the difference rests on: that every round has it, or a test over all of them. */
function agreementOf(higher: readonly Standee[]): string {
  return higher.every(({ comparison }) => comparison.agreed) ? 'in every round' : 'over the rounds';
}

/** How far apart two rows may be that are not told apart; `undefined` where there are more, or rounds too few to say. */
function ratioInWords(lowest: Ranked, level: readonly Standee[]): string | undefined {
  const [other, ...more] = level;
  if (other === undefined || more.length > 0 || other.comparison.interval === null) return undefined;
  const { low, high } = other.comparison.interval;
  const times = between((1 / high).toFixed(2), (1 / low).toFixed(2));
  return `${other.row.label} takes ${times} times what ${lowest.row.label} takes (95 %)`;
}

/** In the order of the table: that of medians changes from run to run where they are level. */
function inOrderOf(rows: readonly CompletedRow[], items: readonly Ranked[]): Ranked[] {
  return rows.flatMap((row) => items.filter((item) => item.row === row));
}

function sentencesOnBrowsers(rows: readonly CompletedRow[]): string[] {
  const unreachable = rows.filter((row) => row.group === 'rpc');
  if (unreachable.length === 0) return [];
  const verb = unreachable.length === 1 ? 'is' : 'are';
  return [`${labels(unreachable)} ${verb} not reachable from a browser: a choice between services only.`];
}

function sentencesOnUnranked(rows: readonly ReportRow[]): string[] {
  const unranked = rows.filter((row) => row.group !== 'control' && !isRanked(row));
  const why = (row: ReportRow) => `${row.label} (${row.state === 'completed' ? row.verdict : row.state})`;
  return unranked.length === 0 ? [] : [`Not ranked: ${listed(unranked.map(why))}.`];
}

function labels(rows: readonly ReportRow[]): string {
  return listed(rows.map((row) => row.label));
}
