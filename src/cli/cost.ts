import { EXIT, UsageError } from '../errors.js';
import { buildCostReport, type CostRun } from '../report/cost.js';
import { designProblems } from '../report/cost-design.js';
import type { CostReport } from '../report/cost-schema.js';
import { readEnvironment } from '../report/environment.js';
import { titleOf } from '../report/scale-wording.js';
import { renderCostTable } from '../reporters/cost-table.js';
import { type CostPlan, defaultPoints, makeCostPlan, parsePoints, spellPoint } from '../scenario/cost-plan.js';
import { loadScenario, type Overrides } from '../scenario/load.js';
import { paced } from '../scenario/pace.js';
import { resolveRows } from '../scenario/rows.js';
import { senderOf } from '../scenario/uplink.js';
import { measureCost } from '../suite/cost.js';
import type { SuiteEvent } from '../suite/events.js';
import type { Transport } from '../transports/transport.js';
import { formatDurationMs } from '../units.js';
import { openInterrupt } from './interrupt.js';
import { originOf } from './origin.js';
import { type JsonOutput, openJsonOutput, spell } from './output.js';
import { registry } from './registry.js';
import { RunCounter } from './run-counter.js';

export interface CostFlags extends Omit<Overrides, 'transports'> {
  readonly transport: readonly string[];
  readonly points?: string;
  readonly out?: string;
  readonly json?: string;
  readonly pin?: boolean;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
}

/** Many short runs tell more of a slope than few long ones. */
const DEFAULTS = { duration: '1500ms', rounds: '1' } as const;

/** `rtbench cost`. `args`: the command line, for the result to say how to measure it again. */
export async function cost(scenarioName: string, flags: CostFlags, args: readonly string[]): Promise<number> {
  const plan = await planOf(scenarioName, flags);
  const screen = flags.json === '-' ? process.stderr : process.stdout;
  if (flags.dryRun) {
    screen.write(describe(plan));
    return EXIT.ok;
  }
  const output = await openJsonOutput({
    folder: flags.out,
    scenario: `cost-${plan.scenario.name}`,
    startedAt: new Date(),
    fileName: 'cost.json',
    json: flags.json,
  });
  const report = await measure(plan, flags, args, output);
  await output.finish(spell(report));
  const color = screen.isTTY === true && !process.env.NO_COLOR;
  screen.write(renderCostTable(report, { width: screen.columns ?? 100, color }));
  screen.write(`\nSaved: ${output.file}\n`);
  if (report.interrupted) return EXIT.interrupted;
  return report.transports.every(({ cpu }) => cpu !== null) ? EXIT.ok : EXIT.runFailed;
}

async function planOf(scenarioName: string, flags: CostFlags): Promise<CostPlan> {
  const { transport, points: given, clients, rate, size, payload, warmup, seed, workers } = flags;
  const { duration = DEFAULTS.duration, rounds = DEFAULTS.rounds } = flags;
  if (rounds === 'auto') throw new UsageError('--rounds: `auto` is for `rtbench run`; give cost a whole number');
  const overrides = { clients, rate, size, payload, seed, workers, duration, warmup, rounds };
  const { scenario, transports } = loadScenario(scenarioName, {
    ...Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)),
    ...(transport.length > 0 ? { transports: transport } : {}),
    // Its cost could not be told from that of the others.
    uplink: 'none',
  });
  if (scenario.faults !== null || scenario.slowReaders !== null) {
    throw new UsageError(
      `\`${scenarioName}\` has faults or slow readers, and a cost is that of a steady load: use another scenario`,
    );
  }
  const { descriptors } = readEnvironment({ pinning: null, deflateRatio: null });
  const { preset, scale, workload } = scenario;
  const resolved = await resolveRows(transports, senderOf(workload), registry, process.cwd(), { preset, scale });
  // The floor is here to be asked for, and not in every table: it would take the time of another technique.
  const rows = transports.length > 0 ? resolved : resolved.filter(({ profile }) => profile.group !== 'control');
  const points = given === undefined ? defaultPoints(scenario.workload) : parsePoints(given);
  const problems = designProblems(points, scenario, rows);
  if (problems.length > 0) throw new UsageError(problems);
  const transportOf = new Map<string, Transport>();
  for (const { module } of rows) transportOf.set(module, await registry.load(module));
  return makeCostPlan({
    scenario,
    rows,
    points,
    machine: { descriptors, platform: process.platform },
    warmupMs: warmup === undefined ? null : scenario.workload.warmupMs,
    pace(row, factor) {
      const transport = transportOf.get(row.module);
      return transport ? paced(row, transport, factor) : row;
    },
  });
}

async function measure(
  plan: CostPlan,
  flags: CostFlags,
  args: readonly string[],
  output: JsonOutput,
): Promise<CostReport> {
  const interrupt = openInterrupt();
  const startedMs = performance.now();
  const { scenario, rows, points } = plan;
  const { identity, known } = await originOf(scenario, {
    addresses: plan.stages.flatMap((stage) => stage.plan.addresses),
    pin: flags.pin ?? false,
    args,
  });
  const planned = plan.stages.length * rows.length;
  const reportOf = (runs: readonly CostRun[]) =>
    buildCostReport({
      ...known,
      rows,
      points,
      planned,
      durationMs: Math.round(performance.now() - startedMs),
      interrupted: interrupt.signal.aborted,
      runs,
    });
  const counter = new RunCounter(planned, flags.quiet ?? false);
  counter.say(`${planned} runs, about ${formatDurationMs(plan.estimatedMs)}`);
  try {
    const runs = await measureCost({
      plan,
      signal: interrupt.signal,
      pinned: flags.pin ?? false,
      identity,
      onEvent: watch(counter),
      onRun: (soFar) => output.save(spell(reportOf(soFar))),
    });
    return reportOf(runs);
  } finally {
    interrupt.close();
  }
}

/** Says of each run what it found. */
function watch(counter: RunCounter): (event: SuiteEvent) => void {
  let plan: Extract<SuiteEvent, { type: 'planned' }>['plan'] | undefined;
  return (event) => {
    if (event.type === 'planned') plan = event.plan;
    if (event.type !== 'runEnded' || plan === undefined) return;
    const { scenario, rows } = plan;
    const { result, run } = event;
    const share = result.state === 'completed' ? result.server.cpuShare : null;
    const figure = share === null ? result.state : `${(100 * share).toFixed(1)} % of a core`;
    const doubt = result.state === 'completed' && result.verdict !== 'valid' ? ` · ${result.verdict}` : '';
    counter.count(`${spellPoint(scenario.workload)} · ${rows[run.row]?.label} · ${figure}${doubt}`);
  };
}

function describe({ scenario, rows, points, stages, estimatedMs }: CostPlan): string {
  const { workload, rounds } = scenario;
  return [
    `${titleOf(scenario)}: what the server pays for`,
    `  fitted over ${points.map(spellPoint).join(', ')}`,
    `  held against ${spellPoint(workload)}, the scenario's own load`,
    `  window of ${formatDurationMs(workload.durationMs)}, ${rounds} round(s), seed ${scenario.seed}`,
    `${stages.length * rows.length} runs, about ${formatDurationMs(Math.round(estimatedMs / 1_000) * 1_000)}:`,
    ...stages.map(({ point, plan }, index) => {
      const order = plan.runs.map(({ row }) => rows[row]?.label).join(', ');
      const warmup = formatDurationMs(plan.scenario.workload.warmupMs);
      return `  ${index + 1}. ${spellPoint(point)}, ${warmup} warm-up: ${order}`;
    }),
    '',
  ].join('\n');
}
