import { readEnvironment } from '../report/environment.js';
import { loadScenario, type Overrides } from '../scenario/load.js';
import { type Machine, makePlan } from '../scenario/plan.js';
import { resolveRows } from '../scenario/rows.js';
import type { Plan, Row, Scenario } from '../scenario/scenario.js';
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
  const { scenario, transports } = loadScenario(scenarioName, overridesOf(flags));
  const { preset, heartbeatMs, faults, scale } = scenario;
  const wishes = { preset, heartbeatMs, scale, resume: faults?.resume ?? false };
  const asked = await resolveRows(transports, senderOf(scenario.workload), registry, process.cwd(), wishes);
  const rows = await choose(asked, scenario, flags, transports.length > 0);
  return makePlan(scenario, rows, thisMachine());
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
] as const satisfies readonly (keyof Omit<Overrides, 'transports'>)[];

function overridesOf({ transport, fault, ...flags }: RunFlags): Overrides {
  return {
    ...Object.fromEntries(OVERRIDES.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]])),
    ...(transport.length > 0 ? { transports: transport } : {}),
    ...(fault.length > 0 ? { faults: fault } : {}),
  };
}
