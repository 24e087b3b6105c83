import type { Settings } from '../../transports/transport.js';
import type { GuideUseCase } from '../guide/guide.js';
import type { Tolerance } from '../tolerance.js';
import type { Answers, Source, Sources } from './answers.js';
import type { Candidate } from './candidate.js';
import type { GuideAnswer } from './guide-rule.js';
import type { Agreement, Evidence } from './measured-advice.js';
import type { PassageEvidence } from './passages.js';

export const ADVICE_SCHEMA_VERSION = 1;

/** What is asked for. */
export interface AdviceRequest {
  readonly answers: Answers;
  readonly sources: Sources;
  /** The transports that the scenario names, or every one that ships. */
  readonly candidates: readonly Candidate[];
  /** The scenario that the answers come from; `null`: no scenario. */
  readonly scenario: { readonly name: string; readonly title: string } | null;
  /** What was measured; `null`: nothing, and facts alone decide. */
  readonly evidence: Evidence | null;
  /** Further results of the same kind of load. */
  readonly otherEvidence?: readonly Evidence[];
  /** What became of transports behind proxies; `null` or absent: nobody tried. */
  readonly passages?: PassageEvidence | null;
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
