import { GUIDE_USE_CASES } from '../report/guide/guide.js';
import { buildMatrix, type MatrixPart } from '../report/matrix/matrix.js';
import type { MatrixReport } from '../report/matrix/schema.js';
import type { ReportRow } from '../report/schema.js';
import type { Scenario } from '../scenario/scenario.js';
import { EXAMPLE_ROWS, EXAMPLE_SCENARIO } from './example-report.js';
import { type Figures, measuredReport, measuredRow } from './measured-rows.js';

/** One use case with its rows, for a user who tolerates 200 ms; `null` instead of rows: it was not begun. */
export function examplePart(
  useCase: string,
  transports: readonly ReportRow[] | null,
  changes: Partial<Scenario> = {},
): MatrixPart {
  const found = GUIDE_USE_CASES.find(({ scenario: name }) => name === useCase);
  if (!found) throw new Error(`the guide has no use case ${useCase}`);
  return {
    useCase: found,
    scenario: { ...EXAMPLE_SCENARIO, name: useCase, title: found.name, ...changes },
    report: transports && measuredReport([...transports]),
    result: `${useCase}/result.json`,
  };
}

export function exampleMatrix(parts: readonly MatrixPart[], interrupted = false): MatrixReport {
  const { tool, environment } = measuredReport([]);
  return buildMatrix({
    tool,
    startedAt: new Date('2026-01-15T10:30:00.000Z'),
    durationMs: 700_000,
    command: 'rtbench run --all',
    environment,
    interrupted,
    parts,
  });
}

const USUAL = {
  shortPolling: { p99Ms: 497, cpuUs: 4.85, bytes: 321 },
  longPolling: { p99Ms: 5.67, cpuUs: 58.4, bytes: 633 },
  sse: { p99Ms: 1.88, cpuUs: 13.1, bytes: 226 },
  webSocket: { p99Ms: 1.81, cpuUs: 12.6, bytes: 204 },
  grpc: { p99Ms: 2.4, cpuUs: 27.3, bytes: 216 },
} as const satisfies Record<string, Figures>;

/** An example row as it usually is, or with other figures. */
export function usualRow(name: keyof typeof USUAL, changes: Partial<Figures> = {}): ReportRow {
  return measuredRow(EXAMPLE_ROWS[name], { ...USUAL[name], ...changes });
}

function fourRows(changes: Partial<Record<keyof typeof USUAL, Partial<Figures>>> = {}): ReportRow[] {
  return (['shortPolling', 'longPolling', 'sse', 'webSocket'] as const).map((name) => usualRow(name, changes[name]));
}

/** Every kind of agreement, a scaled use case, one that was not begun. */
export function fullMatrix(): MatrixReport {
  return exampleMatrix([
    examplePart('live-sports-scores', fourRows({ webSocket: { bytes: 226 } })),
    examplePart('chat', fourRows({ sse: { cpuUs: 7 } })),
    examplePart('dashboard-refresh', fourRows(), { scale: 60 }),
    examplePart('log-streaming', fourRows({ sse: { rounds: 1 }, webSocket: { rounds: 1 } })),
    examplePart('iot-commands', null),
  ]);
}
