import { existsSync, readFileSync } from 'node:fs';
import type { RoundMeasurement } from '../report/round-measurement.js';
import type { CompletedRun } from '../report/schema.js';
import type { Plan, Scenario, Workload } from '../scenario/scenario.js';
import { BUILT_CLI, childrenOf } from './cli.js';

const built = async <Module>(path: string): Promise<Module> => {
  if (!existsSync(BUILT_CLI)) throw new Error('there is no build to test: run npm run build first');
  return (await import(new URL(`../../dist/${path}`, import.meta.url).href)) as Module;
};

/** Pids of the processes of the run under way. */
export interface RunProcesses {
  readonly server: number;
  readonly probe: number;
  readonly crowds: readonly number[];
}

/**
 * Carries out one run of a transport with the build, in real processes, and does something to them when its window
 * opens. `spec` as in `-t`.
 */
export async function conducted(
  spec: string,
  workload: Partial<Workload>,
  disturb: (processes: RunProcesses) => Promise<void>,
  changes: Partial<Scenario> = {},
  onMeasured: (measurement: RoundMeasurement) => void = () => {},
): Promise<CompletedRun> {
  const { carryOut } = await built<typeof import('../suite/run.js')>('suite/run.js');
  const plan = await planOf(spec, workload, changes);
  const [run] = plan.runs;
  if (run === undefined) throw new Error('nothing is planned');
  let disturbed: Promise<void> = Promise.resolve();
  const result = await carryOut({
    plan,
    run,
    signal: new AbortController().signal,
    pinned: false,
    sideBySide: null,
    wire: false,
    identity: null,
    onStep: (step) => {
      if (step === 'measure') disturbed = disturb(processesOfRun());
    },
    onProgress: () => {},
    onMeasured,
  });
  await disturbed;
  return result;
}

async function planOf(spec: string, workload: Partial<Workload>, changes: Partial<Scenario>): Promise<Plan> {
  const [{ loadScenario }, { makePlan }, { resolveRows }, { senderOf }, { registry }] = await Promise.all([
    built<typeof import('../scenario/load.js')>('scenario/load.js'),
    built<typeof import('../scenario/plan.js')>('scenario/plan.js'),
    built<typeof import('../scenario/rows.js')>('scenario/rows.js'),
    built<typeof import('../scenario/uplink.js')>('scenario/uplink.js'),
    built<typeof import('../cli/registry.js')>('cli/registry.js'),
  ]);
  const { scenario } = loadScenario('default', {}, 2);
  const asked = { ...scenario, rounds: 1, probes: 5, ...changes, workload: { ...scenario.workload, ...workload } };
  const rows = await resolveRows([{ spec, where: '-t' }], senderOf(asked.workload), registry);
  return makePlan(asked, rows, { descriptors: 20_000, platform: 'linux' });
}

/** Probe and crowd run the same entry; the probe is started first. */
function processesOfRun(): RunProcesses {
  const children = childrenOf(process.pid);
  const [probe, ...crowds] = children.filter(({ command }) => command.includes('/dist/load/main.js'));
  const server = children.find(({ command }) => command.includes('/dist/server/main.js'));
  if (server === undefined || probe === undefined)
    throw new Error(`no processes of a run: ${JSON.stringify(children)}`);
  return { server: server.pid, probe: probe.pid, crowds: crowds.map(({ pid }) => pid) };
}

/** Resolves when the process no longer runs, which the kernel sees to after the signal was sent. */
export async function untilStopped(pid: number): Promise<void> {
  const isStopped = () => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  while (!isStopped()) await new Promise((resolve) => setImmediate(resolve));
}
