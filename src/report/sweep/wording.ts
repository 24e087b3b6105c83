import { formatValue, spellValue, type Variable, valueInWords } from '../../scenario/vary.js';
import { formatBytes, formatCount } from '../../units.js';
import { LINEARITY } from '../cost-model.js';
import { counted, listed, plainFigure } from '../wording.js';
import type { Cost } from './curve.js';
import type { SweepCrossing, SweepReport, SweepRow } from './schema.js';

const NOUNS: Readonly<Record<Variable, string>> = {
  clients: 'number of clients',
  rate: 'rate',
  size: 'size of the payload',
  interval: 'time between two polls',
};

/** What is varied, behind "the". */
export function variableNoun({ vary: { variable } }: SweepReport): string {
  return NOUNS[variable];
}

/** What is varied, for an axis. */
export function axisTitle({ vary: { variable } }: SweepReport): string {
  return { clients: 'clients', rate: 'messages a second', size: 'payload', interval: 'time between two polls' }[
    variable
  ];
}

/** How much of what is varied there was. */
export function rangeInWords({ vary: { variable, values } }: SweepReport): string {
  const ends = [values[0] ?? 0, values.at(-1) ?? 0].map((value) => formatValue(variable, value));
  return `${values.length} values of the ${NOUNS[variable]} from ${ends[0]} to ${ends[1]}`;
}

const COST_NAMES: Readonly<Record<Cost, string>> = {
  serverCpu: 'Server CPU',
  bytes: 'Bytes (both directions)',
};

/** What the crossings and the growth let one say; each is about one cost, which is named. */
export function sweepStatements(report: SweepReport): string[] {
  const { crossings, transports } = report;
  const crossed = crossings.filter(({ state }) => state === 'crossing');
  return [
    ...crossed.map((crossing) => crossingInWords(crossing, report)),
    ...(['serverCpu', 'bytes'] as const).flatMap((cost) => orderInWords(cost, report)),
    ...growthInWords(report, transports),
  ];
}

/** Where two rows cost the same, by one cost, and whether runs there bear it out. */
export function crossingInWords(crossing: SweepCrossing, report: SweepReport): string {
  const { variable } = report.vary;
  const { cost, at, low, high, extrapolated, cheaperAtLow, confirmation } = crossing;
  const [a, b] = [labelOf(report, crossing.a), labelOf(report, crossing.b)];
  const [below, above] = cheaperAtLow === 'a' ? [a, b] : [b, a];
  const bounds = boundsInWords(variable, low, high);
  const sentence = `${COST_NAMES[cost]}: below ${valueInWords(variable, at ?? 0)}${bounds} ${below} costs less, above it ${above}`;
  if (extrapolated) return `${sentence}. Extrapolated: that lies beyond what was measured.`;
  if (confirmation === null) return `${sentence}. Derived from the curves, and not confirmed.`;
  const figures = [`${a} ${costInWords(cost, confirmation.a)}`, `${b} ${costInWords(cost, confirmation.b)}`].join(', ');
  const runs = counted(confirmation.runs, 'run');
  return confirmation.confirmed
    ? `${sentence}. Confirmed there by ${runs} of each: ${figures}.`
    : `${sentence}. Not confirmed: ${runs} of each there say ${figures}.`;
}

function boundsInWords(variable: Variable, low: number | null, high: number | null): string {
  if (low === null || high === null) return '';
  const [from, to] = [formatValue(variable, low), formatValue(variable, high)];
  return from === to ? '' : ` (between ${from} and ${to} not told)`;
}

function costInWords(cost: Cost, perSecond: number): string {
  return cost === 'serverCpu'
    ? `${plainFigure(perSecond / 10_000)} % of a core`
    : `${formatBytes(Math.round(perSecond))}/s`;
}

/** Pairs that do not cross: which keep their order over the whole of it, and which are not told apart anywhere. */
function orderInWords(cost: Cost, report: SweepReport): string[] {
  const pairs = report.crossings.filter((one) => one.cost === cost);
  const lessThan = new Map<number, number[]>();
  for (const { state, cheaperAtLow, a, b } of pairs) {
    if (state !== 'throughout') continue;
    const [less, more] = cheaperAtLow === 'a' ? [a, b] : [b, a];
    lessThan.set(less, [...(lessThan.get(less) ?? []), more]);
  }
  const ordered = [...lessThan].map(
    ([less, more]) => `${labelOf(report, less)} less than ${listed(more.map((row) => labelOf(report, row)))}`,
  );
  const close = pairs
    .filter(({ state }) => state === 'not told apart')
    .map(({ a, b }) => `${labelOf(report, a)} and ${labelOf(report, b)}`);
  return [
    ...(close.length > 0 ? [`${COST_NAMES[cost]}: not told apart anywhere here: ${close.join('; ')}.`] : []),
    ...(ordered.length > 0
      ? [`${COST_NAMES[cost]}, from the lowest value to the highest: ${ordered.join('; ')}.`]
      : []),
  ];
}

function growthInWords(report: SweepReport, rows: readonly SweepRow[]): string[] {
  const { variable } = report.vary;
  if (variable === 'interval') return [];
  const grown = rows.flatMap(({ label, growth: { serverCpu } }) =>
    serverCpu ? [`${label} ${exponentInWords(serverCpu)}`] : [],
  );
  if (grown.length === 0) return [];
  return [`Server CPU grows with the ${NOUNS[variable]} to the power of (1: in proportion): ${grown.join('; ')}.`];
}

export function exponentInWords({ exponent, standardError }: NonNullable<SweepRow['growth']['serverCpu']>): string {
  // Not -0.00: that would say that it falls.
  return `${exponent.toFixed(2).replace(/^-(?=0\.00$)/, '')} ± ${standardError.toFixed(2)}`;
}

/** What holds for one row only, its label first. */
export function sweepNotes(report: SweepReport): string[] {
  return report.transports.flatMap((row) => notesOf(row, report).map((note) => `${row.label}: ${note}.`));
}

function notesOf(
  { curves, follows, notMeasured, measurements }: SweepRow,
  { vary: { variable } }: SweepReport,
): string[] {
  if (measurements.length === 0) return ['nothing was measured'];
  const notes: string[] = [];
  if (!follows) notes.push(`it has no ${variable}, and was measured at each value all the same`);
  const withoutCurve = new Map<string, string[]>();
  for (const [cost, curve] of Object.entries(curves) as [Cost, SweepRow['curves']['serverCpu']][]) {
    const name = COST_NAMES[cost];
    if (curve === null) {
      const why = notMeasured[`curves.${cost}`] ?? 'not measured';
      withoutCurve.set(why, [...(withoutCurve.get(why) ?? []), name.toLowerCase().replace('cpu', 'CPU')]);
    } else if (!curve.linear) {
      const { value, share } = curve.largestMiss;
      notes.push(
        `${name} is not linear here: the curve misses ${variable}=${spellValue(variable, value)} by ${percent(share)}, ` +
          `more than ${percent(LINEARITY.share)}; trust its crossings as far as they are confirmed`,
      );
    }
  }
  for (const [why, names] of withoutCurve) notes.push(`no curve of ${listed(names)}: ${why}`);
  const unsound = measurements.filter(({ use }) => use === 'none');
  if (unsound.length > 0) {
    const why = [...new Set(unsound.map(({ verdict, state, reasons }) => `${verdict ?? state}: ${reasons[0] ?? ''}`))];
    notes.push(`${counted(unsound.length, 'run')} of ${formatCount(measurements.length)} left out (${why.join('; ')})`);
  }
  return notes;
}

/** How it is read, for whoever sees it for the first time. */
export function sweepLegend({ vary: { variable } }: SweepReport): string[] {
  const amount = variable === 'interval' ? 'polls a second and client' : NOUNS[variable];
  return [
    'Latency, p50 and p99 below it, counts from when a message was due to the callback of a probe; a p99 takes 299 messages.',
    `Crossings are where two fitted lines meet, cost = fixed + growing × ${amount}: the cost model along this one line. A pair is told apart where it differs by twice its error, and CPU by 10 %.`,
    'They are confirmed by runs at the crossing: both rows within 20 % of each other there.',
    'Growth is e of figure ∝ valueᵉ with its standard error: 1 in proportion, 0 not at all.',
    'All of it is this machine, this Node, these libraries, loopback, clients on the same machine.',
  ];
}

function labelOf({ transports }: SweepReport, index: number): string {
  return transports[index]?.label ?? '';
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
