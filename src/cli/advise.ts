import { EXIT, UsageError } from '../errors.js';
import { advise as adviseBy } from '../report/advice/advice.js';
import {
  type Answers,
  ASSUMED,
  answersOf,
  QUESTIONS,
  type ScenarioAnswers,
  type Source,
  type Sources,
} from '../report/advice/answers.js';
import type { Advice, AdviceRequest } from '../report/advice/shape.js';
import { renderAdvice } from '../reporters/advice-table.js';
import { loadScenario } from '../scenario/load.js';
import { resolveRows } from '../scenario/rows.js';
import type { Scenario } from '../scenario/scenario.js';
import { ACCEPTED, parseDurationMs, spellDurationMs } from '../units.js';
import { measureFor } from './advise-measure.js';
import { askFor, Interrupted } from './ask.js';
import { commandLine } from './command-line.js';
import { type FoundEvidence, findEvidence, findPassages } from './evidence.js';
import { deliver, provable, spell } from './output.js';
import { registry } from './registry.js';

export interface AdviseFlags {
  readonly bidirectional?: boolean;
  readonly serverToClient?: boolean;
  /** As typed; `false`: no delay of seconds. */
  readonly tolerates?: string | false;
  readonly binary?: boolean;
  readonly restrictiveProxies?: boolean;
  readonly browser?: boolean;
  /** A file or a folder; `true` or absent: the newest that fits; `false`: none. */
  readonly results?: string | boolean;
  readonly measure?: boolean;
  readonly rounds?: string;
  readonly out?: string;
  readonly json?: string;
  readonly quiet?: boolean;
}

/** What is known of the answers so far; `null`: nobody has said. */
export type Given = ScenarioAnswers;

/** `rtbench advise`. `args`: the command line, for a result to say how to measure it again. */
export async function advise(
  scenarioName: string | undefined,
  flags: AdviseFlags,
  args: readonly string[],
): Promise<number> {
  const given = givenBy(flags);
  if (flags.measure && flags.results) {
    throw new UsageError('--measure and --results: one measures, the other reads what was measured; give one of them');
  }
  if (flags.rounds !== undefined && !flags.measure) throw new UsageError('--rounds: is for --measure; add that');
  // As in life: a question is about that, however fast it is carried out.
  const loaded = scenarioName === undefined ? null : loadScenario(scenarioName, { scale: '1' });
  const scenario = loaded?.scenario ?? null;
  if (flags.json !== undefined && flags.json !== '-') await provable('--json', flags.json);
  const completed = await complete(given, scenario).catch((error: unknown) => {
    if (error instanceof Interrupted) return undefined;
    throw error;
  });
  if (completed === undefined) return EXIT.interrupted;
  const { answers, sources } = completed;
  const publish = answers.bidirectional ? 'clients' : 'server';
  const candidates = await resolveRows(loaded?.transports ?? [], publish, registry);
  const found = await evidenceFor({ answers, scenarioName, scenario, flags, args });
  const request: AdviceRequest = {
    answers,
    sources,
    candidates,
    scenario: scenario && { name: scenario.name, title: scenario.title },
    evidence: found.evidence,
    otherEvidence: found.others,
    passages: answers.restrictiveProxies && flags.results !== false ? await findPassages(flags.results) : null,
    toMeasure: commandLine(['advise', ...spellAnswers(answers, sources, scenarioName), '--measure']),
  };
  return print(adviseBy(request), found, flags);
}

interface Wanted {
  readonly answers: Answers;
  readonly scenarioName: string | undefined;
  readonly scenario: Scenario | null;
  readonly flags: AdviseFlags;
  readonly args: readonly string[];
}

async function evidenceFor({ answers, scenarioName, scenario, flags, args }: Wanted): Promise<FoundEvidence> {
  const { results, measure } = flags;
  if (measure) return measureFor({ answers, scenarioName, flags, args });
  if (results === false) return { evidence: null, others: [], interrupted: false };
  return findEvidence({
    answers,
    scenario: scenario?.name ?? null,
    path: typeof results === 'string' ? results : undefined,
  });
}

async function print(advice: Advice, { interrupted }: FoundEvidence, { json, measure }: AdviseFlags): Promise<number> {
  const screen = json === '-' ? process.stderr : process.stdout;
  await deliver(json, spell(advice));
  screen.write(
    renderAdvice(advice, {
      width: screen.columns ?? 100,
      color: screen.isTTY === true && !process.env.NO_COLOR,
    }),
  );
  if (interrupted) return EXIT.interrupted;
  return measure && advice.basis === 'facts' ? EXIT.runFailed : EXIT.ok;
}

/** The scenario and what was said beside it, or every answer: as one would type it. */
function spellAnswers(answers: Answers, sources: Sources, scenarioName: string | undefined): string[] {
  const isSaid = (key: keyof Answers) => scenarioName === undefined || sources[key] === 'given';
  const spelled = (key: keyof Answers, name: string) =>
    isSaid(key) ? [`--${answers[key] === true ? '' : 'no-'}${name}`] : [];
  return [
    ...(scenarioName === undefined ? [] : [scenarioName]),
    ...spelled('bidirectional', 'bidirectional'),
    ...(isSaid('toleratesMs') ? ['--tolerates', spellDurationMs(answers.toleratesMs)] : []),
    ...spelled('binary', 'binary'),
    ...spelled('restrictiveProxies', 'restrictive-proxies'),
    ...spelled('browser', 'browser'),
  ];
}

/** @throws UsageError where flags contradict each other or cannot be read. */
function givenBy({
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
async function complete(given: Given, scenario: Scenario | null): Promise<{ answers: Answers; sources: Sources }> {
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
