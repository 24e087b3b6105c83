import { formatDurationMs } from '../../units.js';
import type { CapacityReport } from '../capacity/schema.js';
import { type LoadDocument, unlikenessOf } from '../guide/loads.js';
import { isSameRow, type RowIdentity } from '../row-identity.js';
import type { ReportRow } from '../schema.js';
import type { SweepReport } from '../sweep/schema.js';
import type { Answers } from './answers.js';
import { type Candidate, obstacleOf } from './candidate.js';
import { capacityClauses } from './capacity-clauses.js';
import type { Evidence } from './measured-advice.js';
import type { AdviceLoad, Named } from './schema.js';
import type { Commands } from './shape.js';
import { sweepClauses } from './sweep-clauses.js';

/** A sweep or a capacity, and what is known of its rows: `undefined` for a transport that could not be loaded. */
export interface LoadEvidence extends LoadDocument {
  readonly candidates: readonly (Candidate | undefined)[];
}

/** What documents about other loads say of a transport, in clauses, and in sentences where it would be another. */
export interface LoadClauses {
  readonly inFavour: readonly string[];
  readonly against: readonly string[];
  readonly changes: readonly string[];
  readonly notes: readonly string[];
}

/** The advised row of a document, those that could stand in its place, and how much time there is. */
export interface Subject {
  readonly own: number;
  readonly rivals: readonly number[];
  /** In the document's own time. */
  readonly toleratesMs: number;
}

export interface LoadRequest {
  /** As in life. */
  readonly answers: Answers;
  readonly loads: readonly LoadEvidence[];
  readonly evidence: Evidence | null;
  /** Rows that were measured, and were late. */
  readonly late: readonly ReportRow[];
  readonly commands: Commands;
}

/** All that sweeps and capacities say of the advised transport, and what is still to be measured. */
export function loadClauses(advised: Named, request: LoadRequest): LoadClauses {
  const found = request.loads.map((document) => clausesOf(advised, document, request));
  const all = (part: keyof LoadClauses) => found.flatMap((clauses) => clauses[part]);
  return {
    inFavour: all('inFavour'),
    against: all('against'),
    changes: [...all('changes'), ...openQuestions(request)],
    notes: all('notes'),
  };
}

/** The documents, for the advice to name. */
export function documentsOf({ loads, evidence }: Pick<LoadRequest, 'loads' | 'evidence'>): AdviceLoad[] {
  return loads.map(({ file, report }) => {
    const { kind, startedAt, command } = report;
    const about = report.kind === 'sweep' ? report.vary.variable : report.find;
    return { kind, about, file, startedAt, command, apart: apartFrom(report, evidence) };
  });
}

function clausesOf(
  advised: Named,
  { file, report, candidates }: LoadEvidence,
  { answers, evidence, late }: LoadRequest,
): LoadClauses {
  const toleratesMs = answers.toleratesMs / report.scenario.scale;
  const own = ownRow(report, advised);
  if (own < 0) return { ...NOTHING, notes: [`${file} says nothing of ${advised.label}.`] };
  const rivals = report.transports.flatMap((row, index) => {
    const candidate = candidates[index];
    if (index === own || row.group === 'control' || candidate === undefined) return [];
    if (obstacleOf(candidate, answers) !== undefined) return [];
    // Where the interval is what is varied, a sentence says itself which one is tolerated.
    const isPaced = report.kind === 'sweep' && report.vary.variable === 'interval' && candidate.worstWaitMs > 0;
    const isLate = candidate.worstWaitMs > toleratesMs || late.some((one) => isSameRow(one, row));
    return isLate && !isPaced ? [] : [index];
  });
  const subject = { own, rivals, toleratesMs };
  const clauses =
    report.kind === 'sweep' ? sweepClauses(file, report, subject, evidence) : capacityClauses(file, report, subject);
  return { ...clauses, notes: [...clauses.notes, ...notesOn(file, report, evidence, toleratesMs)] };
}

/** Its index, or -1. Periods of a scaled document are not those in life, so that there a transport's only row is it. */
function ownRow(
  { transports, scenario }: { transports: readonly RowIdentity[]; scenario: Pick<SweepReport['scenario'], 'scale'> },
  advised: Named,
): number {
  const same = transports.findIndex((row) => isSameRow(row, advised));
  const named = transports.filter(({ transport }) => transport === advised.transport);
  const [only, another] = named;
  const isOnly = scenario.scale !== 1 && only !== undefined && another === undefined;
  return same < 0 && isOnly ? transports.indexOf(only) : same;
}

const NOTHING: LoadClauses = { inFavour: [], against: [], changes: [], notes: [] };

function notesOn(
  file: string,
  report: CapacityReport | SweepReport,
  evidence: Evidence | null,
  toleratesMs: number,
): string[] {
  const apart = apartFrom(report, evidence);
  return [
    ...(apart.length > 0 ? [`${file} is not of the load and machine of ${evidence?.file}: ${apart.join('; ')}.`] : []),
    ...(report.scenario.scale !== 1 && evidence === null
      ? [`${file} was measured ${report.scenario.scale} times as fast as in life: so are its rates and delays.`]
      : []),
    ...(report.kind === 'capacity' && report.objective.p99Ms !== toleratesMs
      ? [
          `${file} asks for p99 within ${formatDurationMs(report.objective.p99Ms)}; here ${formatDurationMs(toleratesMs)} are tolerated.`,
        ]
      : []),
  ];
}

function apartFrom(report: CapacityReport | SweepReport, evidence: Evidence | null): string[] {
  return evidence === null ? [] : unlikenessOf(report, evidence.report);
}

/** What would be worth measuring: nothing is said of a load that nobody has run. */
function openQuestions({ loads, commands }: LoadRequest): string[] {
  const has = (kind: 'sweep' | 'capacity', about: AdviceLoad['about']) =>
    documentsOf({ loads, evidence: null }).some((one) => one.kind === kind && one.about === about);
  return [
    ...(has('sweep', 'rate') ? [] : [`At other rates of messages: not measured; run \`${commands.sweep}\`.`]),
    ...(has('capacity', 'clients')
      ? []
      : [`With more clients, up to the most it carries: not measured; run \`${commands.capacity}\`.`]),
  ];
}
