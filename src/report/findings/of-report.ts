import { expectationText, expectedText } from '../expectations-wording.js';
import { titleOf } from '../scale-wording.js';
import type { Report, ReportRow } from '../schema.js';
import type { Finding, Findings, Outcome } from './findings.js';

const OUTCOMES = { met: 'passed', missed: 'failed', 'not measured': 'not measured' } as const;

/** Of a run: whether each row was measured, and what came of each of its thresholds. */
export function findingsOfReport(report: Report): Findings {
  const { scenario, startedAt, durationMs, transports, expectations } = report;
  return {
    title: titleOf(scenario),
    startedAt,
    durationMs,
    list: transports.flatMap((row) => [
      measured(row),
      ...expectations
        .filter(({ label }) => label === row.label)
        .map((expectation) => ({
          subject: row.label,
          name: `${expectation.path} ${expectedText(expectation)}`,
          outcome: OUTCOMES[expectation.verdict],
          text: expectationText(expectation),
        })),
    ]),
  };
}

function measured({ label, state, verdict, reasons }: ReportRow): Finding {
  const usable = state === 'completed' && verdict !== 'invalid';
  const outcome: Outcome = usable ? 'passed' : 'not measured';
  const what = state === 'completed' ? verdict : state;
  return { subject: label, name: 'measured', outcome, text: [`${label}: ${what}`, ...reasons].join('; ') };
}
