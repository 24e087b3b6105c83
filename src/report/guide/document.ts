import { MIN_ROUNDS_FOR_INTERVAL } from '../statistics.js';
import { listed } from '../wording.js';
import type { Feature } from './feature.js';
import { FEATURES } from './features/index.js';
import { GUIDE_FEATURES, GUIDE_TECHNIQUES, type GuideTechnique } from './guide.js';
import { MIN_ROUNDS } from './order.js';

/** `docs/claims.md`: every claim with its rule and reason, from the data that judges. */
export function claimsDocument(): string {
  return [...HEAD, ...FEATURES.flatMap(section)].join('\n');
}

function section({ key, claims }: Feature): string[] {
  const said = GUIDE_FEATURES.find((feature) => feature.key === key);
  if (said === undefined) return [];
  const techniques = GUIDE_TECHNIQUES.map(({ technique }) => technique);
  const reasons = new Map<string, GuideTechnique[]>();
  for (const technique of techniques) {
    const { reason } = claims[technique];
    reasons.set(reason, [...(reasons.get(reason) ?? []), technique]);
  }
  return [
    `## ${said.name}`,
    '',
    ...techniques.map((technique) => `- **${technique}**, "${said.says[technique]}": ${claims[technique].rule}.`),
    '',
    ...[...reasons].flatMap(([reason, of]) => [
      `Why so${of.length === techniques.length ? '' : ` (${listed(of)})`}: ${reason}.`,
      '',
    ]),
  ];
}

const HEAD = [
  '# What the guide claims, and when it holds',
  '',
  'The guide "WebSockets & Real-Time Communication" has a table of twelve features by four techniques. Each of its 48 cells',
  'is a claim here, with a rule and thresholds; `rtbench run --claims` and `rtbench report FILE --claims` hold a result',
  'against all of them, and `--table guide` prints the table with what was measured in it. This file is made from the rules',
  'that judge (`src/report/guide/features/`), and a test keeps it so.',
  '',
  'A claim **holds**, **does not hold** or was **not measured**, each with the figure or fact that decided. Not measured is',
  'also what a row that failed, was invalid or saturated leaves open.',
  '',
  '**Comparisons.** "Lower" and "higher" are said of the rounds of one report. From ' +
    `${MIN_ROUNDS_FOR_INTERVAL} rounds that two techniques share, by the`,
  "ratios within the rounds (Wilcoxon's signed-rank test, corrected for all pairs of the four, beyond 5 %; or more than 10 % in",
  `every round). From ${MIN_ROUNDS} to ${MIN_ROUNDS_FOR_INTERVAL - 1} rounds, by ranges: lower is what has its highest round below the lowest of the other. With fewer it`,
  'is not said. What is neither lower nor higher is a tie, and where the guide says that one has more than the other, a tie',
  'is not what it says: the claim does not hold.',
  '',
  'Which clients, rate, size and machine a result is of decides most of these. That a claim does not hold in one result says',
  'that much about it, and no more.',
  '',
];
