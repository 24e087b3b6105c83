import { formatDurationMs } from '../../units.js';
import type { Answers } from './answers.js';
import { arrivesInWholeAnswers, type Candidate, isFullDuplex, obstacleOf } from './candidate.js';
import type { Guidance } from './guide-rule.js';

/** A candidate that can do what must be done, and what of the guide speaks for it; `null`: nothing does. */
export interface FactsPlace {
  readonly candidate: Candidate;
  readonly says: string | null;
}

/** Candidates by what is known without measuring. */
export interface FactsRanking {
  /** Best first. */
  readonly places: readonly FactsPlace[];
  /** Candidates that cannot, and why. */
  readonly ruledOut: readonly { readonly candidate: Candidate; readonly reason: string }[];
}

/**
 * What the guide means comes first, in the order of what it says; then everything else that can do what
 * must be done: pushes before polls, what pages use before what services use. Controls are no candidates.
 */
export function rankByFacts(
  answers: Answers,
  { statements }: Pick<Guidance, 'statements'>,
  all: readonly Candidate[],
): FactsRanking {
  const candidates = all.filter(({ profile }) => profile.group !== 'control');
  const reasons = new Map(candidates.map((one) => [one, obstacleOf(one, answers) ?? waitOf(one, answers)]));
  const able = candidates.filter((one) => reasons.get(one) === undefined);
  const places = new Map<Candidate, string | null>();
  for (const { text, means } of statements) {
    for (const candidate of means(able)) {
      if (!places.has(candidate)) places.set(candidate, text);
    }
  }
  for (const candidate of [...able].sort((a, b) => remoteness(a) - remoteness(b))) {
    if (!places.has(candidate)) places.set(candidate, null);
  }
  return {
    places: [...places].map(([candidate, says]) => ({ candidate, says })),
    ruledOut: candidates.flatMap((candidate) => {
      const reason = reasons.get(candidate);
      return reason === undefined ? [] : [{ candidate, reason }];
    }),
  };
}

function remoteness({ profile }: Candidate): number {
  return (profile.group === 'web' ? 0 : 2) + (profile.delivery === 'push' ? 0 : 1);
}

/** A poll that comes less often than a message may be late. */
function waitOf({ worstWaitMs, settings }: Candidate, { toleratesMs }: Answers): string | undefined {
  if (worstWaitMs <= toleratesMs) return undefined;
  const shorter = 'intervalMs' in settings ? `; an interval below ${formatDurationMs(toleratesMs)} would do` : '';
  return `a message may wait ${formatDurationMs(worstWaitMs)} for the next poll${shorter}`;
}

/** What the facts have for a candidate, by the answers. */
export function factsFor(candidate: Candidate, answers: Answers): string[] {
  const { profile } = candidate;
  return [
    ...(answers.bidirectional && isFullDuplex(candidate) ? ['both ways over one connection'] : []),
    ...(answers.binary && profile.framing === 'binary' ? ['bytes travel as they are'] : []),
    ...(answers.restrictiveProxies && arrivesInWholeAnswers(candidate)
      ? ['each message comes in an HTTP answer that ends, which restrictive proxies let by']
      : []),
    ...(profile.reconnect === 'built-in' ? ['it reconnects by itself'] : []),
    ...(answers.browser && profile.browser === 'built-in' ? ['browsers have it built in'] : []),
  ];
}

/** What the facts have against it. */
export function factsAgainst({ profile, worstWaitMs, settings }: Candidate, answers: Answers): string[] {
  return [
    ...(answers.binary && profile.framing === 'text' ? ['binary bodies travel as base64, a third more bytes'] : []),
    ...(answers.bidirectional && profile.uplink === 'separate-request'
      ? ['what clients send takes a request of its own']
      : []),
    ...(worstWaitMs > 0 ? [`a message waits for the next poll, up to ${formatDurationMs(worstWaitMs)}`] : []),
    ...(worstWaitMs > 0 && worstWaitMs < answers.toleratesMs && 'intervalMs' in settings
      ? [`polls answered with nothing: an interval of up to ${formatDurationMs(answers.toleratesMs)} would have fewer`]
      : []),
    ...(profile.delivery === 'push' && profile.reconnect === 'by-client'
      ? ['its client has to reconnect by itself']
      : []),
    ...(answers.browser && profile.browserOverTlsOnly ? ['browsers speak it over TLS only'] : []),
  ];
}
