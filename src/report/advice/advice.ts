import type { Settings } from '../../transports/transport.js';
import { operatingPoint } from '../conclusions.js';
import type { GuideUseCase } from '../guide/guide.js';
import type { CompletedRow, ReportRow } from '../schema.js';
import type { Tolerance } from '../tolerance.js';
import { type Answers, QUESTIONS, type Source, type Sources, spellAnswer } from './answers.js';
import type { Candidate } from './candidate.js';
import { changesOfFacts, changesOfMeasurement, changesWithLoad } from './changes.js';
import { factsAgainst, factsFor, rankByFacts } from './facts-advice.js';
import { figuresAgainst, figuresFor, figuresOf } from './figures.js';
import { type Guidance, type GuideAnswer, guidanceFor } from './guide-rule.js';
import {
  type Agreement,
  agreementOf,
  type Evidence,
  type MeasuredRanking,
  rankByMeasurement,
} from './measured-advice.js';
import { notesOf } from './notes.js';
import { whyFirst, whyMeasured, whyNext, whyPlaced } from './reasons.js';

export const ADVICE_SCHEMA_VERSION = 1;

/** What is asked for. */
export interface AdviceRequest {
  readonly answers: Answers;
  readonly sources: Sources;
  /** Every transport that ships, with its defaults. */
  readonly candidates: readonly Candidate[];
  /** The scenario that the answers come from; `null`: no scenario. */
  readonly scenario: { readonly name: string; readonly title: string } | null;
  /** What was measured; `null`: nothing, and facts alone decide. */
  readonly evidence: Evidence | null;
  /** Further results of the same kind of load. */
  readonly otherEvidence?: readonly Evidence[];
  /** The command that asks the same and measures it. */
  readonly toMeasure: string;
}

/** A transport with its settings. */
export interface Named {
  readonly transport: string;
  readonly label: string;
  readonly settings: Settings;
}

/** A transport that might have been advised. Figures are `null` where it was not measured soundly, or not at all. */
export interface Option extends Named {
  /** From 1; the same for those that are not told apart; `null`: it cannot be chosen. */
  readonly place: number | null;
  readonly reason: string;
  readonly tolerance: Tolerance | null;
  readonly p99Us: number | null;
  readonly serverCpuUsPerMessage: number | null;
  readonly bytesPerMessage: number | null;
}

/** The answer, with everything it rests on. */
export interface Advice {
  readonly schemaVersion: typeof ADVICE_SCHEMA_VERSION;
  readonly kind: 'advice';
  readonly scenario: AdviceRequest['scenario'];
  readonly toleratesMs: number;
  readonly answers: readonly {
    readonly key: string;
    /** The guide's number; `null`: not one of its five. */
    readonly number: number | null;
    readonly question: string;
    readonly yes: boolean;
    /** In words: `yes, 2 s`. */
    readonly answer: string;
    readonly source: Source;
  }[];
  readonly guide: {
    /** The question that decides, and what the guide says to it. */
    readonly decides: GuideAnswer;
    /** What it says to the others that are answered with yes. */
    readonly others: readonly GuideAnswer[];
    /** What it means, of what ships: by its table of use cases where that has the scenario, else by the question. */
    readonly means: readonly Named[];
    /** What that table says; `null`: the scenario is not in it, or was changed by an answer. */
    readonly useCase: Pick<GuideUseCase, 'name' | 'recommends' | 'why'> | null;
  };
  readonly basis: 'facts' | 'measurement';
  /** Several: not told apart. None: nothing that was measured is in time, or nothing can do it. */
  readonly advised: readonly Named[];
  readonly because: string;
  /** How the measured advice stands to what the guide means; `null`: nothing was measured. */
  readonly agreement: Agreement | null;
  readonly runnerUp: { readonly transports: readonly Named[]; readonly because: string } | null;
  readonly inFavour: readonly string[];
  readonly against: readonly string[];
  /** What would change the answer, a sentence each. */
  readonly changes: readonly string[];
  /** In the order of the advice, those that cannot be chosen last. */
  readonly options: readonly Option[];
  readonly evidence: {
    readonly file: string;
    readonly startedAt: string;
    readonly command: string;
    readonly operatingPoint: string;
    readonly rounds: number;
    readonly environment: { readonly cpu: string; readonly cores: number; readonly node: string };
  } | null;
  readonly notes: readonly string[];
  /** The command that asks the same and measures it. */
  readonly toMeasure: string;
}

/** Answers in, advice out: by the report where there is one, else by the guide's rule and facts alone. */
export function advise(request: AdviceRequest): Advice {
  const { answers, sources, scenario, candidates } = request;
  const guidance = guidanceFor(answers, sources, scenario?.name);
  const { decides, others, useCase, statements } = guidance;
  const named = {
    schemaVersion: ADVICE_SCHEMA_VERSION,
    kind: 'advice',
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
    toMeasure: request.toMeasure,
  } as const;
  const { evidence } = request;
  const ranking = evidence && rankByMeasurement(evidence, answers);
  // Figures that are not sound are no figures.
  if (evidence === null || ranking === null || ranking.choice.places.length === 0) {
    return { ...named, notes: [...unsoundness(evidence), ...notesOf(request, null)], ...byFacts(request, guidance) };
  }
  return { ...named, notes: notesOf(request, evidence), ...byMeasurement(request, evidence, ranking, guidance) };
}

function unsoundness(evidence: Evidence | null): string[] {
  return evidence ? [`In ${evidence.file} nothing that can do it was measured soundly.`] : [];
}

type Decision = Omit<
  Advice,
  'schemaVersion' | 'kind' | 'scenario' | 'toleratesMs' | 'answers' | 'guide' | 'notes' | 'toMeasure'
>;

function byFacts({ answers, candidates }: AdviceRequest, guidance: Guidance): Decision {
  const { places, ruledOut } = rankByFacts(answers, guidance, candidates);
  const [first, second] = places;
  return {
    basis: 'facts',
    advised: first ? [nameOf(first.candidate)] : [],
    because: whyFirst(first),
    agreement: null,
    runnerUp: second ? { transports: [nameOf(second.candidate)], because: whyNext(second) } : null,
    inFavour: first ? factsFor(first.candidate, answers) : [],
    against: first ? factsAgainst(first.candidate, answers) : [],
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
  const candidate = best[0] && candidateOf.get(best[0]);
  const { cpu, cores, node } = report.environment;
  return {
    basis: 'measurement',
    advised: best.map(nameOf),
    because: whyMeasured(ranking),
    agreement: statements[0] ? agreementOf(evidence, ranking, statements[0]) : null,
    runnerUp: next ? { transports: next.rows.map(nameOf), because: whyPlaced(next, choice) } : null,
    inFavour: [...figuresFor(ranking), ...(candidate ? factsFor(candidate, answers) : [])],
    against: [...figuresAgainst(ranking), ...(candidate ? factsAgainst(candidate, answers) : [])],
    changes: [...changesOfMeasurement(evidence, answers, ranking), ...changesWithLoad(otherEvidence, answers, best)],
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

const NOT_MEASURED = { tolerance: null, p99Us: null, serverCpuUsPerMessage: null, bytesPerMessage: null };

function measured(row: CompletedRow, tolerance: Tolerance): Omit<Option, 'place' | 'reason'> {
  const { p99Us, serverCpuUs, bytes } = figuresOf(row);
  return { ...nameOf(row), tolerance, p99Us, serverCpuUsPerMessage: serverCpuUs, bytesPerMessage: bytes };
}

function nameOf({ transport, label, settings }: Candidate | ReportRow): Named {
  return { transport, label, settings };
}
