import { reportRow } from '../report/rows.js';
import type { CompletedRow, Report, Verdict } from '../report/schema.js';
import { spreadOf } from '../report/statistics.js';
import { EXAMPLE_SCENARIO, type ExampleRow, exampleReport, exampleRun } from './example-report.js';

/** What the rounds of a row measured, one figure a round; a single figure is that of every round. */
export interface Figures {
  readonly p99Ms: number | readonly (number | null)[];
  readonly cpuUs: number | null | readonly (number | null)[];
  /** Server to client; nothing goes the other way. */
  readonly bytes: number | readonly number[];
  /** Default: 3. */
  readonly rounds?: number;
  readonly verdict?: Verdict;
}

const wholes = new Map<ExampleRow, CompletedRow>();

/** A row of the example with other figures in its rounds, and in what is shown of them; its histograms stay. */
export function measuredRow(example: ExampleRow, figures: Figures): CompletedRow {
  const { rounds = 3, verdict = 'valid' } = figures;
  const whole = wholes.get(example) ?? wholeRow(example);
  wholes.set(example, whole);
  const p99s = each(figures.p99Ms, rounds).map((ms) => (ms === null ? null : ms * 1_000));
  const cpus = each(figures.cpuUs, rounds);
  const bytes = each(figures.bytes, rounds);
  const run = exampleRun(example, 0);
  return {
    ...whole,
    verdict,
    latencyUs: { ...whole.latencyUs, p99: spreadOf(p99s).median },
    server: { ...whole.server, cpuUsPerMessage: spreadOf(cpus).median },
    bytes: { ...whole.bytes, perMessage: { up: 0, down: spreadOf(bytes).median } },
    spread: {
      ...whole.spread,
      latencyUs: { ...whole.spread.latencyUs, p99: spreadOf(p99s) },
      bytesPerMessage: { up: spreadOf([0]), down: spreadOf(bytes) },
      serverCpuUsPerMessage: spreadOf(cpus),
    },
    rounds: Array.from({ length: rounds }, (_, round) => ({
      ...run,
      round,
      verdict,
      latencyUs: { ...run.latencyUs, p99: p99s[round] ?? null },
      server: { ...run.server, cpuUsPerMessage: cpus[round] ?? null },
      bytes: { ...run.bytes, perMessage: { up: 0, down: bytes[round] ?? 0 } },
    })),
  };
}

let example: Report | undefined;

/** The example's report with these rows, for a user who tolerates so much. */
export function measuredReport(transports: Report['transports'], toleratesMs = EXAMPLE_SCENARIO.toleratesMs): Report {
  example ??= exampleReport({ rows: [] });
  return { ...example, scenario: { ...example.scenario, toleratesMs }, transports };
}

function wholeRow(row: ExampleRow): CompletedRow {
  const whole = reportRow(row.row, [exampleRun(row, 0)], 1);
  if (whole.state !== 'completed') throw new Error(`the row is ${whole.state}`);
  return whole;
}

function each<Figure extends number | null>(figures: Figure | readonly Figure[], rounds: number): readonly Figure[] {
  return Array.isArray(figures) ? figures : Array.from({ length: rounds }, () => figures as Figure);
}
