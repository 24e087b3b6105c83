import type { CompletedRun, Report, RunResult } from '../report/schema.js';
import {
  EXAMPLE_ROWS,
  EXAMPLE_SCENARIO,
  type ExampleRow,
  exampleReport,
  exampleResults,
  exampleRun,
  exampleRuns,
} from './example-report.js';

const { shortPolling, longPolling, sse, webSocket, grpc, tcp } = EXAMPLE_ROWS;

/** The rounds of a row, each changed. */
export function changedRuns(example: ExampleRow, change: (run: CompletedRun) => Partial<CompletedRun>): RunResult[] {
  return Array.from({ length: EXAMPLE_SCENARIO.rounds }, (_, round) => {
    const run = exampleRun(example, round);
    return { ...run, ...change(run) };
  });
}

/** A row of every kind that is not sound, and one with a long name. */
export function troubledReport(): Report {
  const variant = {
    ...shortPolling,
    row: { ...shortPolling.row, label: 'Short polling keepAlive=false,format=binary' },
  };
  return exampleReport({
    interrupted: true,
    rows: [
      exampleResults(variant),
      exampleResults(longPolling, [
        exampleRun(longPolling, 0),
        { state: 'failed', round: 1, reason: 'the server process ended with code 1: Error: listen EADDRINUSE' },
      ]),
      exampleResults(
        sse,
        changedRuns(sse, ({ round }) =>
          round === 1 ? { verdict: 'saturated', reasons: ['the server could not keep up'] } : {},
        ),
      ),
      exampleResults(
        webSocket,
        changedRuns(webSocket, ({ delivery }) => ({
          verdict: 'invalid',
          fault: 'delivery',
          reasons: ['12 of 30,000 expected deliveries never came'],
          delivery: { ...delivery, delivered: delivery.expected - 12, lost: 12, duplicated: 3 },
        })),
      ),
      exampleResults(grpc, [{ state: 'aborted', round: 0, reason: 'interrupted' }]),
      exampleResults(tcp),
    ],
  });
}

/** One round with too few publishes for a p99, published by the clients, and a publisher that was late for one row. */
export function quickLookReport(): Report {
  const workload = { ...EXAMPLE_SCENARIO.workload, publish: 'clients' as const, ratePerSecond: 40 };
  const scenario = { ...EXAMPLE_SCENARIO, rounds: 1, workload };
  const late = exampleRun(webSocket, 0, scenario);
  return exampleReport({
    scenario,
    rows: [
      exampleResults(sse, exampleRuns(sse, scenario)),
      exampleResults(webSocket, [
        { ...late, generator: { ...late.generator, scheduleLagUs: { p50: 240, p99: 900, max: 2_000 } } },
      ]),
    ],
  });
}

/** Rounds enough for intervals. */
export function sixRoundsReport(): Report {
  const scenario = { ...EXAMPLE_SCENARIO, rounds: 6 };
  return exampleReport({
    scenario,
    rows: [sse, webSocket, tcp].map((row) => exampleResults(row, exampleRuns(row, scenario))),
  });
}
