import type { Outcome } from '../proxies/outcome-schema.js';
import type { Passage, ProxiesReport } from '../proxies/schema.js';
import { isSameRow } from '../row-identity.js';
import { listed } from '../wording.js';
import type { Answers } from './answers.js';
import type { Candidate } from './candidate.js';

/** What `rtbench proxies` saw, and the file that it is in. */
export interface PassageEvidence {
  readonly report: ProxiesReport;
  readonly file: string;
}

/** What was seen of a candidate behind proxies, in clauses. */
export interface PassageClauses {
  readonly inFavour: readonly string[];
  readonly against: readonly string[];
}

/**
 * Where restrictive proxies count and some were tried: what became of the candidate behind each that was not configured
 * for it. It rules nobody out: whether a proxy at hand is one of these, nobody here knows.
 */
export function passageClauses(
  candidate: Pick<Candidate, 'transport' | 'settings'>,
  answers: Answers,
  evidence: PassageEvidence | null,
): PassageClauses {
  if (evidence === null || !answers.restrictiveProxies) return { inFavour: [], against: [] };
  const tried = evidence.report.passages.filter((passage) => isUnaided(passage) && isSameRow(passage, candidate));
  const clause = (outcome: Outcome) => {
    const where = tried.filter((passage) => passage.outcome === outcome).map(nameOf);
    return where.length === 0 ? [] : [`behind ${listed(where)}: ${outcome} (${evidence.file})`];
  };
  return {
    inFavour: clause('delivered'),
    against: [...clause('delayed'), ...clause('cut'), ...clause('dead')],
  };
}

/** Something stood between, and nothing was set for what passes. */
function isUnaided({ middlebox, configuration, mends }: Passage): boolean {
  return middlebox !== 'direct' && configuration !== 'documented' && mends.length === 0;
}

function nameOf({ middlebox, configuration }: Passage): string {
  return configuration === 'default' ? middlebox : `${middlebox} ${configuration}`;
}
