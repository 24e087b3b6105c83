import { EXIT, UsageError } from '../errors.js';
import { MIN_SAMPLES_P99 } from '../report/distribution.js';
import { GATE_FIGURES, type GateFigure, type GateFigureName } from '../report/gate/figures.js';
import { type LoadedScenario, loadScenario, type Overrides } from '../scenario/load.js';
import { makePlan } from '../scenario/plan.js';
import { BY_FLAG, resolveRows } from '../scenario/rows.js';
import type { Plan, Row, Scenario, Workload } from '../scenario/scenario.js';
import { isObserved, type Target } from '../scenario/target.js';
import type { TargetFlags } from '../scenario/target-flags.js';
import { targetProblems } from '../scenario/target-plan.js';
import { senderOf } from '../scenario/uplink.js';
import { ACCEPTED, parseDurationMs, spellDurationMs } from '../units.js';
import { registry } from './registry.js';
import { requireEnvironment, thisMachine } from './run-plan.js';

/** Flags of pairs: those of `check` with a base and a head, and of `noise`. */
export interface PairFlags extends Pick<Overrides, 'clients' | 'rate' | 'size' | 'duration' | 'warmup' | 'seed'> {
  readonly transport: readonly string[];
  /** Of a server that is not rtbench's own. */
  readonly target?: string;
  readonly command?: string;
  readonly serverReady?: string;
  readonly iMayLoadThisHost?: boolean;
  readonly pairs?: string;
  readonly budget?: string;
  readonly alpha: string;
  readonly figures?: string;
  readonly threshold: readonly string[];
  readonly pin?: boolean;
  readonly out?: string;
  readonly json?: string;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
}

/** What is asked for of pairs. */
export interface PairRequest {
  readonly figures: readonly GateFigure[];
  readonly alpha: number;
  /** `null`: as many as the budget holds. */
  readonly pairs: number | null;
  /** `null`: as long as the pairs take. */
  readonly budgetMs: number | null;
}

/**
 * Short windows and many of them: what the machine does to its speed is shared by the two runs of a pair. A p99 takes 299
 * publishes. Few clients and many messages: where a message goes to many, the next one often waits for it, and latencies
 * of the same program differ by more (p50 by 7 % with 50 clients and 100/s, by 2 % so).
 */
const DEFAULTS = { clients: '20', rate: '250/s', duration: '2s', warmup: '500ms', interleave: '50ms' } as const;
/** So many of them are timed. */
const TIMED = 20;
const DEFAULT_BUDGET = '5m';
/** More add little, and the exact test ends there. */
const MOST_PAIRS = 50;
/** Rounds for a pair that is used: some pairs are disturbed. */
const ROUNDS_PER_PAIR = 1.5;

/** @throws UsageError with every problem. */
export function readPairRequest(flags: PairFlags): PairRequest {
  const problems: string[] = [];
  const budget = flags.budget ?? (flags.pairs === undefined ? DEFAULT_BUDGET : undefined);
  const budgetMs = budget === undefined ? null : parseDurationMs(budget);
  if (budgetMs === undefined) problems.push(`--budget: \`${budget}\` is not ${ACCEPTED.duration}`);
  const pairs = flags.pairs === undefined ? null : Number(flags.pairs);
  if (pairs !== null && !(Number.isInteger(pairs) && pairs >= 1 && pairs <= MOST_PAIRS)) {
    problems.push(`--pairs: \`${flags.pairs}\` is not a whole number from 1 to ${MOST_PAIRS}`);
  }
  const alpha = shareOf(flags.alpha);
  if (alpha === undefined || alpha < 0.001 || alpha > 0.2) {
    problems.push(`--alpha: \`${flags.alpha}\` is not a share from 0.1% to 20%`);
  }
  const figures = figuresOf(flags, problems);
  if (problems.length > 0) throw new UsageError(problems);
  return { figures, alpha: alpha ?? 0.05, pairs, budgetMs: budgetMs ?? null };
}

/** What pairs will be of. */
export interface PairPlan {
  readonly row: Row;
  /** Of two rows like it. */
  readonly plan: Plan;
  /** At the most. */
  readonly pairs: number;
  readonly pairMs: number;
  /** A server that is not rtbench's own; `null`: the one that ships. */
  readonly target: Target | null;
}

/** The one row that is asked for, and the plan of pairs of two like it; `target`: what flags say of one. */
export async function planPairs(
  scenarioName: string,
  flags: PairFlags,
  { figures, pairs, budgetMs }: PairRequest,
  target?: TargetFlags,
): Promise<PairPlan> {
  if (target) requirePublished(loadScenario(scenarioName, { target }).target);
  const loaded = loadScenario(scenarioName, { ...overridesOf(flags), ...(target && { target }) });
  const scenario = timingMany(loaded.scenario);
  requireEnvironment(loaded.target);
  const row = await theRow(flags, loaded);
  requirePublishes(figures, scenario.workload);
  const planOf = (rounds: number) => makePlan({ ...scenario, rounds, auto: null }, [row, row], thisMachine());
  const pairMs = planOf(1).estimatedMs;
  const most = pairs ?? Math.min(MOST_PAIRS, Math.floor((budgetMs ?? 0) / pairMs));
  return {
    row,
    plan: planOf(Math.max(1, Math.ceil(ROUNDS_PER_PAIR * most))),
    pairs: most,
    pairMs,
    target: loaded.target,
  };
}

/**
 * Times all clients where there are few: the others would live in another process, which takes its turns on the same cores
 * (5 of 20 timed: p50 of the same program differs by 4 % within a pair). Slow readers are no probes, and pages take much
 * more than a client: the scenario knows how many it can have.
 */
function timingMany(scenario: Scenario): Scenario {
  if (scenario.slowReaders !== null || scenario.via === 'browser') return scenario;
  return { ...scenario, probes: Math.max(scenario.probes, Math.min(TIMED, scenario.workload.clients)) };
}

/** @throws UsageError where nothing is published: base and head have their turns by what is. */
function requirePublished(target: Target | null): void {
  if (target === null || !isObserved(target)) return;
  throw new UsageError(
    '`publish: observe`: base and head take turns to be published to, and a server that sends of itself takes none: ' +
      'give the request that publishes, or compare two runs with rtbench compare',
  );
}

/** Of a server of the user's own, that of its scenario where no flag names one. */
async function theRow({ transport }: PairFlags, { scenario, target, transports }: LoadedScenario): Promise<Row> {
  const byFlag = transport.map((spec) => ({ spec, where: BY_FLAG }));
  const requests = byFlag.length > 0 || target === null ? byFlag : transports;
  const names = [...registry.builtIn.keys()].join(', ');
  const one = new UsageError(`--transport: name the one technique whose server is timed, such as one of ${names}`);
  if (requests.length !== 1 && target === null) throw one;
  const { preset, heartbeatMs, scale } = scenario;
  const wishes = { preset, heartbeatMs, scale, target };
  const [row, ...others] = await resolveRows(requests, senderOf(scenario.workload), registry, process.cwd(), wishes);
  if (row === undefined || others.length > 0) throw one;
  if (row.profile.inProcess) throw new UsageError(`--transport: ${row.label} has no server to time`);
  return row;
}

/**
 * Base and head are two servers, so that turns are no matter of one of them.
 *
 * @throws UsageError where a target cannot be measured so.
 */
export function requireTarget(target: Target, scenario: Scenario, row: Row, flags: Pick<PairFlags, 'pin'>): void {
  const problems = [...targetProblems(target, { ...scenario, interleaveMs: null }, [row])];
  if (flags.pin) problems.push('--pin: of servers that rtbench starts itself; leave it out');
  if (problems.length > 0) throw new UsageError(problems);
}

/** A figure that no run can have would make every gate inconclusive. */
function requirePublishes(figures: readonly GateFigure[], { ratePerSecond, durationMs }: Workload): void {
  const publishes = (ratePerSecond * durationMs) / 1_000;
  if (publishes >= MIN_SAMPLES_P99 || !figures.some(({ name }) => name === 'p99')) return;
  const longer = spellDurationMs(Math.ceil(MIN_SAMPLES_P99 / ratePerSecond) * 1_000);
  throw new UsageError(
    `--figures: a p99 takes ${MIN_SAMPLES_P99} publishes in a window, and there are ${Math.round(publishes)}: ` +
      `use --duration ${longer}, or leave p99 out with --figures cpu,p50`,
  );
}

/** The exit code of a gate's command that a side's failure ends. */
export function failPairs(message: string): number {
  process.stderr.write(`rtbench: ${message}\n`);
  return EXIT.runFailed;
}

function overridesOf(flags: PairFlags): Overrides {
  const { clients, rate, size, duration, warmup, seed } = flags;
  const given = Object.entries({ clients, rate, size, duration, warmup, seed }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

function figuresOf({ figures, threshold }: PairFlags, problems: string[]): readonly GateFigure[] {
  const names = GATE_FIGURES.map(({ name }) => name);
  const isName = (text: string): text is GateFigureName => names.some((name) => name === text);
  const usual = GATE_FIGURES.filter(({ byDefault }) => byDefault).map(({ name }) => name);
  const listed = figures?.split(',').map((text) => text.trim());
  for (const text of listed?.filter((each) => !isName(each)) ?? []) {
    problems.push(`--figures: \`${text}\` is not one of ${names.join(', ')}`);
  }
  const thresholds = new Map<string, number>();
  /** Whoever says what is too much of a figure wants it looked at. */
  const named: string[] = [];
  for (const text of threshold) {
    const [, name, value = ''] = /^(?:([^=]*)=)?(.*)$/.exec(text) ?? [];
    const share = shareOf(value);
    if ((name !== undefined && !isName(name)) || share === undefined || share > 10) {
      problems.push(`--threshold: \`${text}\` is not a share such as 5%, or one of a figure such as ${names[0]}=5%`);
    } else if (name !== undefined && listed?.includes(name) === false) {
      problems.push(`--threshold: \`${text}\` is of a figure that --figures leaves out: add it there`);
    } else for (const each of name === undefined ? names : [name]) thresholds.set(each, share);
    if (name !== undefined && isName(name)) named.push(name);
  }
  const asked = listed ?? [...usual, ...named];
  return GATE_FIGURES.filter(({ name }) => asked.includes(name)).map((figure) => ({
    ...figure,
    threshold: thresholds.get(figure.name) ?? figure.threshold,
  }));
}

/** `5%` or `0.5 %`, as a share. */
function shareOf(text: string): number | undefined {
  const [, digits] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
  return digits === undefined ? undefined : Number(digits) / 100;
}
