import type { Expectation } from '../report/expectations-schema.js';
import { actualText, expectationText, expectedText, unmet } from '../report/expectations-wording.js';

export const EXPECTATION_HEAD = ['', 'figure', 'expected', 'measured', ''] as const;

/** A line of a table: whose, what, what it must be, what it is, what came of it and what to know of that. */
export function expectationCells(expectation: Expectation): string[] {
  const { label, path, verdict, reason } = expectation;
  return [
    label,
    path,
    expectedText(expectation),
    verdict === 'not measured' ? '–' : actualText(expectation),
    reason === null ? verdict : `${verdict}: ${reason}`,
  ];
}

/** A sentence for each that was not met. */
export function expectationLines(expectations: readonly Expectation[]): string[] {
  return unmet(expectations).map(expectationText);
}
