import { formatDurationMs } from '../../../units.js';
import type { CompletedRow, CompletedRun } from '../../schema.js';
import { toleranceOf } from '../../tolerance.js';
import { latencyMs, listed, plainFigure } from '../../wording.js';
import { type Evidence, whyNoRow, whyNull } from '../columns.js';
import { type Claim, claimOfRow, type Feature, judged, marked, missing, notMeasured } from '../feature.js';
import { GUIDE_USE_CASES, type GuideTechnique } from '../guide.js';
import { Orders, type Series } from '../order.js';

/** Shipped scenarios of the kinds that a cell names. */
const SCENARIOS: Readonly<Record<GuideTechnique, readonly string[]>> = {
  'Short Polling': ['dashboard-refresh'],
  'Long Polling': ['chat', 'notification-feed'],
  SSE: ['live-sports-scores', 'notification-feed', 'log-streaming'],
  WebSockets: ['chat', 'multiplayer-game', 'collaborative-editing', 'stock-ticker'],
};

const cpu = ({ server }: CompletedRun) => server.cpuUsPerMessage;
const bytes = ({ bytes: { perMessage } }: CompletedRun) =>
  perMessage.up === null || perMessage.down === null ? null : perMessage.up + perMessage.down;

function series(row: CompletedRow, figure: (run: CompletedRun) => number | null): Series {
  return new Map(
    row.rounds.flatMap((run): [number, number][] => {
      const value = run.state === 'completed' ? figure(run) : null;
      return value === null ? [] : [[run.round, value]];
    }),
  );
}

/** The techniques within the tolerated delay that take both less CPU and fewer bytes than this one. */
function cheaper(own: CompletedRow, { report, columns }: Evidence): string[] {
  const within = columns.flatMap(({ technique, title, sound }) =>
    technique !== null && sound !== null && toleranceOf(sound, report.scenario.toleratesMs) === 'within'
      ? [{ title, sound }]
      : [],
  );
  const orders = [cpu, bytes].map(
    (figure) => new Orders(new Map(within.map(({ title, sound }) => [title, series(sound, figure)]))),
  );
  const self = within.find(({ sound }) => sound === own)?.title ?? '';
  return within.flatMap(({ title, sound }) =>
    sound !== own && orders.every((order) => order.between(title, self) === 'lower') ? [title] : [],
  );
}

function best(technique: GuideTechnique): Claim {
  const scenarios = SCENARIOS[technique];
  return claimOfRow(
    {
      rule: `in ${scenarios.join(', ')}: p99 of every round is within the tolerated delay, and no other of the four techniques that is within it takes both less server CPU and fewer bytes per delivery`,
      reason:
        'the best choice is fast enough, and nothing else that is fast enough is cheaper in every respect; it is a claim ' +
        'about kinds of use, so that only a scenario of that kind can tell',
    },
    (row, _column, evidence) => {
      const { name, toleratesMs } = evidence.report.scenario;
      if (!scenarios.includes(name)) {
        return notMeasured(`the scenario ${name} is not of this kind: rtbench run ${scenarios[0]} --claims`);
      }
      const tolerance = toleranceOf(row, toleratesMs);
      if (tolerance === 'unknown') return notMeasured(whyNull(row, 'latencyUs.p99'));
      const limit = formatDurationMs(toleratesMs);
      if (tolerance !== 'within') return judged(false, `not within ${limit} in every round of ${name}`);
      const others = cheaper(row, evidence);
      if (others.length > 0)
        return judged(
          false,
          `${listed(others)} ${others.length === 1 ? 'takes' : 'take'} less CPU and fewer bytes in ${name}`,
        );
      return judged(true, `within ${limit} in every round of ${name}, and nothing within it is cheaper in both`);
    },
  );
}

const TOLERANCES = {
  within: 'within the tolerated delay',
  borderline: 'partly within the tolerated delay',
  over: 'too slow for the tolerated delay',
} as const;

export const bestFor: Feature = {
  key: 'best-for',
  found: (column, { report: { scenario } }) => {
    const { row } = column;
    if (row?.state !== 'completed') return missing(whyNoRow(column));
    const useCase = GUIDE_USE_CASES.find((candidate) => candidate.scenario === scenario.name);
    const tolerance = toleranceOf(row, scenario.toleratesMs);
    const limit = formatDurationMs(scenario.toleratesMs);
    const total = (row.bytes.perMessage.up ?? 0) + (row.bytes.perMessage.down ?? 0);
    const [p99, cpuUs] = [row.latencyUs.p99, row.server.cpuUsPerMessage];
    return marked(row.verdict, {
      lines: [
        `in ${useCase ? `"${useCase.name}"` : scenario.title}${tolerance === 'unknown' ? '' : `: ${TOLERANCES[tolerance]} of ${limit}`}`,
        ...(p99 === null || cpuUs === null || row.bytes.perMessage.down === null
          ? []
          : [`p99 ${latencyMs(p99)} ms, ${plainFigure(cpuUs)} µs and ${plainFigure(total)} B a delivery`]),
      ],
      missing: tolerance === 'unknown' ? [`p99 ${whyNull(row, 'latencyUs.p99')}`] : [],
    });
  },
  claims: {
    'Short Polling': best('Short Polling'),
    'Long Polling': best('Long Polling'),
    SSE: best('SSE'),
    WebSockets: best('WebSockets'),
  },
};
