import type { CompletedRow, Verdict } from '../schema.js';
import { type Evidence, type GuideColumn, whyNoFacts, whyNoRow } from './columns.js';
import type { GUIDE_FEATURES, GuideTechnique } from './guide.js';
import type { GuideFacts } from './schema.js';

export type FeatureKey = (typeof GUIDE_FEATURES)[number]['key'];

export type ClaimResult = 'holds' | 'does not hold' | 'not measured';

/** What came of holding a claim against a report. */
export interface Judgement {
  readonly result: ClaimResult;
  /** The figure or the fact that decided; where nothing did, why, and what to do. */
  readonly figure: string;
}

/** A cell of the guide's table as something that can be checked. */
export interface Claim {
  /** What has to hold, with its thresholds. */
  readonly rule: string;
  /** Why the guide's words are taken so. */
  readonly reason: string;
  readonly judge: (column: GuideColumn, evidence: Evidence) => Judgement;
}

/** What was found of one technique. */
export interface Found {
  /** Facts and figures, in short lines. */
  readonly lines: readonly string[];
  /** What was not measured, with the reason and the command that does. */
  readonly missing: readonly string[];
}

/** One row of the guide's table: what is shown in it, and its claims. */
export interface Feature {
  readonly key: FeatureKey;
  readonly found: (column: GuideColumn, evidence: Evidence) => Found;
  readonly claims: Readonly<Record<GuideTechnique, Claim>>;
}

export function judged(holds: boolean, figure: string): Judgement {
  return { result: holds ? 'holds' : 'does not hold', figure };
}

/** `why`: as a cell has it, or without the words that say what the result says. */
export function notMeasured(why: string): Judgement {
  return { result: 'not measured', figure: whyAlone(why) };
}

/** Without the words that a result says by itself. */
export function whyAlone(why: string): string {
  return why.replace(/^not measured(?: in this run)?[:;] /, '');
}

/** A claim that the row's profile decides. */
export function claimOfFacts(
  words: Pick<Claim, 'rule' | 'reason'>,
  decide: (facts: GuideFacts, column: GuideColumn) => Judgement,
): Claim {
  return {
    ...words,
    judge: (column) => (column.facts === null ? notMeasured(whyNoFacts(column)) : decide(column.facts, column)),
  };
}

/** A claim that the rounds of a sound row decide. */
export function claimOfRow(
  words: Pick<Claim, 'rule' | 'reason'>,
  decide: (row: CompletedRow, column: GuideColumn, evidence: Evidence) => Judgement,
): Claim {
  return {
    ...words,
    judge: (column, evidence) =>
      column.sound === null ? notMeasured(whyNoRow(column)) : decide(column.sound, column, evidence),
  };
}

/** A claim about counts, which a machine that was too busy does not change: any row that ran to its end decides. */
export function claimOfCounts(
  words: Pick<Claim, 'rule' | 'reason'>,
  decide: (row: CompletedRow, column: GuideColumn) => Judgement,
): Claim {
  return {
    ...words,
    judge: (column) => (column.row?.state === 'completed' ? decide(column.row, column) : notMeasured(whyNoRow(column))),
  };
}

/** The first line says so where a figure is not of a valid run: it is not to be read without. */
export function marked(verdict: Verdict, { lines, missing: why }: Found): Found {
  const [first, ...others] = lines;
  if (verdict === 'valid' || first === undefined) return { lines, missing: why };
  return { lines: [`${first} (${verdict})`, ...others], missing: why };
}

export function found(...lines: readonly string[]): Found {
  return { lines, missing: [] };
}

export function missing(...reasons: readonly string[]): Found {
  return { lines: [], missing: reasons };
}

export function together(...parts: readonly Found[]): Found {
  return {
    lines: parts.flatMap(({ lines }) => lines),
    // Once is enough where nothing of a column is known.
    missing: [...new Set(parts.flatMap((part) => part.missing))],
  };
}
