import { EXIT, UsageError } from '../errors.js';
import { readEnvironment } from '../report/environment.js';
import { titleOf } from '../report/scale-wording.js';
import type { SweepRun } from '../report/sweep/runs.js';
import type { SweepReport } from '../report/sweep/schema.js';
import { buildSweepReport } from '../report/sweep/sweep.js';
import { latencyMs } from '../report/wording.js';
import { renderSweepMarkdown } from '../reporters/sweep-markdown.js';
import { renderSweepTable } from '../reporters/sweep-table.js';
import { loadScenario, type Overrides } from '../scenario/load.js';
import { pacedTo } from '../scenario/pace.js';
import { resolveRows } from '../scenario/rows.js';
import { makeSweepPlan, type SweepPlan, type SweepStage } from '../scenario/sweep-plan.js';
import { senderOf } from '../scenario/uplink.js';
import { formatValue, parseVary, spellValue } from '../scenario/vary.js';
import type { SuiteEvent } from '../suite/events.js';
import { measureSweep } from '../suite/sweep.js';
import type { Transport } from '../transports/transport.js';
import { formatDurationMs } from '../units.js';
import { openInterrupt } from './interrupt.js';
import { originOf } from './origin.js';
import { type Output, openOutput, screenFor, spell } from './output.js';
import { registry } from './registry.js';
import { RunCounter } from './run-counter.js';
import { overridesOf, type StageFlags } from './stage-flags.js';

export interface SweepFlags extends StageFlags, Pick<Overrides, 'clients' | 'rate' | 'size' | 'rounds'> {
  readonly vary: string;
  readonly steps: string;
  readonly confirm: boolean;
  readonly markdown?: string;
}

/** Many short runs tell more of a curve than few long ones. */
const DEFAULTS = { rounds: '1' } as const;

/** `rtbench sweep`. `args`: the command line, for the result to say how to measure it again. */
export async function sweep(scenarioName: string, flags: SweepFlags, args: readonly string[]): Promise<number> {
  const plan = await planOf(scenarioName, flags);
  const screen = screenFor(flags);
  if (flags.dryRun) {
    screen.write(describe(plan, flags.confirm));
    return EXIT.ok;
  }
  const output = await openOutput({
    folder: flags.out,
    scenario: `sweep-${plan.scenario.name}`,
    startedAt: new Date(),
    fileName: 'sweep.json',
    json: flags.json,
    markdown: flags.markdown,
  });
  const report = await measure(plan, flags, args, output);
  await output.finish({ json: spell(report), markdown: renderSweepMarkdown(report) });
  const color = screen.isTTY === true && !process.env.NO_COLOR;
  screen.write(renderSweepTable(report, { width: screen.columns ?? 100, color }));
  screen.write(`\nSaved: ${output.resultFile} and report.md beside it.\n`);
  if (report.interrupted) return EXIT.interrupted;
  return report.transports.every(({ curves }) => curves.serverCpu !== null) ? EXIT.ok : EXIT.runFailed;
}

async function planOf(scenarioName: string, flags: SweepFlags): Promise<SweepPlan> {
  const steps = Number(flags.steps);
  if (!/^\d+$/.test(flags.steps) || steps < 3 || steps > 50) {
    throw new UsageError(`--steps: \`${flags.steps}\` is not a whole number from 3 to 50`);
  }
  const vary = parseVary(flags.vary, steps);
  const fixed = vary.variable === 'interval' ? undefined : flags[vary.variable];
  if (fixed !== undefined) {
    throw new UsageError(`--${vary.variable}: is what --vary varies: leave out one of the two`);
  }
  const { clients, rate, size, rounds = DEFAULTS.rounds } = flags;
  if (rounds === 'auto') throw new UsageError('--rounds: `auto` is for `rtbench run`; give sweep a whole number');
  const { scenario, transports } = loadScenario(scenarioName, {
    ...overridesOf(flags),
    ...(clients === undefined ? {} : { clients }),
    ...(rate === undefined ? {} : { rate }),
    ...(size === undefined ? {} : { size }),
    rounds,
  });
  const { descriptors } = readEnvironment({ pinning: null, deflateRatio: null });
  const rows = await resolveRows(transports, senderOf(scenario.workload), registry, process.cwd(), {
    preset: scenario.preset,
    scale: scenario.scale,
  });
  const transportOf = new Map<string, Transport>();
  for (const { module } of rows) transportOf.set(module, await registry.load(module));
  return makeSweepPlan({
    scenario,
    rows,
    vary,
    machine: { descriptors, platform: process.platform },
    warmupMs: flags.warmup === undefined ? null : scenario.workload.warmupMs,
    repace(row, ms) {
      const transport = transportOf.get(row.module);
      return transport ? pacedTo(row, transport, ms) : row;
    },
  });
}

async function measure(
  plan: SweepPlan,
  flags: SweepFlags,
  args: readonly string[],
  output: Output,
): Promise<SweepReport> {
  const interrupt = openInterrupt();
  const startedMs = performance.now();
  const { scenario, rows, vary, follows, stages } = plan;
  const planned = stages.reduce((sum, stage) => sum + stage.plan.runs.length, 0);
  const { identity, known } = await originOf(scenario, {
    addresses: stages.flatMap((stage) => stage.plan.addresses),
    pin: flags.pin ?? false,
    args,
  });
  const reportOf = (runs: readonly SweepRun[]) =>
    buildSweepReport({
      ...known,
      rows,
      vary,
      follows,
      planned,
      durationMs: Math.round(performance.now() - startedMs),
      interrupted: interrupt.signal.aborted,
      runs,
    });
  const counter = new RunCounter(planned, flags.quiet ?? false);
  counter.say(`${planned} runs, about ${formatDurationMs(plan.estimatedMs)}, and 6 at each crossing`);
  try {
    const runs = await measureSweep({
      plan,
      confirm: flags.confirm,
      signal: interrupt.signal,
      pinned: flags.pin ?? false,
      identity,
      onEvent: (event, stage) => countRun(counter, plan, event, stage),
      onConfirming(more) {
        counter.expect(more.reduce((sum, stage) => sum + stage.plan.runs.length, 0));
        const values = [...new Set(more.map(({ value }) => formatValue(vary.variable, value)))];
        counter.say(`crossings to confirm, at ${values.join(', ')}`);
      },
      onRun: (soFar) => output.save(spell(reportOf(soFar))),
    });
    return reportOf(runs);
  } finally {
    interrupt.close();
  }
}

function countRun(counter: RunCounter, { rows, vary }: SweepPlan, event: SuiteEvent, stage: SweepStage): void {
  if (event.type !== 'runEnded') return;
  const { result, run } = event;
  const label = rows[stage.rows[run.row] ?? -1]?.label;
  const figures =
    result.state !== 'completed'
      ? result.state
      : [
          ...(result.latencyUs.p50 === null ? [] : [`p50 ${latencyMs(result.latencyUs.p50)} ms`]),
          ...(result.server.cpuShare === null ? [] : [`${(100 * result.server.cpuShare).toFixed(1)} % of a core`]),
          ...(result.verdict === 'valid' ? [] : [result.verdict]),
        ].join(' · ');
  const use = stage.use === 'confirm' ? 'crossing, ' : '';
  counter.count(`${use}${formatValue(vary.variable, stage.value)} · ${label} · ${figures}`);
}

function describe({ scenario, rows, vary, stages, estimatedMs }: SweepPlan, confirm: boolean): string {
  const values = vary.values.map((value) => spellValue(vary.variable, value));
  const runs = stages.reduce((sum, { plan }) => sum + plan.runs.length, 0);
  return [
    `${titleOf(scenario)}: latency and cost against ${vary.variable}`,
    `  ${vary.variable} ${values.join(', ')}`,
    `  ${rows.map(({ label }) => label).join(', ')}`,
    `  ${scenario.rounds} round(s), seed ${scenario.seed}`,
    `${runs} runs, about ${formatDurationMs(Math.round(estimatedMs / 1_000) * 1_000)}${confirm ? ', and 6 runs at each crossing' : ''}:`,
    ...stages.map(
      (
        {
          value,
          plan: {
            rows: here,
            runs: order,
            scenario: { workload },
          },
        },
        index,
      ) => {
        const times = `${formatDurationMs(workload.warmupMs)} warm-up, ${formatDurationMs(workload.durationMs)} window`;
        return `  ${index + 1}. ${spellValue(vary.variable, value)}, ${times}: ${order.map(({ row }) => here[row]?.label).join(', ')}`;
      },
    ),
    '',
  ].join('\n');
}
