import type { Report } from '../schema.js';
import type { Answers, Sources } from './answers.js';
import type { Candidate } from './candidate.js';
import type { LoadEvidence } from './loads.js';
import type { Evidence } from './measured-advice.js';
import type { PassageEvidence } from './passages.js';

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
  /** Sweeps and capacities. */
  readonly loads?: readonly LoadEvidence[];
  /** Those that measure what was not measured. */
  readonly commands: Commands;
  /** By whom and when it was asked, and the command that asks again. */
  readonly made: Pick<Report, 'tool' | 'startedAt' | 'command'>;
}

export interface Commands {
  /** Asks the same and measures it. */
  readonly advice: string;
  /** At other rates of messages. */
  readonly sweep: string;
  /** With more clients, up to the most that are carried. */
  readonly capacity: string;
}
