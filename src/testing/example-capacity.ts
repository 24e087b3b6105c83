import { buildCapacityReport, type CapacitySearch, type CapacityTrial } from '../report/capacity/capacity.js';
import type { CapacityReport } from '../report/capacity/schema.js';
import type { CompletedRun } from '../report/schema.js';
import { makeCapacityPlan } from '../scenario/capacity-plan.js';
import { EXAMPLE_ROWS, EXAMPLE_SCENARIO, exampleReport, exampleRun } from './example-report.js';
import { PULL, PUSH } from './measurement.js';

const WEB = { ...PUSH, profile: { ...PUSH.profile, group: 'web' as const } };
const PLAN = makeCapacityPlan(
  EXAMPLE_SCENARIO,
  [
    { ...PULL, label: 'Short polling' },
    { ...WEB, label: 'SSE' },
    { ...WEB, label: 'WebSocket' },
    { ...WEB, label: 'gRPC streaming' },
  ],
  { find: 'clients', objective: { p99Ms: 200 }, within: 0.1, budgetMs: 1_200_000 },
  { descriptors: 20_000, platform: 'linux' },
  null,
);
const RUN = exampleRun(EXAMPLE_ROWS.sse, 0);

function trial(level: number, changes: Partial<CompletedRun> | number, kind: CapacityTrial['kind'] = 'trial') {
  const given = typeof changes === 'number' ? { latencyUs: { ...RUN.latencyUs, p99: 1_000 * changes } } : changes;
  return { level, kind, durationMs: 2_500, result: { ...RUN, ...given } };
}

const twice = (level: number, changes: Partial<CompletedRun> | number) => [
  trial(level, changes),
  trial(level, changes),
];
const busy: Partial<CompletedRun> = {
  verdict: 'invalid',
  fault: 'instrument',
  reasons: ['crowd 1 was busy 97 % of the time: use more --workers'],
};

const SEARCHES: readonly CapacitySearch[] = [
  { ended: 'none', trials: [100, 50, 25, 12, 6, 3, 2, 1].flatMap((level) => twice(level, 480 + level / 10)) },
  {
    ended: 'found',
    trials: [
      ...twice(100, 5),
      ...twice(200, 14),
      ...twice(400, 60),
      ...twice(800, 900),
      ...twice(566, 240),
      ...twice(476, 110),
      ...twice(519, 150),
      trial(519, 165, 'confirm'),
    ],
  },
  {
    ended: 'found',
    trials: [
      ...twice(100, 4),
      ...twice(200, 11),
      ...twice(400, 41),
      ...twice(800, busy),
      ...twice(566, 90),
      ...twice(673, busy),
      ...twice(617, 120),
      trial(617, 130, 'confirm'),
    ],
  },
  { ended: 'budget', trials: [...twice(100, 8), ...twice(200, 30), ...twice(400, 300)] },
];

/** One that no level passes, one that gives out by itself, one whose generator does, one whose budget ends. */
export function exampleCapacity(): CapacityReport {
  const { environment, tool } = exampleReport();
  return buildCapacityReport({
    tool,
    environment,
    startedAt: new Date('2026-11-24T12:00:00Z'),
    durationMs: 900_000,
    command: 'rtbench capacity',
    interrupted: false,
    plan: PLAN,
    searches: SEARCHES,
  });
}
