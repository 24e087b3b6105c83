import { formatValue, type Variable, valueInWords } from '../../scenario/vary.js';
import { formatDurationMs } from '../../units.js';
import { COSTS, type Cost } from '../sweep/curve.js';
import type { SweepCrossing, SweepReport } from '../sweep/schema.js';
import { crossingInWords } from '../sweep/wording.js';
import { listed } from '../wording.js';
import type { LoadClauses, Subject } from './loads.js';
import type { Evidence } from './measured-advice.js';

/** Most crossings of one sweep: server CPU first, by which advice goes first. */
const MOST = 3;

const COST_WORDS: Readonly<Record<Cost, string>> = { serverCpu: 'server CPU', bytes: 'bytes' };

/** How the advised row stands to one of the others by one cost. */
interface Standing {
  readonly crossing: SweepCrossing;
  readonly other: string;
  /** Whether the advised row costs less there; `null`: not told apart. */
  readonly less: { readonly low: boolean | null; readonly high: boolean | null };
}

/** Where the advised row costs less than the others, where more, and where that turns round. */
export function sweepClauses(
  file: string,
  report: SweepReport,
  subject: Subject,
  evidence: Evidence | null,
): LoadClauses {
  const standings = COSTS.flatMap((cost) => standingsBy(cost, report, subject));
  const label = report.transports[subject.own]?.label ?? '';
  const crossed = standings.filter(({ crossing }) => crossing.state === 'crossing');
  const changes = crossed
    .slice(0, MOST)
    .map(({ crossing }) =>
      [
        crossingInWords(crossing, report),
        ...whereWeAre(crossing, report, subject, evidence),
        `That is in ${file}.`,
      ].join(' '),
    );
  const others = listed([...new Set(standings.map(({ other }) => other))]).replace(/ and (?=[^,]*$)/, ' or ');
  const steady = `${overAll(report)} no cost of ${label} crosses that of ${others} (${file}).`;
  return {
    inFavour: clauses(standings, true, report, file),
    against: clauses(standings, false, report, file),
    changes: crossed.length === 0 && standings.length > 0 ? [sentence(steady)] : changes,
    notes: [],
  };
}

function standingsBy(cost: Cost, { crossings, transports }: SweepReport, { own, rivals }: Subject): Standing[] {
  return crossings.flatMap((crossing) => {
    const { a, b, cheaperAtLow, cheaperAtHigh } = crossing;
    if (crossing.cost !== cost || (a !== own && b !== own)) return [];
    const other = a === own ? b : a;
    if (!rivals.includes(other)) return [];
    const side = a === own ? 'a' : 'b';
    const isLess = (cheaper: 'a' | 'b' | null) => (cheaper === null ? null : cheaper === side);
    return [
      {
        crossing,
        other: transports[other]?.label ?? '',
        less: { low: isLess(cheaperAtLow), high: isLess(cheaperAtHigh) },
      },
    ];
  });
}

/** `less`: of what speaks for the advised row. */
function clauses(standings: readonly Standing[], less: boolean, report: SweepReport, file: string): string[] {
  const { variable, values } = report.vary;
  const [low, high] = [values[0] ?? 0, values.at(-1) ?? 0].map((value) => valueInWords(variable, value));
  return COSTS.flatMap((cost) => {
    const of = standings.filter(({ crossing }) => crossing.cost === cost);
    const than = `${less ? (cost === 'bytes' ? 'fewer' : 'less') : 'more'} ${COST_WORDS[cost]} than`;
    const throughout = of.filter(({ crossing, less: is }) => crossing.state === 'throughout' && is.low === less);
    const atEnd = of.filter(
      ({ crossing, less: is }) => crossing.state === 'at one end' && (is.low ?? is.high) === less,
    );
    return [
      ...(throughout.length === 0
        ? []
        : [`${than} ${listed(throughout.map(({ other }) => other))} ${overAll(report)} (${file})`]),
      ...(['low', 'high'] as const).flatMap((end) => {
        const names = atEnd.filter(({ less: is }) => is[end] !== null).map(({ other }) => other);
        const [told, not] = end === 'low' ? [low, high] : [high, low];
        return names.length === 0
          ? []
          : [`${than} ${listed(names)} at ${told}; at ${not} they are not told apart (${file})`];
      }),
    ];
  });
}

function overAll({ vary: { variable, values } }: SweepReport): string {
  const [low, high] = [values[0] ?? 0, values.at(-1) ?? 0];
  if (variable === 'interval') return `with a poll every ${formatDurationMs(low)} to ${formatDurationMs(high)}`;
  return `from ${formatValue(variable, low)} to ${valueInWords(variable, high)}`;
}

/** On which side of a crossing one is: by the load of the result, or by the delay that is tolerated. */
function whereWeAre(
  { at }: SweepCrossing,
  { vary: { variable } }: SweepReport,
  { toleratesMs }: Subject,
  evidence: Evidence | null,
): string[] {
  if (variable === 'interval') {
    const tolerated = formatDurationMs(toleratesMs);
    return [
      (at ?? 0) > toleratesMs
        ? `Polls so rare are later than the ${tolerated} that are tolerated.`
        : `Polls as rare as every ${tolerated} are tolerated.`,
    ];
  }
  return evidence === null ? [] : [`Here it is ${HERE[variable](evidence.report.scenario.workload)}.`];
}

const HERE: Readonly<
  Record<Exclude<Variable, 'interval'>, (workload: Evidence['report']['scenario']['workload']) => string>
> = {
  clients: ({ clients }) => formatValue('clients', clients),
  rate: ({ ratePerSecond }) => formatValue('rate', ratePerSecond),
  size: ({ sizeBytes }) => formatValue('size', sizeBytes),
};

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
