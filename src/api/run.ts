import { commandLine } from '../cli/command-line.js';
import { measure } from '../cli/measure.js';
import { OVERRIDES, planOf, requireOwnServer } from '../cli/run-plan.js';
import { proxyToUse } from '../cli/via-proxy.js';
import { UsageError } from '../errors.js';
import { browserProblem } from '../load/browser/chromium.js';
import { NO_LOADS } from '../report/guide/loads-schema.js';
import type { Report } from '../report/schema.js';
import type { TargetInput } from '../scenario/target-schema.js';
import type { SuiteEvent } from '../suite/events.js';

/** A key of a scenario that can be set here, as `--` and its name in lower case with hyphens on the command line. */
export type PlanKey = Exclude<(typeof OVERRIDES)[number], 'tls'>;

/**
 * What to measure: a scenario, and what is put over it. Every key but those named below is one of a scenario file, with
 * a value as it stands there or in the flag: `clients: 50`, `rate: '120/s'`, `duration: '2500ms'`, `size: '1KiB'`.
 */
export interface PlanOptions extends Partial<Readonly<Record<PlanKey, string | number>>> {
  /** Name of a shipped scenario, or the path of a YAML file; absent: `default`. */
  readonly scenario?: string;
  /**
   * Rows of the table, as after `-t`: a name, a path or a package, with settings (`websocket:deflate=true`). Paths and
   * packages are looked up from the working directory. Absent: those of the scenario, or all that ship.
   */
  readonly transports?: readonly string[];
  /** Everything over TLS, with a certificate made for the run. */
  readonly tls?: boolean;
  /** What is done to every run, as after `--fault`: `cut:50%@2s`. */
  readonly faults?: readonly string[];
  /** `true`: with the instrument's own row as well; `false`: without any control row. Absent: the TCP floor is there. */
  readonly floor?: boolean;
  /** Pins server and load to cores of their own, by `taskset` (Linux). */
  readonly pin?: boolean;
  /**
   * A server of yours instead of the one that ships: its URL, or what `target` of a scenario file holds (docs/your-own-server.md),
   * which comes before what the scenario says, key by key.
   */
  readonly target?: string | TargetInput;
  /** The target is not this machine, and yours to load. */
  readonly iMayLoadThisHost?: boolean;
  /** What figures must be, as after `--expect`: `latencyUs.p99<250ms`. What came of each is in `report.expectations`. */
  readonly expect?: readonly string[];
}

export interface RunControl {
  /** Ends the measuring: the report then holds the runs before, and says `interrupted`. */
  readonly signal?: AbortSignal;
  /** What happens, in order; called between runs and a few times a second within one. It must not throw. */
  readonly onEvent?: (event: SuiteEvent) => void;
  /** The report so far, after every run; waited for, and a rejection ends the measuring. */
  readonly onReport?: (soFar: Report) => void | Promise<void>;
}

/**
 * Measures, as `rtbench run` does, and resolves to the report that the command writes as `result.json`. Nothing is
 * printed or written, and every process that was started is gone when the promise settles. A row that failed is in the
 * report with its reason and no cause to reject; nor is a verdict: look at `report.verdict`.
 *
 * @param what name or path of a scenario, or that and what to put over it.
 * @throws UsageError naming every problem, before anything is started: an unknown key or name, a value that is not
 *   accepted, a load that this machine cannot carry.
 */
export async function run(what: string | PlanOptions = {}, control: RunControl = {}): Promise<Report> {
  const options: PlanOptions = typeof what === 'string' ? { scenario: what } : what;
  const { scenario = 'default', transports = [], faults = [], floor, pin = false, tls, expect = [] } = options;
  const values = valuesOf(options);
  const flags = {
    ...values,
    transport: transports,
    fault: faults,
    evidence: [],
    expect,
    targetParts: targetOf(options),
    iMayLoadThisHost: options.iMayLoadThisHost ?? false,
    ui: false,
    ...(floor !== undefined && { floor }),
    ...(tls !== undefined && { tls }),
  };
  const plan = await planOf(scenario, flags);
  requireOwnServer(plan, { ...flags, pin });
  if (plan.scenario.via === 'browser') {
    const problem = await browserProblem();
    if (problem !== undefined) throw new UsageError(`via: browser: ${problem}`);
  }
  const { signal = new AbortController().signal, onEvent = () => {}, onReport } = control;
  return measure(plan, {
    command: commandOf(options, values),
    pinned: pin,
    wire: false,
    proxy: await proxyToUse(plan.scenario),
    signal,
    onEvent,
    save: async (json) => onReport?.(JSON.parse(json) as Report),
    guide: null,
    loads: NO_LOADS,
  });
}

const OWN_KEYS: readonly string[] = [
  ...['scenario', 'transports', 'tls', 'faults', 'floor', 'pin'],
  ...['target', 'iMayLoadThisHost', 'expect'],
];

function targetOf({ target }: PlanOptions): TargetInput {
  return typeof target === 'string' ? { url: target } : (target ?? {});
}

/** What is put over the scenario, as text. */
function valuesOf(options: PlanOptions): Readonly<Partial<Record<PlanKey, string>>> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const known: readonly string[] = [...OVERRIDES, ...OWN_KEYS];
  const unknown = given.map(([key]) => key).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new UsageError(unknown.map((key) => `unknown option \`${key}\`; there are ${known.join(', ')}`));
  }
  const values = given.filter(([key]) => !OWN_KEYS.includes(key));
  return Object.fromEntries(values.map(([key, value]) => [key, String(value)]));
}

/** The command that measures the same. */
function commandOf(options: PlanOptions, values: object): string {
  const { scenario, transports, faults, tls, floor, pin, expect, iMayLoadThisHost } = options;
  const target = targetOf(options);
  const line = commandLine([
    'run',
    ...(scenario === undefined ? [] : [scenario]),
    ...(transports ?? []).flatMap((spec) => ['-t', spec]),
    ...Object.entries(values).flatMap(([key, value]) => [flagOf(key), String(value)]),
    ...(faults ?? []).flatMap((fault) => ['--fault', fault]),
    ...(tls ? ['--tls'] : []),
    ...(floor === undefined ? [] : [floor ? '--floor' : '--no-floor']),
    ...(pin ? ['--pin'] : []),
    ...targetFlags(target),
    ...(iMayLoadThisHost ? ['--i-may-load-this-host'] : []),
    ...(expect ?? []).flatMap((threshold) => ['--expect', threshold]),
  ]);
  const unsaid = Object.keys(target).filter((key) => !(key in TARGET_FLAGS) && key !== 'headers');
  return unsaid.length === 0 ? line : `${line} # with ${unsaid.map((key) => `target.${key}`).join(', ')} of a program`;
}

/** Flags of `rtbench run` for what a program says of a target; the rest takes a file. */
const TARGET_FLAGS: Partial<Readonly<Record<keyof TargetInput, string>>> = {
  url: '--target',
  command: '--server-command',
  ready: '--server-ready',
  pid: '--server-pid',
  ca: '--ca',
};

function targetFlags(target: TargetInput): string[] {
  const headers = Object.entries(target.headers ?? {}).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const others = Object.entries(TARGET_FLAGS).flatMap(([key, flag]) => {
    const value = target[key as keyof TargetInput];
    return value === undefined ? [] : [flag, String(value)];
  });
  return [...others, ...headers];
}

function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
