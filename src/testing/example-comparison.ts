import type { Report } from '../report/schema.js';
import {
  EXAMPLE_ROWS,
  EXAMPLE_SCENARIO,
  type ExampleRow,
  exampleReport,
  exampleResults,
  exampleRuns,
} from './example-report.js';

/** What of a row is other than in the example: factors, and bytes that are added. */
export interface Changes {
  readonly latency?: number;
  readonly cpu?: number;
  readonly bytesDown?: number;
}

/** A result of so many rounds with changed rows. */
export function changedReport(
  changes: Partial<Record<keyof typeof EXAMPLE_ROWS, Changes>> = {},
  rounds = 6,
  rows = Object.keys(EXAMPLE_ROWS) as (keyof typeof EXAMPLE_ROWS)[],
): Report {
  const scenario = { ...EXAMPLE_SCENARIO, rounds };
  return exampleReport({
    scenario,
    rows: rows.map((name) => {
      const row = changed(EXAMPLE_ROWS[name], changes[name] ?? {});
      return exampleResults(row, exampleRuns(row, scenario));
    }),
  });
}

function changed(example: ExampleRow, { latency = 1, cpu = 1, bytesDown = 0 }: Changes): ExampleRow {
  return {
    ...example,
    latencyUs: (quantile, slowness) => latency * example.latencyUs(quantile, slowness),
    cpuUs: cpu * example.cpuUs,
    bytes: { ...example.bytes, down: example.bytes.down + bytesDown },
  };
}
