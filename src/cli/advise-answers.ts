import { UsageError } from '../errors.js';
import {
  type Answers,
  ASSUMED,
  answersOf,
  QUESTIONS,
  type ScenarioAnswers,
  type Source,
  type Sources,
} from '../report/advice/answers.js';
import type { Scenario } from '../scenario/scenario.js';
import { ACCEPTED, parseDurationMs } from '../units.js';
import type { AdviseFlags } from './advise.js';
import { askFor } from './ask.js';

/** What is known of the answers so far; `null`: nobody has said. */
export type Given = ScenarioAnswers;

/** @throws UsageError where flags contradict each other or cannot be read. */
export function givenBy({
  bidirectional,
  serverToClient,
  tolerates,
  binary,
  restrictiveProxies,
  browser,
}: AdviseFlags): Given {
  if (bidirectional !== undefined && bidirectional === serverToClient) {
    const both = bidirectional
      ? '--bidirectional and --server-to-client'
      : '--no-bidirectional and --no-server-to-client';
    throw new UsageError(`${both}: the second question is the first, turned round; give one of them`);
  }
  const toleratesMs =
    tolerates === false ? ASSUMED.toleratesMs : tolerates === undefined ? null : parseDurationMs(tolerates);
  if (toleratesMs === undefined || toleratesMs === 0) {
    throw new UsageError(`--tolerates: \`${tolerates}\` is not ${ACCEPTED.duration}`);
  }
  return {
    bidirectional: bidirectional ?? (serverToClient === undefined ? null : !serverToClient),
    toleratesMs,
    binary: binary ?? null,
    restrictiveProxies: restrictiveProxies ?? null,
    browser: browser ?? null,
  };
}

/** Flags first, then the scenario; without one a person is asked, and where nobody can be asked, flags have to say. */
export async function complete(
  given: Given,
  scenario: Scenario | null,
): Promise<{ answers: Answers; sources: Sources }> {
  const byScenario = scenario === null ? NOTHING : answersOf(scenario);
  const said = scenario === null ? await spoken(given) : given;
  return {
    answers: {
      bidirectional: said.bidirectional ?? byScenario.bidirectional ?? ASSUMED.bidirectional,
      toleratesMs: said.toleratesMs ?? byScenario.toleratesMs ?? ASSUMED.toleratesMs,
      binary: said.binary ?? byScenario.binary ?? ASSUMED.binary,
      restrictiveProxies: said.restrictiveProxies ?? byScenario.restrictiveProxies ?? ASSUMED.restrictiveProxies,
      browser: said.browser ?? byScenario.browser ?? ASSUMED.browser,
    },
    sources: Object.fromEntries(
      KEYS.map((key): [keyof Answers, Source] => [
        key,
        said[key] !== null ? 'given' : byScenario[key] !== null ? 'scenario' : 'assumed',
      ]),
    ) as Record<keyof Answers, Source>,
  };
}

const KEYS = [
  'bidirectional',
  'toleratesMs',
  'binary',
  'restrictiveProxies',
  'browser',
] as const satisfies readonly (keyof Answers)[];

const NOTHING: Given = {
  bidirectional: null,
  toleratesMs: null,
  binary: null,
  restrictiveProxies: null,
  browser: null,
};

/** The flags that answer the guide's questions. */
const FLAGS: Readonly<Record<Exclude<keyof Answers, 'browser'>, string>> = {
  bidirectional: '--bidirectional or --no-bidirectional',
  toleratesMs: '--tolerates <time> or --no-tolerates',
  binary: '--binary or --no-binary',
  restrictiveProxies: '--restrictive-proxies or --no-restrictive-proxies',
};

/** @throws UsageError naming every question of the guide that is open, where nobody can be asked. */
async function spoken(given: Given): Promise<Given> {
  if (KEYS.every((key) => given[key] !== null)) return given;
  if (process.stdin.isTTY === true && process.stderr.isTTY === true) {
    return askFor(given, { input: process.stdin, output: process.stderr });
  }
  const open = QUESTIONS.filter(({ number }) => number !== null).filter(
    ({ about }, index, all) => given[about] === null && all.findIndex((one) => one.about === about) === index,
  );
  if (open.length === 0) return given;
  throw new UsageError([
    'advise: nobody can be asked here (no terminal): answer by flags, or name a scenario such as `rtbench advise chat`',
    ...open.map(({ about, question }) => `${question} ${about === 'browser' ? '' : FLAGS[about]}`),
  ]);
}
