import { formatDurationMs } from '../../units.js';
import { counted, latencyMs, listed, plainFigure } from '../wording.js';
import type { MatrixCell, MatrixReport, MatrixScenario } from './schema.js';

export const MATRIX_TITLE = "The guide's use cases, measured";

type Kind = MatrixScenario['agreement']['kind'];

const COSTS = { serverCpu: 'server CPU per delivery', bytes: 'bytes per delivery' } as const;

/** A few words on how the guide's choice does. */
export const AGREEMENT_WORDS: Readonly<Record<Kind, string>> = {
  agrees: 'agrees',
  cheaper: 'another is cheaper',
  misses: 'misses the delay',
  undecided: 'undecided',
};

/** How often the guide is right, in one sentence. */
export function matrixVerdict({ scenarios, interrupted }: MatrixReport): string {
  const times = (kind: Kind) => scenarios.filter(({ agreement }) => agreement.kind === kind).length;
  const parts = [
    [times('agrees'), "the guide's choice is within the tolerated delay and among the cheapest"],
    [times('cheaper'), 'something else is cheaper'],
    [times('misses'), "the guide's choice misses the tolerated delay"],
    [times('undecided'), 'it cannot be decided'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `in ${count} ${what}`);
  const all = `Of ${counted(scenarios.length, 'use case')}: ${listed(said)}.`;
  return interrupted ? `${all} Interrupted: not everything was measured.` : all;
}

/** What each scenario says of the guide, a sentence or two each. */
export function matrixStatements({ scenarios }: MatrixReport): string[] {
  return scenarios.map((one) => `${one.guide.name}: the guide says ${choicesOf(one)}${judgement(one)}`);
}

export function choicesOf({ guide }: MatrixScenario): string {
  return guide.recommends.join(' or ');
}

/** The tolerated delay, and how many times as fast as in life it is. */
export function tolerated({ scenario: { toleratesMs, scale } }: MatrixScenario): string {
  return `within ${formatDurationMs(toleratesMs)}${scale === 1 ? '' : `, scaled ${plainFigure(scale)}×`}`;
}

function judgement(one: MatrixScenario): string {
  const { agreement, scenario } = one;
  const delay = formatDurationMs(scenario.toleratesMs);
  switch (agreement.kind) {
    case 'agrees':
      return `, and that agrees: ${cheapestInWords(one)}.${alsoMisses(one, delay)}`;
    case 'cheaper': {
      const { cheaper } = agreement;
      if (cheaper === null) return '.';
      const by = `${plainFigure(cheaper.ratio)}× (${COSTS[cheaper.by]})`;
      return `; another is cheaper: ${cheaper.label} than ${cheaper.than}, by ${by}.${alsoMisses(one, delay)}`;
    }
    case 'misses':
      return `, which misses the tolerated delay of ${delay}: ${missesInWords(one)}. Within it, ${cheapestInWords(one)}.`;
    case 'undecided':
      return `. Undecided: ${agreement.reason}.${alsoMisses(one, delay)}`;
  }
}

function cheapestInWords({ cheapest, scenario }: MatrixScenario): string {
  if (cheapest === null) return 'nothing can be called cheapest';
  if (cheapest.by === 'alone') {
    return `nothing but ${listed(cheapest.labels)} stays within ${formatDurationMs(scenario.toleratesMs)}`;
  }
  const [only, ...others] = cheapest.labels;
  if (others.length === 0 && cheapest.by !== 'tie') return `${only} is cheapest (${COSTS[cheapest.by]})`;
  return `${listed(cheapest.labels)} are cheapest, and not told apart`;
}

/** A choice of the guide that is not good enough beside one that is. */
function alsoMisses(one: MatrixScenario, delay: string): string {
  return one.agreement.misses.length === 0 ? '' : ` Not within ${delay}: ${missesInWords(one)}.`;
}

function missesInWords({ agreement, cells }: MatrixScenario): string {
  return listed(
    agreement.misses.map((label) => {
      const value = cells.find((cell) => cell.label === label)?.p99Us.value ?? null;
      return value === null ? label : `${label} (p99 ${latencyMs(value)} ms)`;
    }),
  );
}

/** Why single rows are not sound. */
export function matrixNotes({ scenarios }: MatrixReport): string[] {
  return scenarios.flatMap(({ guide, cells }) =>
    cells
      .filter(({ reasons }) => reasons.length > 0)
      .map(({ label, state, verdict, reasons }) => {
        return `${guide.name}, ${label} (${state === 'completed' ? verdict : state}): ${reasons.join('; ')}`;
      }),
  );
}

export function matrixLegend({ rule, scenarios, environment }: MatrixReport): string[] {
  const intervals = scenarios.flatMap(({ guide, cells }) =>
    cells.flatMap((cell) => {
      const intervalMs = pollIntervalMs(cell);
      return intervalMs === null ? [] : [`${formatDurationMs(intervalMs)} in ${guide.name}`];
    }),
  );
  const scaled = scenarios.filter(({ scenario }) => scenario.scale !== 1);
  return [
    'In each cell: whether p99 is within the tolerated delay, and p99 in ms; server CPU per delivery; bytes per delivery, both directions.',
    rule,
    ...(intervals.length === 0 ? [] : [`From one poll to the next: ${listed(intervals)}.`]),
    ...(scaled.length === 0
      ? []
      : [
          `Scaled: ${listed(scaled.map(({ guide, scenario }) => `${guide.name} ${plainFigure(scenario.scale)}×`))}: workload, polls and tolerated delay are so many times as fast as in life; network and CPU are not, and nor is what a delivery costs.`,
        ]),
    `Loopback has no distance, and CPU holds for these libraries on Node ${environment.node} at the load of each scenario. Every scenario has its own result.json.`,
  ];
}

function pollIntervalMs({ deliveredBy, settings }: MatrixCell): number | null {
  const { intervalMs } = settings;
  return deliveredBy === 'pull' && typeof intervalMs === 'number' ? intervalMs : null;
}
