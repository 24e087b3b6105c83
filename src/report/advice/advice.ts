import { operatingPoint } from '../conclusions.js';
import type { CompletedRow, ReportRow } from '../schema.js';
import type { Tolerance } from '../tolerance.js';
import { type Answers, QUESTIONS, spellAnswer } from './answers.js';
import type { Candidate } from './candidate.js';
import { changesOfFacts, changesOfMeasurement, changesWithLoad } from './changes.js';
import { factsAgainst, factsFor, rankByFacts } from './facts-advice.js';
import { figuresAgainst, figuresFor, figuresOf } from './figures.js';
import { type Guidance, guidanceFor } from './guide-rule.js';
import { documentsOf, type LoadRequest, loadClauses } from './loads.js';
import { agreementOf, type Evidence, type MeasuredRanking, rankByMeasurement } from './measured-advice.js';
import { notesOf } from './notes.js';
import { passageClauses } from './passages.js';
import { whyFirst, whyMeasured, whyNext, whyPlaced } from './reasons.js';
import { ADVICE_SCHEMA_VERSION, type Advice, type Named, type Option } from './schema.js';
import type { AdviceRequest } from './shape.js';

/** Answers in, advice out: by the report where there is one, else by the guide's rule and facts alone. */
export function advise(request: AdviceRequest): Advice {
  const { answers, sources, scenario, candidates } = request;
  const guidance = guidanceFor(answers, sources, scenario?.name);
  const { decides, others, useCase, statements } = guidance;
  const named = {
    schemaVersion: ADVICE_SCHEMA_VERSION,
    kind: 'advice',
    ...request.made,
    scenario,
    toleratesMs: answers.toleratesMs,
    answers: QUESTIONS.map((question) => ({
      key: question.key,
      number: question.number,
      question: question.question,
      yes: question.isYes(answers),
      answer: spellAnswer(question, answers),
      source: sources[question.about],
    })),
    guide: {
      decides,
      others,
      means: statements[0]?.means(candidates).map(nameOf) ?? [],
      useCase: useCase && { name: useCase.name, recommends: useCase.recommends, why: useCase.why },
    },
    loads: documentsOf(loadsOf(request)),
    toMeasure: request.commands.advice,
  } as const;
  const { evidence } = request;
  const scaled = evidence && asMeasured(answers, evidence);
  const ranking = evidence && scaled && rankByMeasurement(evidence, scaled);
  // Figures that are not sound are no figures.
  if (evidence === null || scaled === null || ranking === null || ranking.choice.places.length === 0) {
    const notes = [...unsoundness(evidence), ...notesOf(request, null)];
    return { ...named, ...withLoads({ notes, ...byFacts(request, guidance) }, request, []) };
  }
  const asked = { ...request, answers: scaled };
  const decision = { notes: notesOf(asked, evidence), ...byMeasurement(asked, evidence, ranking, guidance) };
  const late = ranking.choice.places.filter(({ tolerance }) => tolerance === 'over').flatMap(({ rows }) => rows);
  return { ...named, ...withLoads(decision, request, late) };
}

/** What sweeps and capacities have to say of the transport that is advised. */
function withLoads<Decided extends Decision & Pick<Advice, 'notes'>>(
  decision: Decided,
  request: AdviceRequest,
  late: readonly ReportRow[],
): Decided {
  const { advised, inFavour, against, changes, notes } = decision;
  const [first] = advised;
  if (first === undefined) return decision;
  const found = loadClauses(first, { ...loadsOf(request), late });
  return {
    ...decision,
    inFavour: [...inFavour, ...found.inFavour],
    against: [...against, ...found.against],
    changes: [...changes, ...found.changes],
    notes: [...notes, ...found.notes],
  };
}

function loadsOf({ answers, evidence, loads = [], commands }: AdviceRequest): Omit<LoadRequest, 'late'> {
  return { answers, evidence, loads, commands };
}

/** The delay as a report that went faster than life has to be held against it. */
function asMeasured(answers: Answers, { report }: Evidence): Answers {
  return { ...answers, toleratesMs: answers.toleratesMs / report.scenario.scale };
}

function unsoundness(evidence: Evidence | null): string[] {
  return evidence ? [`In ${evidence.file} nothing that can do it was measured soundly.`] : [];
}

type Decision = Pick<
  Advice,
  | 'basis'
  | 'advised'
  | 'because'
  | 'agreement'
  | 'runnerUp'
  | 'inFavour'
  | 'against'
  | 'changes'
  | 'options'
  | 'evidence'
>;

function byFacts(request: AdviceRequest, guidance: Guidance): Decision {
  const { answers, candidates } = request;
  const { places, ruledOut } = rankByFacts(answers, guidance, candidates);
  const [first, second] = places;
  return {
    basis: 'facts',
    advised: first ? [nameOf(first.candidate)] : [],
    because: whyFirst(first),
    agreement: null,
    runnerUp: second ? { transports: [nameOf(second.candidate)], because: whyNext(second) } : null,
    ...pointsOf(first?.candidate, request),
    changes: changesOfFacts(first?.candidate, answers, candidates),
    options: [
      ...places.map((place, index) => ({
        ...nameOf(place.candidate),
        ...NOT_MEASURED,
        place: index + 1,
        reason: whyNext(place),
      })),
      ...ruledOut.map(({ candidate, reason }) => ({ ...nameOf(candidate), ...NOT_MEASURED, place: null, reason })),
    ],
    evidence: null,
  };
}

function byMeasurement(
  request: AdviceRequest,
  evidence: Evidence,
  ranking: MeasuredRanking,
  { statements }: Guidance,
): Decision {
  const { answers, otherEvidence = [] } = request;
  const { report, file, candidateOf } = evidence;
  const { best, next, choice } = ranking;
  const points = pointsOf(best[0] && candidateOf.get(best[0]), request);
  const { cpu, cores, node } = report.environment;
  return {
    basis: 'measurement',
    advised: best.map(nameOf),
    because: whyMeasured(ranking),
    agreement: statements[0] ? agreementOf(evidence, ranking, statements[0]) : null,
    runnerUp: next ? { transports: next.rows.map(nameOf), because: whyPlaced(next, choice) } : null,
    inFavour: [...figuresFor(ranking), ...points.inFavour],
    against: [...figuresAgainst(ranking), ...points.against],
    changes: [
      ...changesOfMeasurement(evidence, answers, ranking),
      ...changesWithLoad(
        otherEvidence.filter((other) => other.report.scenario.scale === report.scenario.scale),
        answers,
        best,
      ),
    ],
    options: [
      ...choice.places.flatMap((place, index) =>
        place.rows.map((row) => ({
          ...measured(row, place.tolerance),
          place: index + 1,
          reason: whyPlaced(place, choice),
        })),
      ),
      ...[...choice.unplaced, ...ranking.ruledOut].map(({ row, reason }) => ({
        ...nameOf(row),
        ...NOT_MEASURED,
        place: null,
        reason,
      })),
    ],
    evidence: {
      file,
      startedAt: report.startedAt,
      command: report.command,
      operatingPoint: operatingPoint(report),
      rounds: Math.max(0, ...report.transports.map(({ rounds }) => rounds.length)),
      environment: { cpu, cores, node },
    },
  };
}

/** What is known of it without the report, and what was seen of it behind proxies. */
function pointsOf(
  candidate: Candidate | undefined,
  { answers, passages = null }: AdviceRequest,
): Pick<Advice, 'inFavour' | 'against'> {
  if (candidate === undefined) return { inFavour: [], against: [] };
  const behind = passageClauses(candidate, answers, passages);
  return {
    inFavour: [...factsFor(candidate, answers), ...behind.inFavour],
    against: [...factsAgainst(candidate, answers), ...behind.against],
  };
}

const NOT_MEASURED = { tolerance: null, p99Us: null, serverCpuUsPerMessage: null, bytesPerMessage: null };

function measured(row: CompletedRow, tolerance: Tolerance): Omit<Option, 'place' | 'reason'> {
  const { p99Us, serverCpuUs, bytes } = figuresOf(row);
  return { ...nameOf(row), tolerance, p99Us, serverCpuUsPerMessage: serverCpuUs, bytesPerMessage: bytes };
}

function nameOf({ transport, label, settings }: Candidate | ReportRow): Named {
  return { transport, label, settings };
}
