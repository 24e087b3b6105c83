import type { SweepRun } from '../report/sweep/runs.js';
import { EXAMPLE_ROWS, type ExampleRow, exampleRun } from './example-report.js';

/** A sound run whose server took so much a second. */
export function sweepRun(
  row: number,
  value: number,
  { cpuUs, bytes }: { readonly cpuUs: number; readonly bytes: number },
  changes: Partial<SweepRun> & { readonly example?: ExampleRow | undefined } = {},
): SweepRun {
  const { example = EXAMPLE_ROWS.webSocket, ...others } = changes;
  return {
    row,
    value,
    use: 'sweep',
    stage: 0,
    clients: 100,
    warmupMs: 500,
    durationMs: 2_500,
    result: exampleRun(example, 0),
    load: {
      clients: 100,
      publishesPerSecond: 120,
      deliveriesPerSecond: 12_000,
      pollsPerSecond: 0,
      bytesPerSecond: bytes,
      cpuUsPerSecond: cpuUs,
      machineBusyUsPerSecond: 3 * cpuUs,
      serverGrownBytes: 400_000 + 100 * value,
    },
    ...others,
  };
}
