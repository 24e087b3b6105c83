import { formatDurationMs } from '../../units.js';
import { type Choice, choiceOf, chosen, type Place } from '../choice.js';
import type { CompletedRow, Report, ReportRow } from '../schema.js';
import { listed } from '../wording.js';
import type { Answers } from './answers.js';
import { type Candidate, obstacleOf } from './candidate.js';
import { costAgainst, p99Of } from './figures.js';
import type { Statement } from './guide-rule.js';

/** A report, and what is known of its rows. */
export interface Evidence {
  readonly report: Report;
  /** The file that it is in. */
  readonly file: string;
  /** Rows that are missing here are of a transport that could not be loaded. */
  readonly candidateOf: ReadonlyMap<ReportRow, Candidate>;
}

/** What a report has for these answers. */
export interface MeasuredRanking {
  readonly choice: Choice;
  /** The rows to choose; several: the report does not tell them apart; none: none was in time. */
  readonly best: readonly CompletedRow[];
  /** The next place, if it is in time too. */
  readonly next: Place | undefined;
  /** Rows that cannot do what must be done, and why. */
  readonly ruledOut: readonly { readonly row: ReportRow; readonly reason: string }[];
}

/** The choice of the report among the rows that can do what must be done, within the delay that is tolerated. */
export function rankByMeasurement({ report, candidateOf }: Evidence, answers: Answers): MeasuredRanking {
  const reasons = new Map(report.transports.map((row) => [row, reasonAgainst(candidateOf.get(row), answers)]));
  const choice = choiceOf(report, {
    toleratesMs: answers.toleratesMs,
    accepts: (row) => reasons.get(row) === undefined,
  });
  const [, next] = choice.places;
  return {
    choice,
    best: chosen(choice),
    next: next?.tolerance === 'within' ? next : undefined,
    ruledOut: report.transports.flatMap((row) => {
      const reason = reasons.get(row);
      return row.group === 'control' || reason === undefined ? [] : [{ row, reason }];
    }),
  };
}

function reasonAgainst(candidate: Candidate | undefined, answers: Answers): string | undefined {
  return candidate === undefined ? 'what it can do is not known here' : obstacleOf(candidate, answers);
}

/** How what was measured stands to what the guide means. */
export interface Agreement {
  /** `open`: what was measured cannot say. */
  readonly state: 'agrees' | 'contradicted' | 'open';
  /** A clause that can stand behind "because" or a colon. */
  readonly because: string;
}

/** Holds what the guide says against a ranking of the report. */
export function agreementOf(
  evidence: Evidence,
  ranking: MeasuredRanking,
  { means }: Pick<Statement, 'means'>,
): Agreement {
  const { report, candidateOf } = evidence;
  const known = report.transports.flatMap((row) => {
    const candidate = candidateOf.get(row);
    return candidate === undefined ? [] : [{ ...candidate, row }];
  });
  const meant = means(known).map(({ row }) => row);
  if (meant.length === 0) return { state: 'open', because: 'what the guide means was not measured' };
  const { choice, best } = ranking;
  if (best.length === 0) return { state: 'open', because: 'nothing that was measured stayed in time' };
  const agreeing = best.filter((row) => meant.includes(row));
  const [first] = agreeing;
  if (first !== undefined) return { state: 'agrees', because: whyItAgrees(agreeing, best, ranking) };
  const places = choice.places.flatMap((place) => place.rows.map((row) => ({ row, place })));
  const placed = places.find(({ row }) => meant.includes(row));
  if (placed === undefined) return whyItCannot(meant, ranking);
  return { state: 'contradicted', because: whyBehind(placed, ranking) };
}

function whyItAgrees(
  agreeing: readonly CompletedRow[],
  best: readonly CompletedRow[],
  { next, choice }: MeasuredRanking,
): string {
  const others = best.filter((row) => !agreeing.includes(row));
  const name = listed(agreeing.map(({ label }) => label));
  if (others.length > 0) return `${name} is not told apart from ${listed(others.map(({ label }) => label))}`;
  const [runnerUp] = next?.rows ?? [];
  const [first] = agreeing;
  if (runnerUp === undefined || first === undefined) return `${name} alone is in time`;
  return `${name} is in time at ${costAgainst(choice, first, runnerUp)}`;
}

/** Every row that the guide means has no place. */
function whyItCannot(meant: readonly ReportRow[], { choice, ruledOut }: MeasuredRanking): Agreement {
  const [row] = meant;
  const needed = ruledOut.find((one) => one.row === row);
  if (needed) return { state: 'contradicted', because: `${needed.row.label} cannot do it: ${needed.reason}` };
  const reason = choice.unplaced.find((one) => one.row === row)?.reason ?? 'it has no figures';
  return { state: 'open', because: `${row?.label} has no place: ${reason}` };
}

function whyBehind(
  { row, place }: { readonly row: CompletedRow; readonly place: Place },
  { choice, best }: MeasuredRanking,
): string {
  if (place.tolerance !== 'within')
    return `${row.label} misses ${formatDurationMs(choice.toleratesMs)}: p99 ${p99Of(row)}`;
  const [least] = best;
  return least === undefined
    ? `${row.label} is behind`
    : `${row.label} is in time, at ${costAgainst(choice, row, least)}`;
}
