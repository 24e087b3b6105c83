import { identityKey } from '../compare/likeness.js';
import type { Baseline, BaselineRow } from './schema.js';

/** A figure that is not what the baseline says; `null`: it is not there. In B. */
export interface Difference {
  readonly label: string;
  readonly figure: string;
  readonly direction: 'up' | 'down';
  readonly base: number | null;
  readonly head: number | null;
}

/** What was measured now against a baseline. */
export interface ExactCheck {
  readonly compared: number;
  /** Exact figures have no tolerance: one byte more is a difference, and so is one less. */
  readonly differences: readonly Difference[];
  /** Rows that only one of the two has. */
  readonly missing: readonly string[];
  readonly added: readonly string[];
  /** `node: v20.20.2 against v24.1.0`: what a difference may come from. */
  readonly versions: readonly string[];
}

/** Holds what was measured now against the baseline, row by row and figure by figure. */
export function checkAgainst(base: Baseline, head: Baseline): ExactCheck {
  const ofHead = new Map(head.rows.map((row) => [identityKey(row), row]));
  const ofBase = new Set(base.rows.map(identityKey));
  const pairs = base.rows.flatMap((row) => {
    const now = ofHead.get(identityKey(row));
    return now === undefined ? [] : [{ row, now }];
  });
  return {
    compared: pairs.reduce((sum, { row, now }) => sum + 2 * figuresOf(row, now).length, 0),
    differences: pairs.flatMap(({ row, now }) => differencesOf(row, now)),
    missing: base.rows.filter((row) => !ofHead.has(identityKey(row))).map(({ label }) => label),
    added: head.rows.filter((row) => !ofBase.has(identityKey(row))).map(({ label }) => label),
    versions: versionsOf(base, head),
  };
}

function figuresOf(base: BaselineRow, head: BaselineRow): string[] {
  return [...new Set([...Object.keys(base.figures), ...Object.keys(head.figures)])];
}

function differencesOf(base: BaselineRow, head: BaselineRow): Difference[] {
  return figuresOf(base, head).flatMap((figure) =>
    (['down', 'up'] as const).flatMap((direction) => {
      const [before, after] = [base, head].map(({ figures }) => figures[figure]?.[direction] ?? null);
      if (before === after) return [];
      return [{ label: head.label, figure, direction, base: before ?? null, head: after ?? null }];
    }),
  );
}

function versionsOf(base: Baseline, head: Baseline): string[] {
  const [before, after] = [base, head].map(({ node, libraries }): Record<string, string> => ({ node, ...libraries }));
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.flatMap((name) => {
    const [left = 'none', right = 'none'] = [before?.[name], after?.[name]];
    return left === right ? [] : [`${name}: ${left} against ${right}`];
  });
}

/** Nothing differs, and nothing of the baseline is missing. */
export function isPassed({ differences, missing }: ExactCheck): boolean {
  return differences.length === 0 && missing.length === 0;
}
