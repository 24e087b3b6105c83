import { UsageError } from '../errors.js';
import { readEnvironment } from '../report/environment.js';
import { EXPECT_FLAG } from '../scenario/expect.js';
import { loadScenario, type Overrides } from '../scenario/load.js';
import { type Machine, makePlan } from '../scenario/plan.js';
import { requireReferences } from '../scenario/references.js';
import { resolveRows } from '../scenario/rows.js';
import type { Plan, Row, Scenario } from '../scenario/scenario.js';
import type { Target } from '../scenario/target.js';
import type { TargetFlags } from '../scenario/target-flags.js';
import type { Threshold } from '../scenario/threshold.js';
import { idleText, thresholdsOf, withThresholds } from '../scenario/thresholds.js';
import { senderOf } from '../scenario/uplink.js';
import { proxyOf } from '../scenario/via.js';
import { harnessRegistry, registry } from './registry.js';
import type { RunFlags } from './run-flags.js';

/** The rows that are measured, from those that were asked for. */
type ChooseRows = (
  asked: readonly Row[],
  scenario: Scenario,
  flags: RunFlags,
  /** Whether flag or scenario named any. */
  areNamed: boolean,
) => Promise<readonly Row[]>;

export async function planOf(scenarioName: string, flags: RunFlags, choose: ChooseRows = controlled): Promise<Plan> {
  const { scenario, transports, expect, target } = loadScenario(scenarioName, overridesOf(flags));
  requireEnvironment(target);
  const { preset, heartbeatMs, faults, scale } = scenario;
  const wishes = { preset, heartbeatMs, scale, resume: faults?.resume ?? false, target };
  const asked = await resolveRows(transports, senderOf(scenario.workload), registry, process.cwd(), wishes);
  // Controls are of the server that ships.
  const rows = target === null ? await choose(asked, scenario, flags, transports.length > 0) : asked;
  const thresholds = await thresholdsOf(expect, senderOf(scenario.workload), registry, process.cwd(), wishes);
  const { plan, idle } = withThresholds(makePlan(scenario, rows, thisMachine(), target), thresholds);
  const byFlag = new Set(thresholds.filter((_, index) => expect[index]?.where === EXPECT_FLAG));
  return withoutIdle(plan, idle, (threshold) => flags.transport.length > 0 && !byFlag.has(threshold));
}

/** Of fewer rows than the file names, by `-t`, the others' thresholds wait; one for nothing else is a mistake. */
function withoutIdle(plan: Plan, idle: readonly Threshold[], mayWait: (threshold: Threshold) => boolean): Plan {
  const mistakes = idle.filter((threshold) => !mayWait(threshold));
  if (mistakes.length > 0) {
    throw new UsageError(mistakes.map((one) => `${idleText(one)}; add the row with -t, or leave the threshold out`));
  }
  return { ...plan, notes: [...plan.notes, ...idle.map(idleText)] };
}

export function thisMachine(): Machine {
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
  const all = asked.some(isControl) ? [] : await resolveRows([], senderOf(workload), registry);
  const own = floor ? await resolveRows([], senderOf(workload), harnessRegistry) : [];
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
  'uplink',
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
] as const satisfies readonly (keyof Omit<Overrides, 'transports' | 'expects'>)[];

function targetFlagsOf(flags: RunFlags): TargetFlags {
  const { target, serverCommand, serverReady, serverPid, publish, stamp, clockOffset, header, ca } = flags;
  return {
    url: target,
    command: serverCommand,
    ready: serverReady,
    pid: serverPid,
    publish,
    stamp,
    clockOffset,
    headers: header,
    ca,
    parts: flags.targetParts,
    mayLoadHost: flags.iMayLoadThisHost,
  };
}

/** @throws UsageError with what a target takes from the environment that is not there. */
export function requireEnvironment(target: Target | null): void {
  requireReferences(target, '`target`', process.env);
}

/** @throws UsageError with what takes rtbench's own server, where it is not the one measured. */
export function requireOwnServer({ target }: Plan, { wire, pin, table, claims }: RunFlags): void {
  if (!target) return;
  const asked = [wire && '--wire', pin && '--pin', table !== undefined && '--table', claims && '--claims'];
  const problems = asked.filter((flag) => typeof flag === 'string');
  if (problems.length > 0) {
    throw new UsageError(problems.map((flag) => `${flag}: only with rtbench's own server, leave it out with --target`));
  }
}

function overridesOf({ transport, fault, expect = [], ...flags }: RunFlags): Overrides {
  return {
    ...Object.fromEntries(OVERRIDES.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]])),
    target: targetFlagsOf({ transport, fault, ...flags }),
    ...(transport.length > 0 ? { transports: transport } : {}),
    ...(fault.length > 0 ? { faults: fault } : {}),
    ...(expect.length > 0 ? { expects: expect } : {}),
  };
}
