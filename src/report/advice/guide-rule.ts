import { GUIDE_QUESTIONS, GUIDE_TECHNIQUES, GUIDE_USE_CASES, type GuideUseCase } from '../guide/guide.js';
import { type Answers, type GuideQuestionKey, QUESTIONS, type Sources } from './answers.js';
import { arrivesInWholeAnswers, type Candidate, isFullDuplex } from './candidate.js';

/** One of the guide's questions that was answered with yes. */
export interface GuideAnswer {
  readonly key: GuideQuestionKey;
  /** From 1, in the guide's order. */
  readonly number: number;
  readonly question: string;
  /** What the guide says to a yes. */
  readonly says: string;
}

/** What the guide says to all of it. */
export interface Guidance {
  /** The question that decides. */
  readonly decides: GuideAnswer;
  /** The others that are answered with yes. */
  readonly others: readonly GuideAnswer[];
  /** The row of its table of use cases; `null`: the scenario is none of them, or was changed by an answer. */
  readonly useCase: GuideUseCase | null;
  /** All of these, what is most to the point first; at least one. */
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** Short enough for a table: `question 2: Use SSE`. */
  readonly text: string;
  /** The candidates that it means, what fits best first. */
  readonly means: <Known extends Candidate>(candidates: readonly Known[]) => readonly Known[];
}

interface Rule {
  readonly key: GuideQuestionKey;
  /** Whether a candidate is what the guide's answer means, by its facts. */
  readonly means: (candidate: Candidate) => boolean;
  /** Of several that it means, the one that fits better comes first. */
  readonly rank?: (candidate: Candidate) => number;
}

/**
 * The guide's five answers as facts, in the order in which they decide where several apply. The guide does not say
 * which; in this order its questions lead to what its own table of use cases recommends. What cannot get through decides
 * first, then what one connection must carry, then time. Binary data comes after time because its answer is there to
 * rule out SSE, and polls carry bytes. "Server-to-client only" is what is left.
 */
const RULES: readonly Rule[] = [
  // "Start with Long Polling": answers that end, and are not waited for longer than need be.
  { key: 'restrictive-proxies', means: (one) => arrivesInWholeAnswers(one) && one.worstWaitMs === 0 },
  { key: 'bidirectional', means: (one) => isWeb(one) && isFullDuplex(one) },
  {
    key: 'seconds-of-delay',
    means: (one) => isWeb(one) && one.profile.delivery === 'pull',
    // Who waits for an interval makes use of the time there is; the other asks again after every message.
    rank: ({ worstWaitMs }) => (worstWaitMs > 0 ? 0 : 1),
  },
  { key: 'binary', means: (one) => isWeb(one) && isFullDuplex(one) && one.profile.framing === 'binary' },
  {
    key: 'server-to-client',
    means: (one) => isWeb(one) && one.profile.delivery === 'push' && one.profile.reconnect === 'built-in',
  },
];

/**
 * All that the guide has to say. A scenario that is one of its use cases is looked up in its table first: that is
 * about this very case, the questions are about many.
 *
 * @param scenario its name
 */
export function guidanceFor(answers: Answers, sources: Sources, scenario: string | undefined): Guidance {
  const guidance = guidanceByQuestions(answers);
  const isAsWritten = Object.values(sources).every((source) => source !== 'given');
  const useCase = GUIDE_USE_CASES.find((one) => isAsWritten && one.scenario === scenario);
  if (useCase === undefined) return guidance;
  return { ...guidance, useCase, statements: [statementOf(useCase), ...guidance.statements] };
}

/** What its questions say. */
export function guidanceByQuestions(answers: Answers): Guidance {
  const [decides, ...others] = guideAnswers(answers);
  const statements = [decides, ...others].map(
    (answer): Statement => ({
      text: `question ${answer.number}: ${answer.says}`,
      means: (candidates) => meantBy(answer, candidates),
    }),
  );
  return { decides, others, useCase: null, statements };
}

function statementOf({ name, recommends }: GuideUseCase): Statement {
  return {
    text: `${name}: ${recommends.join(' or ')}`,
    means: (candidates) =>
      recommends.flatMap((recommended) => {
        const measured = GUIDE_TECHNIQUES.find(({ technique }) => technique === recommended)?.transport;
        return candidates.filter(({ transport }) => transport === measured);
      }),
  };
}

/** The guide's answers to these, the one that decides first. There is always one: 1 or 2 is yes. */
export function guideAnswers(answers: Answers): readonly [GuideAnswer, ...GuideAnswer[]] {
  const [first, ...others] = RULES.map(({ key }) => answerOf(key)).filter(({ key }) => isYes(key, answers));
  if (first === undefined) throw new Error('neither of the first two questions is answered with yes');
  return [first, ...others];
}

/** The candidates that an answer of the guide means, what fits best first. */
export function meantBy<Known extends Candidate>({ key }: GuideAnswer, candidates: readonly Known[]): readonly Known[] {
  const rule = RULES.find((one) => one.key === key);
  if (rule === undefined) return [];
  const { means, rank = () => 0 } = rule;
  return candidates.filter(means).sort((a, b) => rank(a) - rank(b));
}

function answerOf(key: GuideQuestionKey): GuideAnswer {
  const index = GUIDE_QUESTIONS.findIndex((one) => one.key === key);
  const { question = '', answer: says = '' } = GUIDE_QUESTIONS[index] ?? {};
  return { key, number: index + 1, question, says };
}

function isYes(key: GuideQuestionKey, answers: Answers): boolean {
  return QUESTIONS.some((question) => question.key === key && question.isYes(answers));
}

/** The guide's table and questions are about techniques that pages use; gRPC it treats apart. */
function isWeb({ profile }: Candidate): boolean {
  return profile.group === 'web';
}
