import { formatDurationMs } from '../../../units.js';
import { latencyEstimate } from '../../estimate.js';
import type { CompletedRow } from '../../schema.js';
import { completedRuns } from '../../statistics.js';
import { hasPercentiles, toleranceOf } from '../../tolerance.js';
import { between, latencyMs } from '../../wording.js';
import { type GuideColumn, whyNoRow, whyNull } from '../columns.js';
import { claimOfRow, type Feature, type Judgement, judged, marked, missing, notMeasured } from '../feature.js';
import { gradeClaim, gradingByRounds, seriesOfRow } from '../grades.js';

/** What a person takes for immediate: 0.1 s (Miller 1968; Nielsen, Usability Engineering, 1993). */
export const REAL_TIME_MS = 100;

/** A poll's answer takes time too, and a shared machine is late now and then: a tenth of the interval. */
export const INTERVAL_SLACK = 1.1;

const nearRealTime = claimOfRow(
  {
    rule: `p99 of every round is at most ${REAL_TIME_MS} ms`,
    reason: `"near real-time" is what a person takes for immediate: 0.1 s (Miller 1968; Nielsen 1993)`,
  },
  judgeRealTime,
);

function judgeRealTime(row: CompletedRow): Judgement {
  const tolerance = toleranceOf(row, REAL_TIME_MS);
  if (tolerance === 'unknown') return notMeasured(whyNull(row, 'latencyUs.p99'));
  return judged(tolerance === 'within', `${p99Text(row)}, limit ${REAL_TIME_MS} ms`);
}

const GRADING = gradingByRounds({
  grades: { WebSockets: 0, 'Long Polling': 1, SSE: 1 },
  seriesOf: (column) =>
    seriesOfRow(column, (run) => (run.state === 'completed' ? run.latencyUs.p50 : null), 'no round has a p50'),
  spell: (us) => `p50 ${latencyMs(us)} ms`,
  spellOther: (us) => `${latencyMs(us)} ms`,
});

const lowest = gradeClaim('WebSockets', GRADING, { rule: '', reason: '' });

function p99Text(row: CompletedRow): string {
  const p99s = completedRuns(row).flatMap(({ latencyUs }) => latencyUs.p99 ?? []);
  if (p99s.length === 0) return `p99 ${row.latencyUs.p99 === null ? '–' : `${latencyMs(row.latencyUs.p99)} ms`}`;
  return `p99 ${between(latencyMs(Math.min(...p99s)), latencyMs(Math.max(...p99s)))} ms`;
}

function intervalOf({ row }: GuideColumn): number | null {
  const intervalMs = row?.settings.intervalMs;
  return row?.deliveredBy === 'pull' && typeof intervalMs === 'number' ? intervalMs : null;
}

function measured(column: GuideColumn, row: CompletedRow) {
  if (!hasPercentiles(row)) return missing('not measured: a server with a backlog has no percentiles');
  const [p50, p99] = [latencyEstimate(row, 'p50').value, latencyEstimate(row, 'p99').value];
  if (p50 === null) return missing(whyNull(row, 'latencyUs.p50'));
  const figure = (us: number | null) => (us === null ? '–' : latencyMs(us));
  const intervalMs = intervalOf(column);
  return {
    lines: [
      `p50 ${figure(p50)}, p99 ${figure(p99)}, max ${figure(row.latencyUs.max)} ms`,
      ...(intervalMs === null ? [] : [`a poll every ${formatDurationMs(intervalMs)}`]),
    ],
    missing: p99 === null ? [`p99 ${whyNull(row, 'latencyUs.p99')}`] : [],
  };
}

export const latency: Feature = {
  key: 'latency',
  found: (column) =>
    column.row?.state === 'completed'
      ? marked(column.row.verdict, measured(column, column.row))
      : missing(whyNoRow(column)),
  claims: {
    'Short Polling': claimOfRow(
      {
        rule: `p99 of every round is at most ${INTERVAL_SLACK} times the polling interval`,
        reason: 'a message waits for the next poll at the most; the answer itself takes time too, hence a tenth more',
      },
      (row, column) => {
        const intervalMs = intervalOf(column);
        if (intervalMs === null) return notMeasured('the row does not poll at an interval');
        const tolerance = toleranceOf(row, INTERVAL_SLACK * intervalMs);
        if (tolerance === 'unknown') return notMeasured(whyNull(row, 'latencyUs.p99'));
        return judged(tolerance === 'within', `${p99Text(row)}, interval ${formatDurationMs(intervalMs)}`);
      },
    ),
    'Long Polling': nearRealTime,
    SSE: nearRealTime,
    WebSockets: claimOfRow(
      {
        rule: `p99 of every round is at most ${REAL_TIME_MS} ms, and p50 is lower than that of the techniques called "Low"`,
        reason: '"very low" is less than what the table calls "low", beside it',
      },
      (row, column, evidence) => {
        const realTime = judgeRealTime(row);
        return realTime.result === 'holds' ? lowest.judge(column, evidence) : realTime;
      },
    ),
  },
};
