import { formatDurationMs } from '../../units.js';
import { operatingPoint } from '../conclusions.js';
import type { CompletedRow } from '../schema.js';
import { completedRuns } from '../statistics.js';
import { listed } from '../wording.js';
import { type Answers, ASSUMED, SECONDS_MS } from './answers.js';
import type { Candidate } from './candidate.js';
import { rankByFacts } from './facts-advice.js';
import { costAgainst } from './figures.js';
import { guidanceByQuestions } from './guide-rule.js';
import { type Evidence, type MeasuredRanking, rankByMeasurement } from './measured-advice.js';

/** Most sentences about one kind of change: the nearest say the most. */
const MOST = 3;

/** One answer turned round, and the clause that says so. */
interface Turn {
  readonly clause: string;
  readonly answers: Answers;
}

/** What would change an advice that rests on facts: each answer turned round in turn, with the guide's questions. */
export function changesOfFacts(
  now: Candidate | undefined,
  answers: Answers,
  candidates: readonly Candidate[],
): string[] {
  const others = [...turnsOfWorkload(answers), ...turnsOfSurroundings(answers)];
  return others.flatMap(({ clause, answers: turned }) => {
    const [then] = rankByFacts(turned, guidanceByQuestions(turned), candidates).places;
    if (then === undefined || then.candidate === now) return [];
    const { profile } = then.candidate;
    const name = (turned.bidirectional ? profile.titleWithUplink : undefined) ?? profile.title;
    return [`${clause}: ${name}${then.says === null ? '' : ` (${then.says})`}.`];
  });
}

/** What would change an advice that rests on a report: other delays, and needs that are met without measuring. */
export function changesOfMeasurement(evidence: Evidence, answers: Answers, ranking: MeasuredRanking): string[] {
  return [
    ...looser(evidence, answers, ranking),
    ...tighter(evidence, answers, ranking),
    ...turnsOfSurroundings(answers).flatMap((turn) => ifTurned(evidence, turn, ranking.best)),
  ];
}

/** Other reports of the same kind of load that lead elsewhere, with the load at which they do. */
export function changesWithLoad(
  others: readonly Evidence[],
  answers: Answers,
  best: readonly CompletedRow[],
): string[] {
  const now = names(best);
  return others
    .flatMap((evidence) => {
      const then = rankByMeasurement(evidence, answers).best;
      if (then.length === 0 || names(then) === now) return [];
      return [`At ${operatingPoint(evidence.report)} it was ${names(then)} (${evidence.file}).`];
    })
    .slice(0, MOST);
}

function turnsOfWorkload(answers: Answers): Turn[] {
  const { bidirectional, binary, toleratesMs } = answers;
  const seconds = toleratesMs >= SECONDS_MS;
  const otherMs = seconds ? ASSUMED.toleratesMs : SECONDS_MS;
  return [
    {
      clause: bidirectional ? 'If only the server sent' : 'If clients sent too',
      answers: { ...answers, bidirectional: !bidirectional },
    },
    {
      clause: `If ${seconds ? 'no more than ' : ''}${formatDurationMs(otherMs)} were tolerated`,
      answers: { ...answers, toleratesMs: otherMs },
    },
    { clause: binary ? 'If it were text' : 'If it were binary data', answers: { ...answers, binary: !binary } },
  ];
}

/** What a report says nothing about, and what its rows can do all the same. */
function turnsOfSurroundings(answers: Answers): Turn[] {
  const { restrictiveProxies, browser } = answers;
  return [
    {
      clause: restrictiveProxies
        ? 'If no restrictive proxy stood between'
        : 'If it had to work through restrictive proxies',
      answers: { ...answers, restrictiveProxies: !restrictiveProxies },
    },
    {
      clause: browser ? 'If no browser had to reach it' : 'If a browser had to reach it',
      answers: { ...answers, browser: !browser },
    },
  ];
}

function ifTurned(evidence: Evidence, { clause, answers }: Turn, now: readonly CompletedRow[]): string[] {
  const then = rankByMeasurement(evidence, answers);
  if (names(then.best) === names(now)) return [];
  if (then.best.length === 0) return [`${clause}: nothing that was measured.`];
  return [`${clause}: ${names(then.best)}${costOfChange(then, now)}.`];
}

/** Rows that are late now would be in time: as the best, or as well. */
function looser(evidence: Evidence, answers: Answers, ranking: MeasuredRanking): string[] {
  const late = ranking.choice.places.filter(({ tolerance }) => tolerance !== 'within').flatMap(({ rows }) => rows);
  const delaysMs = [...new Set(late.map((row) => roundedUp(worstP99Ms(row))))].sort((a, b) => a - b);
  let now = ranking.best;
  return delaysMs
    .filter((toleratesMs) => Number.isFinite(toleratesMs) && toleratesMs > answers.toleratesMs)
    .flatMap((toleratesMs) => {
      const then = rankByMeasurement(evidence, { ...answers, toleratesMs });
      const clause = `If ${formatDurationMs(toleratesMs)} were tolerated`;
      const before = now;
      now = then.best;
      if (names(then.best) !== names(before)) return [`${clause}: ${names(then.best)}${costOfChange(then, before)}.`];
      const [best] = before;
      return late
        .filter((row) => best !== undefined && roundedUp(worstP99Ms(row)) === toleratesMs)
        .map(
          (row) => `${clause}, ${row.label} would do too${best ? `, at ${costAgainst(then.choice, row, best)}` : ''}.`,
        );
    })
    .slice(0, MOST);
}

/** Only of what is late by design: that a push took 6 ms on loopback and not 5 is no reason to choose. */
function tighter(evidence: Evidence, answers: Answers, { best }: MeasuredRanking): string[] {
  const waits = best.flatMap((row) => evidence.candidateOf.get(row)?.worstWaitMs ?? 0);
  const waitMs = Math.min(...waits);
  if (best.length === 0 || waitMs <= 0 || waitMs > answers.toleratesMs) return [];
  const worstMs = Math.min(...best.map((row) => worstP99Ms(row)));
  const then = rankByMeasurement(evidence, { ...answers, toleratesMs: worstMs * 0.99 });
  if (then.best.length === 0 || names(then.best) === names(best)) return [];
  return [`If less than ${formatDurationMs(roundedUp(worstMs))} were tolerated: ${names(then.best)}.`];
}

/** What the change would bring; nothing where the two stand in no comparison. */
function costOfChange({ choice, best }: MeasuredRanking, now: readonly CompletedRow[]): string {
  const [to] = best;
  const [from] = now;
  if (to === undefined || from === undefined) return '';
  const compared = choice.places.some(({ tolerance, rows }) => tolerance === 'within' && rows.includes(from));
  return compared ? `, at ${costAgainst(choice, to, from)}` : '';
}

/** Of all rounds; infinite where there is none. */
function worstP99Ms(row: CompletedRow): number {
  const ofRounds = completedRuns(row).flatMap(({ latencyUs }) => latencyUs.p99 ?? []);
  const p99s = ofRounds.length > 0 ? ofRounds : [row.latencyUs.p99 ?? Number.POSITIVE_INFINITY];
  return Math.max(...p99s) / 1_000;
}

/** Up to two digits: a delay that one would name. */
function roundedUp(ms: number): number {
  const unit = 10 ** (Math.floor(Math.log10(ms)) - 1);
  return Number((Math.ceil(ms / unit) * unit).toPrecision(2));
}

function names(rows: readonly CompletedRow[]): string {
  return listed(rows.map(({ label }) => label)).replace(/ and (?=[^,]*$)/, ' or ');
}
