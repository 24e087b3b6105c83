import { type OperatingPoint, spellPoint } from '../scenario/cost-plan.js';
import type { Row, Scenario, Workload } from '../scenario/scenario.js';
import { type CostObservation, type CostTerm, separable } from './cost-model.js';

/**
 * Why these points cannot tell costs apart that the workload lets one tell apart; empty where they can. Each problem
 * says what to do.
 */
export function designProblems(
  points: readonly OperatingPoint[],
  { rounds, workload }: Pick<Scenario, 'rounds' | 'workload'>,
  rows: readonly Pick<Row, 'profile'>[],
): string[] {
  const wanted = separable(IDEAL.map((point) => expectedAt(point, workload))).kept;
  const { kept } = separable(points.map((point) => expectedAt(point, workload)));
  const missing = wanted.filter((term) => !kept.includes(term));
  if (missing.length > 0) {
    return [
      `--points: ${points.length} point(s) cannot tell ${listOfCosts(missing)} from the other costs: vary clients at ` +
        'equal rates and rates at equal clients, as in 25x50,25x200,100x50,100x200',
    ];
  }
  const costs = wanted.length + (rows.some(({ profile }) => profile.delivery === 'pull') ? 1 : 0);
  if (points.length * rounds <= costs) {
    return [
      `--points: ${points.length * rounds} measurements give ${costs} costs without any error to them: add a point, ` +
        'or repeat them with --rounds 2',
    ];
  }
  return [];
}

/** Points that tell apart whatever can be. */
const IDEAL: readonly OperatingPoint[] = [1, 2, 4].flatMap((clients) =>
  [1, 2, 4].map((rate) => ({ clients: 1_000 * clients, ratePerSecond: rate })),
);

const NOUNS: Readonly<Record<CostTerm, string>> = {
  client: 'the cost of a client',
  publish: 'that of a publish',
  delivery: 'that of a delivery',
  poll: 'that of a poll',
};

function listOfCosts(terms: readonly CostTerm[]): string {
  return terms.map((term) => NOUNS[term]).join(' and ');
}

/** Polls depend on the transport, and are known once measured. */
function expectedAt(point: OperatingPoint, { channels }: Workload): CostObservation {
  const { clients, ratePerSecond } = point;
  const delivery = ratePerSecond * (channels === 'private' ? 1 : clients / channels);
  return {
    point: spellPoint(point),
    amounts: { client: clients, publish: ratePerSecond, delivery, poll: 0 },
    // Of the size that WebSocket and SSE were measured at: only for how much each point weighs.
    cpuUsPerSecond: 20 * clients + 150 * ratePerSecond + 10 * delivery,
  };
}
