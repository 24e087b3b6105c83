import type { Scenario } from '../../scenario/scenario.js';
import { clientsSend } from '../../scenario/uplink.js';
import { formatDurationMs } from '../../units.js';
import { GUIDE_QUESTIONS } from '../guide/guide.js';

/** What someone who must choose says of what they build. */
export interface Answers {
  /** Clients send too; `false`: everything goes from the server to clients. */
  readonly bidirectional: boolean;
  /** The longest that a message may take in life, ms; a row is in time when its p99 is within it. */
  readonly toleratesMs: number;
  readonly binary: boolean;
  /** It must get through proxies that hold answers back until they are whole, refuse upgrades, and cut what is idle. */
  readonly restrictiveProxies: boolean;
  /** Clients are pages of a browser. */
  readonly browser: boolean;
}

/** Who said so: the user, the scenario, or nobody. */
export type Source = 'given' | 'scenario' | 'assumed';

export type Sources = Readonly<Record<keyof Answers, Source>>;

/**
 * From here on a delay is one of "seconds": the plural begins at two. The guide draws a poll every five, and calls what
 * is refreshed every thirty a case for polls.
 */
export const SECONDS_MS = 2_000;

/** Where nobody says: what holds for most, so that the advice is right for a page of the open web and a live feed. */
export const ASSUMED: Answers = {
  bidirectional: false,
  toleratesMs: 250,
  binary: false,
  restrictiveProxies: false,
  browser: true,
};

export type GuideQuestionKey = (typeof GUIDE_QUESTIONS)[number]['key'];

export interface AskedQuestion {
  readonly key: GuideQuestionKey | 'browser';
  /** The guide's number; `null`: not one of the guide's five. */
  readonly number: number | null;
  readonly question: string;
  /** The answer that the question is about. */
  readonly about: keyof Answers;
  readonly isYes: (answers: Answers) => boolean;
}

type Reading = Pick<AskedQuestion, 'about' | 'isYes'>;

/** How the guide's questions read in the answers; the second is the first, turned round. */
const READINGS: Readonly<Record<GuideQuestionKey, Reading>> = {
  bidirectional: { about: 'bidirectional', isYes: ({ bidirectional }) => bidirectional },
  'server-to-client': { about: 'bidirectional', isYes: ({ bidirectional }) => !bidirectional },
  'seconds-of-delay': { about: 'toleratesMs', isYes: ({ toleratesMs }) => toleratesMs >= SECONDS_MS },
  binary: { about: 'binary', isYes: ({ binary }) => binary },
  'restrictive-proxies': { about: 'restrictiveProxies', isYes: ({ restrictiveProxies }) => restrictiveProxies },
};

/** The guide's five in its order, and one that it asks elsewhere: gRPC is for what is "not browser-facing". */
export const QUESTIONS: readonly AskedQuestion[] = [
  ...GUIDE_QUESTIONS.map(({ key, question }, index) => ({ key, number: index + 1, question, ...READINGS[key] })),
  {
    key: 'browser',
    number: null,
    question: 'Must a page in a browser reach it?',
    about: 'browser',
    isYes: ({ browser }) => browser,
  },
];

/** What a scenario says, and what it leaves open (`null`). */
export type ScenarioAnswers = { readonly [Key in keyof Answers]: Answers[Key] | null };

/** Who sends, in what, and what is tolerated stand in it; browsers where it goes through one or is what they get. */
export function answersOf({
  workload,
  toleratesMs,
  scale,
  preset,
  via,
}: Pick<Scenario, 'toleratesMs' | 'scale' | 'preset' | 'via'> & {
  readonly workload: Pick<Scenario['workload'], 'publish' | 'uplink' | 'payload'>;
}): ScenarioAnswers {
  return {
    bidirectional: clientsSend(workload),
    toleratesMs: toleratesMs * scale,
    binary: workload.payload === 'binary',
    restrictiveProxies: null,
    browser: preset !== null || via === 'browser' ? true : null,
  };
}

/** The answer in a word, and the figure behind it where there is one. */
export function spellAnswer({ about, isYes }: AskedQuestion, answers: Answers): string {
  const word = isYes(answers) ? 'yes' : 'no';
  return about === 'toleratesMs' ? `${word}, ${formatDurationMs(answers.toleratesMs)}` : word;
}
