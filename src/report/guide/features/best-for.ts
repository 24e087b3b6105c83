import { formatDurationMs } from '../../../units.js';
import { type Choice, cheaperInBoth, choiceOf } from '../../choice.js';
import type { CompletedRow } from '../../schema.js';
import { MIN_PAIRS } from '../../statistics.js';
import { toleranceOf } from '../../tolerance.js';
import { latencyMs, listed, plainFigure } from '../../wording.js';
import { type Evidence, whyNoRow, whyNull } from '../columns.js';
import {
  type Claim,
  claimOfRow,
  type Feature,
  type Judgement,
  judged,
  marked,
  missing,
  notMeasured,
} from '../feature.js';
import { GUIDE_USE_CASES, type GuideTechnique } from '../guide.js';

/** Shipped scenarios of the kinds that a cell names. */
const SCENARIOS: Readonly<Record<GuideTechnique, readonly string[]>> = {
  'Short Polling': ['dashboard-refresh'],
  'Long Polling': ['chat', 'notification-feed'],
  SSE: ['live-sports-scores', 'notification-feed', 'log-streaming'],
  WebSockets: ['chat', 'multiplayer-game', 'collaborative-editing', 'stock-ticker'],
};

/** Rounds that another technique in time shares with this one, the fewest; infinite where there is no other. */
function fewestPairs({ comparisons }: Choice, own: CompletedRow): number {
  return Math.min(...comparisons.filter(({ a, b }) => a === own || b === own).map(({ pairs }) => pairs));
}

function judgeIn(own: CompletedRow, { report, columns }: Evidence): Judgement {
  const { name, toleratesMs } = report.scenario;
  const tolerance = toleranceOf(own, toleratesMs);
  if (tolerance === 'unknown') return notMeasured(whyNull(own, 'latencyUs.p99'));
  const limit = formatDurationMs(toleratesMs);
  if (tolerance !== 'within') return judged(false, `not within ${limit} in every round of ${name}`);
  const titles = new Map(columns.flatMap(({ technique, title, row }) => (technique && row ? [[row, title]] : [])));
  const choice = choiceOf(report, { accepts: (row) => titles.has(row) });
  const without = choice.unplaced.find(({ row }) => row === own);
  if (without) return notMeasured(without.reason);
  const pairs = fewestPairs(choice, own);
  if (pairs < MIN_PAIRS) {
    return notMeasured(
      `which is cheaper takes ${MIN_PAIRS} rounds to say, there ${pairs === 1 ? 'was' : 'were'} ${pairs}`,
    );
  }
  const others = cheaperInBoth(choice, own).map((row) => titles.get(row) ?? row.label);
  if (others.length === 0) {
    return judged(true, `within ${limit} in every round of ${name}, and nothing within it is cheaper in both`);
  }
  const take = others.length === 1 ? 'takes' : 'take';
  return judged(false, `${listed(others)} ${take} less CPU and fewer bytes in ${name}`);
}

function best(technique: GuideTechnique): Claim {
  const scenarios = SCENARIOS[technique];
  return claimOfRow(
    {
      rule: `in ${scenarios.join(', ')}: p99 of every round is within the tolerated delay, and no other of the four techniques that is within it takes both less server CPU and fewer bytes per delivery`,
      reason:
        'the best choice is fast enough, and nothing else that is fast enough is cheaper in every respect; who is in time ' +
        'and what is cheaper is told as for the choice of a transport (docs/advise.md), whose first place always meets it. ' +
        'It is a claim about kinds of use, so that only a scenario of that kind can tell',
    },
    (row, _column, evidence) => {
      const { name } = evidence.report.scenario;
      return scenarios.includes(name)
        ? judgeIn(row, evidence)
        : notMeasured(`the scenario ${name} is not of this kind: rtbench run ${scenarios[0]} --claims`);
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
