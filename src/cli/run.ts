import type { Dashboard } from '../dashboard/dashboard.js';
import { chooseMode, openDashboard } from '../dashboard/index.js';
import { EXIT, UsageError } from '../errors.js';
import { browserProblem } from '../load/browser/chromium.js';
import { readEnvironment } from '../report/environment.js';
import type { Environment, Report } from '../report/schema.js';
import { jsonReporter } from '../reporters/json.js';
import { markdownReporter } from '../reporters/markdown.js';
import { type GuidePlan, makeGuidePlan } from '../scenario/guide-plan.js';
import { loadScenario, type Overrides } from '../scenario/load.js';
import { type Machine, makePlan } from '../scenario/plan.js';
import { resolveRows } from '../scenario/rows.js';
import type { Plan, Row, Scenario } from '../scenario/scenario.js';
import { proxyOf } from '../scenario/via.js';
import { commandLine } from './command-line.js';
import { describePlan } from './dry-run.js';
import { renderShown, type ShownFlags, shownBy } from './guide-output.js';
import { describeGuidePlan, noteOnGuidePlan } from './guide-progress.js';
import { openInterrupt } from './interrupt.js';
import { measure } from './measure.js';
import { enterNamespace, isInNamespace } from './namespace.js';
import { type Output, openOutput } from './output.js';
import { harnessRegistry, registry } from './registry.js';
import { proxyToUse } from './via-proxy.js';

export interface RunFlags extends Omit<Overrides, 'transports' | 'faults'>, ShownFlags {
  /** Every use case of the guide, and one matrix of all. */
  readonly all?: boolean;
  readonly transport: readonly string[];
  readonly fault: readonly string[];
  readonly out?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly details?: boolean;
  readonly pin?: boolean;
  /** `true`: with the instrument's own row; `false`: without any control. */
  readonly floor?: boolean;
  readonly wire?: boolean;
  readonly dryRun?: boolean;
  readonly ui: boolean;
  readonly quiet?: boolean;
}

/** `rtbench run`. `args`: the command line, for the result to say how to measure it again. */
export async function run(named: string | undefined, flags: RunFlags, args: readonly string[]): Promise<number> {
  if (!flags.all) return runOne(named ?? 'default', flags, args);
  const { runAll } = await import('./run-all.js');
  return runAll(named, flags, args);
}

async function runOne(scenarioName: string, flags: RunFlags, args: readonly string[]): Promise<number> {
  const shown = shownBy(flags);
  const plan = await planOf(scenarioName, flags);
  const guidePlan = shown.table === 'guide' ? makeGuidePlan(plan, thisMachine()) : null;
  if (flags.wire && plan.scenario.interleaveMs !== null) {
    throw new UsageError('--wire counts the packets of all rows that run at once: leave out --wire or --interleave');
  }
  const documents = documentsToStdout(flags);
  const screen = documents > 0 ? process.stderr : process.stdout;
  if (flags.dryRun) {
    screen.write(describePlan(plan));
    if (guidePlan) screen.write(describeGuidePlan(guidePlan));
    return EXIT.ok;
  }
  if (plan.scenario.via === 'browser') await requireBrowser(flags);
  if (flags.wire && plan.scenario.network !== null) {
    throw new UsageError(
      '--wire counts what crosses loopback, and with a relay everything crosses it twice: leave out --wire, or what takes a relay (--rtt, --network, faults on the way)',
    );
  }
  if (flags.wire && proxyOf(plan.scenario) !== null) {
    throw new UsageError(
      '--wire counts what crosses loopback, and by way of a proxy everything crosses it twice: leave out --wire or --via',
    );
  }
  if (flags.wire && !isInNamespace()) return enterNamespace(args);
  if (!flags.quiet) for (const note of plan.notes) process.stderr.write(`note: ${note}\n`);
  if (!flags.quiet && guidePlan) process.stderr.write(`note: ${noteOnGuidePlan(guidePlan)}\n`);
  const { report, resultFile } = await measureAndSave(plan, flags, args, guidePlan);
  screen.write(renderShown(report, shown, renderOptions(screen, flags)));
  screen.write(`\nSaved: ${resultFile} and report.md beside it.\n`);
  return exitCodeOf(report);
}

/** How a plan is carried out and where its documents go, of the flags of `run`. */
export interface MeasureFlags extends Pick<RunFlags, 'pin' | 'wire' | 'ui'> {
  readonly out?: string | undefined;
  readonly json?: string | undefined;
  readonly markdown?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/**
 * Carries out a plan with progress on stderr, and writes its documents: the result after every run, all of them at the
 * end. `guidePlan`: what to measure after the runs for the guide's table.
 *
 * @throws UsageError where one cannot be written, before anything is measured.
 */
export async function measureAndSave(
  plan: Plan,
  flags: MeasureFlags,
  args: readonly string[],
  guidePlan: GuidePlan | null = null,
): Promise<{ readonly report: Report; readonly resultFile: string }> {
  const proxy = await proxyToUse(plan.scenario);
  const output = await openOutput({
    folder: flags.out,
    scenario: plan.scenario.name,
    startedAt: new Date(),
    json: flags.json,
    markdown: flags.markdown,
  });
  const report = await watched(plan, guidePlan, flags, args, { output, proxy });
  const whole = { width: 0, color: false, details: true };
  await output.finish({ json: jsonReporter.render(report, whole), markdown: markdownReporter.render(report, whole) });
  return { report, resultFile: output.resultFile };
}

/** @throws UsageError where a browser cannot be had, before anything is written. */
async function requireBrowser({ wire }: RunFlags): Promise<void> {
  if (wire)
    throw new UsageError('--wire counts what pages report on the same loopback: leave it out with --via browser');
  const problem = await browserProblem();
  if (problem !== undefined) throw new UsageError(`--via browser: ${problem}`);
}

async function watched(
  plan: Plan,
  guidePlan: GuidePlan | null,
  flags: MeasureFlags,
  args: readonly string[],
  { output, proxy }: { readonly output: Output; readonly proxy: Environment['proxy'] },
): Promise<Report> {
  const wire = flags.wire ?? false;
  const interrupt = openInterrupt(wire && process.connected ? 'link' : 'signals');
  const dashboard = await openDashboardFor(flags);
  try {
    return await measure(plan, {
      command: commandLine(args),
      pinned: flags.pin ?? false,
      wire,
      signal: interrupt.signal,
      onEvent: (event) => dashboard.onEvent(event),
      onRunsOver: () => dashboard.close(),
      proxy,
      save: output.save,
      guide: guidePlan && { plan: guidePlan, print: (line) => flags.quiet || console.error(line) },
    });
  } finally {
    interrupt.close();
  }
}

/** On stderr, so that stdout is left to documents. */
export function openDashboardFor({ ui, quiet }: Pick<MeasureFlags, 'ui' | 'quiet'>): Promise<Dashboard> {
  const { stderr: stream, env } = process;
  const mode = chooseMode({ isTTY: stream.isTTY === true, env, noUi: !ui, quiet: quiet ?? false });
  return openDashboard({ mode, stream, env });
}

/** The rows that are measured, from those that were asked for. */
type ChooseRows = (
  asked: readonly Row[],
  scenario: Scenario,
  flags: RunFlags,
  /** Whether flag or scenario named any. */
  areNamed: boolean,
) => Promise<readonly Row[]>;

export async function planOf(scenarioName: string, flags: RunFlags, choose: ChooseRows = controlled): Promise<Plan> {
  const { scenario, transports } = loadScenario(scenarioName, overridesOf(flags));
  const { preset, heartbeatMs, faults, scale } = scenario;
  const { publish } = scenario.workload;
  const wishes = { preset, heartbeatMs, scale, resume: faults?.resume ?? false };
  const asked = await resolveRows(transports, publish, registry, process.cwd(), wishes);
  const rows = await choose(asked, scenario, flags, transports.length > 0);
  return makePlan(scenario, rows, thisMachine());
}

function thisMachine(): Machine {
  const { descriptors } = readEnvironment({ pinning: null, deflateRatio: null });
  return { descriptors, platform: process.platform };
}

/**
 * The floor is no technique that anybody sends through a proxy for HTTP: with one it is there where it is asked for, by
 * its name or as all controls.
 */
function floorOf({ floor }: RunFlags, scenario: Scenario, areNamed: boolean): boolean | 'as named' | undefined {
  if (floor !== undefined || proxyOf(scenario) === null) return floor;
  return areNamed ? 'as named' : false;
}

const controlled: ChooseRows = (asked, scenario, flags, areNamed) =>
  withControls(asked, scenario, floorOf(flags, scenario, areNamed));

/** Every table carries the floor of transports, which may be asked for by name, and the instrument's on request. */
async function withControls(
  asked: readonly Row[],
  { workload }: Scenario,
  floor: boolean | 'as named' | undefined,
): Promise<readonly Row[]> {
  if (floor === 'as named') return asked;
  if (floor === false) return asked.filter(({ profile }) => profile.group !== 'control');
  const isControl = ({ profile }: Row) => profile.group === 'control';
  const all = asked.some(isControl) ? [] : await resolveRows([], workload.publish, registry);
  const own = floor ? await resolveRows([], workload.publish, harnessRegistry) : [];
  return [...asked, ...all.filter(isControl), ...own];
}

/** Flags that say what the scenario says too. */
export const OVERRIDES = [
  'clients',
  'probes',
  'rate',
  'size',
  'payload',
  'duration',
  'warmup',
  'rounds',
  'budget',
  'seed',
  'workers',
  'tolerates',
  'scale',
  'interleave',
  'tls',
  'auth',
  'preset',
  'via',
  'whenFull',
  'slowReaders',
  'network',
  'rtt',
  'jitter',
  'bandwidth',
  'heartbeat',
  'reconnect',
  'resume',
] as const satisfies readonly (keyof Omit<Overrides, 'transports'>)[];

function overridesOf({ transport, fault, ...flags }: RunFlags): Overrides {
  return {
    ...Object.fromEntries(OVERRIDES.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]])),
    ...(transport.length > 0 ? { transports: transport } : {}),
    ...(fault.length > 0 ? { faults: fault } : {}),
  };
}

export function documentsToStdout({ json, markdown }: RunFlags): number {
  const documents = [json, markdown].filter((target) => target === '-').length;
  if (documents > 1)
    throw new UsageError('--json - and --markdown -: only one of them can have stdout; give one a file');
  return documents;
}

export function renderOptions(screen: NodeJS.WriteStream, { details }: RunFlags) {
  return {
    width: screen.columns ?? 100,
    color: screen.isTTY === true && !process.env.NO_COLOR,
    details: details ?? false,
  };
}

function exitCodeOf(report: Report): number {
  if (report.interrupted) return EXIT.interrupted;
  const broken = report.transports.some((row) => row.state !== 'completed' || row.verdict === 'invalid');
  return broken ? EXIT.runFailed : EXIT.ok;
}
