import type { Scenario } from '../../scenario/scenario.js';
import { choiceOf } from '../choice.js';
import { bytesBothWays, serverCpu } from '../delivery-cost.js';
import { latencyEstimate } from '../estimate.js';
import { GUIDE_TECHNIQUES, type GuideUseCase } from '../guide/guide.js';
import { type NotMeasured, reasonFor } from '../not-measured.js';
import type { CompletedRow, Environment, Report, ReportRow } from '../schema.js';
import { completedRuns, spreadOf } from '../statistics.js';
import { isRanked, toleranceOf } from '../tolerance.js';
import { agreementWith, cheapestOf } from './agreement.js';
import { MATRIX_SCHEMA_VERSION, type MatrixCell, type MatrixReport, type MatrixScenario } from './schema.js';

export interface MatrixPart {
  readonly useCase: GuideUseCase;
  readonly scenario: Scenario;
  /** `null`: not begun. */
  readonly report: Report | null;
  /** Where its result.json is, from the folder of the matrix. */
  readonly result: string;
}

export interface MatrixParts {
  readonly tool: MatrixReport['tool'];
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly command: string;
  readonly environment: Environment;
  readonly interrupted: boolean;
  /** In the order of the guide. */
  readonly parts: readonly MatrixPart[];
}

/** What a set of scenarios says together, from the report of each. */
export function buildMatrix({ tool, startedAt, parts, ...rest }: MatrixParts): MatrixReport {
  return {
    schemaVersion: MATRIX_SCHEMA_VERSION,
    kind: 'matrix',
    tool: { ...tool },
    startedAt: startedAt.toISOString(),
    ...rest,
    rule: CHEAPEST_RULE,
    scenarios: parts.map(scenarioOf),
  };
}

/** The rule of `choiceOf` in words, for who reads the matrix. */
const CHEAPEST_RULE =
  'Cheapest, of what is within the tolerated delay in every round and a browser reaches, is what takes the least server CPU per ' +
  'delivery; of rows that the rounds do not tell apart in that (more than 10 % in each of at least 3 rounds, or from 6 ' +
  'rounds on a signed-rank test), what moves the fewest bytes per delivery, both directions; rows within 1 % of that ' +
  'are tied.';

/** The guide speaks of what browsers have. */
const WEB = { accepts: ({ group }: ReportRow) => group === 'web' };

function scenarioOf({ useCase, scenario, report, result }: MatrixPart): MatrixScenario {
  const rows = report?.transports ?? [];
  const { toleratesMs } = scenario;
  const recommended = transportsOf(useCase);
  const choice = choiceOf({ scenario: { ...scenario, workload: { ...scenario.workload } }, transports: rows }, WEB);
  return {
    scenario: { ...scenario, workload: { ...scenario.workload } },
    guide: { name: useCase.name, recommends: [...useCase.recommends], transports: recommended, why: useCase.why },
    state: report === null ? 'notMeasured' : report.interrupted ? 'partly' : 'measured',
    result: report === null ? null : result,
    verdict: report?.verdict ?? null,
    cells: rows.map((row) => cellOf(row, toleratesMs)),
    cheapest: cheapestOf(choice),
    agreement:
      report === null
        ? { kind: 'undecided', cheaper: null, misses: [], reason: 'not measured' }
        : agreementWith(rows, recommended, choice),
  };
}

function transportsOf({ recommends }: GuideUseCase): string[] {
  return GUIDE_TECHNIQUES.filter(({ technique }) => recommends.includes(technique)).map(({ transport }) => transport);
}

function cellOf(row: ReportRow, toleratesMs: number): MatrixCell {
  const { transport, label, group, deliveredBy, inProcess, settings, state, verdict, reasons } = row;
  const identity = { transport, label, group, deliveredBy, inProcess, settings };
  const judged = { ...identity, state, verdict, reasons, rounds: completedRuns(row).length };
  if (row.state !== 'completed') {
    const why = reasons[0] ?? 'no round ran to its end';
    return { ...judged, tolerance: 'unknown', ...NO_FIGURES, notMeasured: everyFigure(why) };
  }
  const p99 = latencyEstimate(row, 'p99');
  const figures = {
    p99Us: { value: p99.value, low: p99.bounds?.low ?? null, high: p99.bounds?.high ?? null },
    serverCpuUsPerDelivery: spreadOf(completedRuns(row).map(serverCpu)).median,
    bytesPerDelivery: spreadOf(completedRuns(row).map(bytesBothWays)).median,
  };
  return {
    ...judged,
    tolerance: isRanked(row) ? toleranceOf(row, toleratesMs) : 'unknown',
    ...figures,
    notMeasured: reasonsOf(row, figures),
  };
}

const NO_FIGURES = {
  p99Us: { value: null, low: null, high: null },
  serverCpuUsPerDelivery: null,
  bytesPerDelivery: null,
};

function everyFigure(reason: string): NotMeasured {
  return Object.fromEntries(Object.keys(NO_FIGURES).map((path) => [path, reason]));
}

/** Where each figure is in a row of a report. */
const PATHS = {
  p99Us: 'latencyUs.p99',
  serverCpuUsPerDelivery: 'server.cpuUsPerMessage',
  bytesPerDelivery: 'bytes.perMessage',
} as const;

function reasonsOf({ notMeasured }: CompletedRow, figures: Pick<MatrixCell, keyof typeof PATHS>): NotMeasured {
  const reasons: NotMeasured = {};
  const because = (path: keyof typeof PATHS) => reasonFor(notMeasured, PATHS[path]) ?? 'not measured';
  if (figures.p99Us.value === null) reasons.p99Us = because('p99Us');
  else if (figures.p99Us.low === null) {
    reasons['p99Us.low'] = 'no round has a p99 of its own: that of all of them together is shown';
    reasons['p99Us.high'] = reasons['p99Us.low'];
  }
  if (figures.serverCpuUsPerDelivery === null) reasons.serverCpuUsPerDelivery = because('serverCpuUsPerDelivery');
  if (figures.bytesPerDelivery === null) reasons.bytesPerDelivery = because('bytesPerDelivery');
  return reasons;
}
