import type { CompletedRun, RunResult } from '../report/schema.js';
import { latencyMs, plainFigure } from '../report/wording.js';
import { NO_FIGURE } from './columns.js';
import { orDash } from './detail-figures.js';

/** A column of the table of rounds. */
export interface RoundColumn {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  /** Whether a narrow terminal can do without it. */
  readonly optional: boolean;
  readonly value: (run: RunResult) => string;
}

/** The technique's name comes first and is not a figure of the round. */
export const ROUND_COLUMNS: readonly RoundColumn[] = [
  { title: 'technique', width: 0, align: 'left', optional: false, value: () => '' },
  { title: 'round', width: 5, align: 'right', optional: false, value: (run) => String(run.round + 1) },
  roundColumn('p50 ms', false, (run) => run.latencyUs.p50, latencyMs),
  roundColumn('p99 ms', false, (run) => run.latencyUs.p99, latencyMs),
  roundColumn('bytes ↓', true, (run) => run.bytes.perMessage.down, plainFigure),
  roundColumn('bytes ↑', true, (run) => run.bytes.perMessage.up, plainFigure),
  roundColumn('CPU µs', true, (run) => run.server.cpuUsPerMessage, plainFigure),
  {
    title: 'verdict',
    width: 9,
    align: 'left',
    optional: false,
    value: (run) => (run.state === 'completed' ? run.verdict : run.state),
  },
];

function roundColumn(
  title: string,
  optional: boolean,
  value: (run: CompletedRun) => number | null,
  format: (value: number) => string,
): RoundColumn {
  return {
    title,
    width: 7,
    align: 'right',
    optional,
    value: (run) => (run.state === 'completed' ? orDash(value(run), format) : NO_FIGURE),
  };
}
