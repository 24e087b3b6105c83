import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, UsageError } from '../errors.js';
import { readDocument, type ScenarioDocument } from './document.js';
import { EXPECT_FLAG, mergedThresholds, parseExpect, parseExpectFlag, type ThresholdRequest } from './expect.js';
import { DEFAULT_RECONNECT, type FaultPlan, isOnTheWay } from './faults.js';
import { type Issue, issuesOf, SECRET } from './issues.js';
import { DEFAULT_BUDGET_MS, MIN_AUTO_ROUNDS } from './limits.js';
import { type NetworkConditions, NO_DISTANCE, networkOf } from './network.js';
import { BY_FLAG, type TransportRequest } from './rows.js';
import type { Scenario } from './scenario.js';
import { type ScenarioFile, type ScenarioKey, scenarioFileSchema } from './schema.js';
import { didYouMean } from './suggestion.js';
import type { Target } from './target.js';
import { type TargetFlags, targetOf, withTargetFlags } from './target-flags.js';
import { ThresholdProblem } from './threshold.js';
import { uplinkAt } from './uplink.js';
import { warmupMsFor } from './warmup.js';

/** The shipped scenarios, as seen from `src/` and from `dist/`. */
const SHIPPED = new URL('../../scenarios/', import.meta.url);

/** Values of flags as typed, by the key they override; the flag is `--` and the key in lower case with hyphens. */
export type Overrides = Readonly<
  Partial<Record<Exclude<ScenarioKey, 'transports' | 'tls' | 'faults' | 'expect' | 'target'>, string>>
> & {
  readonly tls?: boolean;
  /** Values of `--fault`; they replace the file's list. */
  readonly faults?: readonly string[];
  /** Values of `--transport`; they replace the file's list. */
  readonly transports?: readonly string[];
  /** Values of `--expect`; they replace those of the file on the same figure of the same rows. */
  readonly expects?: readonly string[];
  /** What flags say of a target; absent: whoever asks cannot measure one. */
  readonly target?: TargetFlags;
};

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** What to compare; empty: everything that ships. */
  readonly transports: readonly TransportRequest[];
  /** What figures must be; `Scenario.expect` is empty until their rows are looked up (`thresholdsOf`). */
  readonly expect: readonly ThresholdRequest[];
  /** A server that is not rtbench's own; `null`: the one that ships. */
  readonly target: Target | null;
}

export interface ScenarioListing {
  readonly name: string;
  readonly title: string;
  readonly question: string;
}

/**
 * Reads a scenario and puts flags over it. `nameOrPath`: the name of a shipped scenario, or the path of a YAML file
 * (anything with a separator or ending in `.yaml` or `.yml`). `cores` resolves `workers: auto`.
 *
 * @throws UsageError with every problem of the file and of the flags at once.
 */
export function loadScenario(
  nameOrPath = 'default',
  { expects = [], ...overrides }: Overrides = {},
  cores: number = availableParallelism(),
): LoadedScenario {
  const { text, file } = readScenario(nameOrPath);
  const { target: targetFlags, ...others } = overrides;
  const read = readDocument(text, file);
  const { values, problems: targetProblems } = withTargetFlags(read.values, targetFlags ?? {});
  const document = { ...read, values };
  const flags = flagValues(others);
  const ofFile = parseExpect(document.values.expect);
  const ofFlags = expects.map(expectFlag);
  const problems = [
    ...issuesOf(document.values)
      // What is below `expect` is told apart by its figures.
      .filter(({ path }) => path[0] !== 'expect' || path.length === 1)
      .map((issue) => ({ path: issue.path, text: issueText(issue) })),
    ...ofFile.problems,
  ]
    .map(({ path, text }) => ({ line: document.lineOf(path), text }))
    .sort((a, b) => a.line - b.line)
    .map(({ line, text }) => `${file}:${line}: ${text}`);
  problems.push(...targetProblems, ...issuesOf(flags).map(flagProblem));
  problems.push(...ofFlags.filter((flag) => typeof flag === 'string'));
  problems.push(...budgetProblems(document, flags, file));
  if (problems.length > 0) throw new UsageError(problems);

  const parsed = scenarioFileSchema.parse({ ...document.values, ...flags });
  const target = targetOf(parsed.target, targetFlags);
  const scenario = toScenario(parsed, nameOf(file), overrides.clients !== undefined, cores);
  return {
    scenario: target?.publish === null ? observing(scenario, overrides) : scenario,
    target,
    transports: (parsed.transports ?? []).map((spec, index) => ({
      spec,
      where: overrides.transports ? BY_FLAG : `${file}:${document.lineOf(['transports', index])}`,
    })),
    expect: mergedThresholds(
      ofFile.requests.map(({ at, ...request }) => ({ ...request, where: `${file}:${document.lineOf(at)}` })),
      ofFlags.filter((flag) => typeof flag !== 'string'),
    ),
  };
}

/** The shipped scenarios, by name. */
export function listScenarios(): readonly ScenarioListing[] {
  return shippedNames().map((name) => {
    const { scenario } = loadScenario(name);
    return { name, title: scenario.title, question: scenario.question };
  });
}

function shippedNames(): readonly string[] {
  return readdirSync(SHIPPED)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** The text of a scenario, and how messages name its file. Throws as `loadScenario` does where there is none. */
export function readScenario(nameOrPath: string): { text: string; file: string } {
  if (/[\\/]|\.ya?ml$/.test(nameOrPath)) return { text: readText(nameOrPath, nameOrPath), file: nameOrPath };
  const names = shippedNames();
  if (!names.includes(nameOrPath)) {
    throw new UsageError(
      `unknown scenario \`${nameOrPath}\`${didYouMean(nameOrPath, names)}there are ${names.join(', ')}, ` +
        'or give the path of a file such as ./mine.yaml',
    );
  }
  const file = `scenarios/${nameOrPath}.yaml`;
  return { text: readText(fileURLToPath(new URL(`${nameOrPath}.yaml`, SHIPPED)), file), file };
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${file}: cannot be read (${messageOf(error)}); shipped scenarios are given by name alone: ${shippedNames().join(', ')}`,
    );
  }
}

/** Whole numbers become numbers, as YAML has them; everything else stays text. */
function flagValues(overrides: Omit<Overrides, 'target'>): Record<string, unknown> {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [key, typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value]),
  );
}

/** A budget is for `rounds: auto` alone; that of a file is idle while `--rounds` gives a number. */
function budgetProblems(
  { values, lineOf }: ScenarioDocument,
  flags: Readonly<Record<string, unknown>>,
  file: string,
): readonly string[] {
  if ((flags.rounds ?? values.rounds) === 'auto') return [];
  if (flags.budget !== undefined) return ['--budget: is for `--rounds auto`, which ends when it is spent; add that'];
  if (values.budget === undefined || flags.rounds !== undefined) return [];
  return [`${file}:${lineOf(['budget'])}: \`budget\` is for \`rounds: auto\`, which ends when it is spent; add that`];
}

/** Flags of keys that hold a list; they are given once for each item. */
const LIST_FLAGS: Readonly<Record<string, string>> = { transports: '--transport', faults: '--fault' };

/** The threshold, or what is wrong with it. */
function expectFlag(text: string): ThresholdRequest | string {
  try {
    return { ...parseExpectFlag(text), where: EXPECT_FLAG };
  } catch (error) {
    if (!(error instanceof ThresholdProblem)) throw error;
    return `${EXPECT_FLAG}: \`${text}\`: ${error.message}`;
  }
}

function issueText(issue: Issue): string {
  if (issue.kind === 'unknownKey') return issue.text;
  return `\`${issue.key}\` must be ${issue.accepted}, got ${spell(issue.value)}`;
}

function flagProblem(issue: Issue): string {
  if (issue.kind === 'unknownKey') return issue.text;
  const flag = LIST_FLAGS[String(issue.path[0])] ?? `--${kebabCase(issue.key)}`;
  return `${flag}: \`${String(issue.value)}\` is not ${issue.accepted}`;
}

function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function spell(value: unknown): string {
  if (value === SECRET) return 'a text that is not repeated here';
  if (value === null || value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

/** A name fit for results and folders, from the file's. */
function nameOf(file: string): string {
  const words = basename(file.replaceAll('\\', '/'))
    .replace(/\.ya?ml$/, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return words?.join('-') ?? 'scenario';
}

function toScenario(file: ScenarioFile, fileName: string, clientsByFlag: boolean, cores: number): Scenario {
  const name = file.name ?? fileName;
  const faults = faultsOf(file);
  const ratePerSecond = file.rate * file.scale;
  return {
    name,
    title: file.title ?? name,
    question: file.question,
    scale: file.scale,
    workload: {
      clients: file.clients,
      publish: file.publish,
      channels: file.channels,
      ratePerSecond,
      sizeBytes: file.size,
      payload: file.payload,
      arrivals: file.arrivals,
      uplink: uplinkAt(file.uplink, file.scale),
      warmupMs: file.warmup === 'auto' ? warmupMsFor({ ...file, ratePerSecond }) : file.warmup / file.scale,
      durationMs: file.duration / file.scale,
    },
    toleratesMs: file.tolerates / file.scale,
    rounds: file.rounds === 'auto' ? MIN_AUTO_ROUNDS : file.rounds,
    auto: file.rounds === 'auto' ? { budgetMs: file.budget ?? DEFAULT_BUDGET_MS } : null,
    seed: file.seed,
    workers: file.workers === 'auto' ? Math.max(1, cores - 1) : file.workers,
    // Fewer clients by flag are meant to be enough: the file's probes cannot be lowered by one.
    probes: clientsByFlag ? Math.min(file.probes, file.clients) : file.probes,
    interleaveMs: file.interleave ?? null,
    tls: file.tls ?? file.preset !== undefined,
    auth: file.auth ?? null,
    preset: file.preset ?? null,
    via: file.via ?? null,
    network: wayOf(file, faults),
    whenFull: file.whenFull,
    slowReaders: file.slowReaders ?? null,
    heartbeatMs: file.heartbeat ?? null,
    faults,
    expect: [],
  };
}

/**
 * The same where nothing is published.
 *
 * @throws UsageError where a flag, or `publish: clients`, says that something is.
 */
function observing(scenario: Scenario, overrides: Pick<Overrides, 'rate' | 'size' | 'payload'>): Scenario {
  const { workload } = scenario;
  const said = (['rate', 'size', 'payload'] as const).filter((key) => overrides[key] !== undefined);
  const problems = said.map(
    (key) => `--${key}: is of what is published, and with \`publish: observe\` nothing is; leave it out`,
  );
  if (workload.publish === 'clients') {
    problems.push('`publish: clients` and `target.publish: observe` do not go together: leave one of them out');
  }
  if (problems.length > 0) throw new UsageError(problems);
  return { ...scenario, workload: { ...workload, publish: 'observe', ratePerSecond: 0 } };
}

/** What is done to the clients' way takes a relay on it, even one without distance. */
function wayOf(file: ScenarioFile, faults: FaultPlan | null): NetworkConditions | null {
  return networkOf(file) ?? (faults?.injected.some(isOnTheWay) ? NO_DISTANCE : null);
}

/** To say how clients come back has them come back, whether anything is done to them or not. */
function faultsOf({ faults = [], reconnect, resume }: ScenarioFile): FaultPlan | null {
  if (faults.length === 0 && reconnect === undefined && resume === undefined) return null;
  return {
    injected: [...faults].sort((a, b) => a.atMs - b.atMs),
    reconnect: reconnect ?? DEFAULT_RECONNECT,
    resume: resume !== 'off',
  };
}
