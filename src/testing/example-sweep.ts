import type { SweepReport } from '../report/sweep/schema.js';
import { buildSweepReport } from '../report/sweep/sweep.js';
import type { Row } from '../scenario/scenario.js';
import { parseVary } from '../scenario/vary.js';
import { EXAMPLE_ROWS, EXAMPLE_SCENARIO, exampleReport } from './example-report.js';
import { PULL, PUSH } from './measurement.js';
import { sweepRun } from './sweep-runs.js';

const WEB: Row = { ...PUSH, profile: { ...PUSH.profile, group: 'web' } };
const ROWS: readonly Row[] = [
  { ...PULL, label: 'Short polling' },
  { ...WEB, label: 'SSE' },
  { ...WEB, label: 'WebSocket deflate=true' },
  { ...PUSH, label: 'TCP' },
];
const EXAMPLES = [EXAMPLE_ROWS.shortPolling, EXAMPLE_ROWS.sse, EXAMPLE_ROWS.webSocket, EXAMPLE_ROWS.tcp];
/** By messages a second; every other value is 3 % off. */
const COSTS = [
  (rate: number) => ({ cpuUs: 150_000 + 200 * rate, bytes: 60_000 + 25_000 * rate }),
  (rate: number) => ({ cpuUs: 9_000 + 1_400 * rate, bytes: 22_700 * rate }),
  (rate: number) => ({ cpuUs: 12_000 + 5_200 * rate, bytes: 14_000 * rate }),
  (rate: number) => ({ cpuUs: 4_000 + 1_100 * rate, bytes: 21_000 * rate }),
];

/** Over the rate; short polling costs less than the others from some rate on, which runs there confirm for one. */
export function exampleSweep(): SweepReport {
  const { environment, tool } = exampleReport();
  const vary = parseVary('rate=10..320', 6);
  const runs = vary.values.flatMap((rate, stage) =>
    COSTS.map((cost, row) => {
      const { cpuUs, bytes } = cost(rate);
      return sweepRun(
        row,
        rate,
        { cpuUs: cpuUs * (1 + 0.03 * ((stage + row) % 2)), bytes },
        { stage, example: EXAMPLES[row] },
      );
    }),
  );
  const at = (row: number, value: number, cpuUs: number, stage: number) =>
    sweepRun(row, value, { cpuUs, bytes: 1 }, { stage, use: 'confirm', example: EXAMPLES[row] });
  return buildSweepReport({
    tool,
    startedAt: new Date('2026-11-24T12:00:00Z'),
    durationMs: 90_000,
    command: 'rtbench sweep --vary rate=10..320 --steps 6',
    scenario: EXAMPLE_SCENARIO,
    environment,
    interrupted: false,
    rows: ROWS,
    vary,
    follows: ROWS.map(() => true),
    planned: 24,
    runs: [...runs, ...[0, 1, 2].flatMap((round) => [at(0, 118, 170_000, 6 + round), at(1, 118, 175_000, 6 + round)])],
  });
}
