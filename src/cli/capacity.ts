import { EXIT, UsageError } from '../errors.js';
import { buildCapacityReport, type CapacitySearch } from '../report/capacity/capacity.js';
import type { CapacityReport } from '../report/capacity/schema.js';
import { judgeTrial } from '../report/capacity/trial.js';
import { bracketInWords, FAILURE_WORDS, formatLevel } from '../report/capacity/wording.js';
import { readEnvironment } from '../report/environment.js';
import { titleOf } from '../report/scale-wording.js';
import { latencyMs } from '../report/wording.js';
import { renderCapacityMarkdown } from '../reporters/capacity-markdown.js';
import { renderCapacityTable } from '../reporters/capacity-table.js';
import { type CapacityPlan, FINDABLE, makeCapacityPlan } from '../scenario/capacity-plan.js';
import { loadScenario, type Overrides } from '../scenario/load.js';
import { resolveRows } from '../scenario/rows.js';
import { senderOf } from '../scenario/uplink.js';
import { type LatestTrial, measureCapacity } from '../suite/capacity.js';
import { ACCEPTED, formatDurationMs, parseDurationMs } from '../units.js';
import { openInterrupt } from './interrupt.js';
import { originOf } from './origin.js';
import { type Output, openOutput, screenFor, spell } from './output.js';
import { registry } from './registry.js';
import { overridesOf, type StageFlags } from './stage-flags.js';

export interface CapacityFlags extends StageFlags, Pick<Overrides, 'clients' | 'rate' | 'size'> {
  readonly find: string;
  readonly p99?: string;
  readonly within: string;
  readonly budget: string;
  readonly markdown?: string;
}

/** `rtbench capacity`. `args`: the command line, for the result to say how to measure it again. */
export async function capacity(scenarioName: string, flags: CapacityFlags, args: readonly string[]): Promise<number> {
  const plan = await planOf(scenarioName, flags);
  const screen = screenFor(flags);
  if (flags.dryRun) {
    screen.write(describe(plan));
    return EXIT.ok;
  }
  const output = await openOutput({
    folder: flags.out,
    scenario: `capacity-${plan.scenario.name}`,
    startedAt: new Date(),
    fileName: 'capacity.json',
    json: flags.json,
    markdown: flags.markdown,
  });
  const report = await measure(plan, flags, args, output);
  await output.finish({ json: spell(report), markdown: renderCapacityMarkdown(report) });
  const color = screen.isTTY === true && !process.env.NO_COLOR;
  screen.write(renderCapacityTable(report, { width: screen.columns ?? 100, color }));
  screen.write(`\nSaved: ${output.resultFile} and report.md beside it.\n`);
  if (report.interrupted) return EXIT.interrupted;
  return report.transports.every(({ pass }) => pass !== null) ? EXIT.ok : EXIT.runFailed;
}

async function planOf(scenarioName: string, flags: CapacityFlags): Promise<CapacityPlan> {
  const { clients, rate, size } = flags;
  const { scenario, transports } = loadScenario(scenarioName, {
    ...overridesOf(flags),
    ...(clients === undefined ? {} : { clients }),
    ...(rate === undefined ? {} : { rate }),
    ...(size === undefined ? {} : { size }),
  });
  const request = requestOf(flags, scenario.toleratesMs);
  const { descriptors } = readEnvironment({ pinning: null, deflateRatio: null });
  const rows = await resolveRows(transports, senderOf(scenario.workload), registry, process.cwd(), {
    preset: scenario.preset,
    scale: scenario.scale,
  });
  const warmupMs = flags.warmup === undefined ? null : scenario.workload.warmupMs;
  return makeCapacityPlan(scenario, rows, request, { descriptors, platform: process.platform }, warmupMs);
}

function requestOf(flags: CapacityFlags, toleratesMs: number) {
  const problems: string[] = [];
  const find = FINDABLE.find((one) => one === flags.find);
  if (find === undefined) problems.push(`--find: \`${flags.find}\` is not ${FINDABLE.join(' or ')}`);
  const time = (flag: string, text: string): number => {
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms > 0) return ms;
    problems.push(`--${flag}: \`${text}\` is not ${ACCEPTED.duration}`);
    return 1;
  };
  const [, digits] = /^(\d+(?:\.\d+)?)\s*%$/.exec(flags.within.trim()) ?? [];
  const within = Number(digits ?? Number.NaN) / 100;
  if (!(within >= 0.01 && within <= 1)) problems.push(`--within: \`${flags.within}\` is not a share from 1% to 100%`);
  const p99Ms = flags.p99 === undefined ? toleratesMs : time('p99', flags.p99);
  const budgetMs = time('budget', flags.budget);
  if (problems.length > 0 || find === undefined) throw new UsageError(problems);
  return { find, objective: { p99Ms }, within, budgetMs };
}

async function measure(
  plan: CapacityPlan,
  flags: CapacityFlags,
  args: readonly string[],
  output: Output,
): Promise<CapacityReport> {
  const interrupt = openInterrupt();
  const startedMs = performance.now();
  const {
    identity,
    known: { scenario: _scenario, ...known },
  } = await originOf(plan.scenario, {
    addresses: plan.ceilings.flatMap(({ level }, row) => plan.trialOf(row, level, 'trial', 0).addresses),
    pin: flags.pin ?? false,
    args,
  });
  const reportOf = (searches: readonly CapacitySearch[]) =>
    buildCapacityReport({
      ...known,
      plan,
      durationMs: Math.round(performance.now() - startedMs),
      interrupted: interrupt.signal.aborted,
      searches,
    });
  const say = (line: string) => {
    if (!flags.quiet) console.error(line);
  };
  say(`${plan.rows.length} transport(s), at most ${formatDurationMs(plan.budgetMs)} for all of them (--budget)`);
  try {
    const searches = await measureCapacity({
      plan,
      signal: interrupt.signal,
      pinned: flags.pin ?? false,
      identity,
      onBegin({ row, level, kind }) {
        if (kind === 'confirm') say(`${placeOf(plan, row)} · ${formatLevel(plan.find, level)} · the long stage begins`);
      },
      async onTrial(soFar, latest) {
        say(lineOf(plan, latest));
        await output.save(spell(reportOf(soFar)));
      },
    });
    return reportOf(searches);
  } finally {
    interrupt.close();
  }
}

function placeOf({ rows }: CapacityPlan, row: number): string {
  return `[${row + 1}/${rows.length}] ${rows[row]?.label}`;
}

/** What a trial found, where the search stands, and how much of the budget is left. */
function lineOf(plan: CapacityPlan, { row, level, result, bracket, leftMs }: LatestTrial): string {
  const { outcome } = judgeTrial(result, 1_000 * plan.objective.p99Ms);
  const p99 = result.state === 'completed' ? result.latencyUs.p99 : null;
  return [
    placeOf(plan, row),
    formatLevel(plan.find, level),
    ...(p99 === null ? [] : [`p99 ${latencyMs(p99)} ms`]),
    outcome === null ? 'interrupted' : outcome === 'pass' ? 'pass' : FAILURE_WORDS[outcome],
    `between ${bracketInWords(bracket, plan.find)}`,
    `at most ${formatDurationMs(leftMs)} left`,
  ].join(' · ');
}

function describe({
  scenario,
  rows,
  find,
  objective,
  within,
  budgetMs,
  start,
  ceilings,
  trialOf,
}: CapacityPlan): string {
  const { workload } = scenario;
  const fixed = find === 'clients' ? `${workload.ratePerSecond} messages/s` : `${workload.clients} clients`;
  return [
    `${titleOf(scenario)}: ${find === 'clients' ? 'most clients' : 'highest rate'} at ${fixed}`,
    `  p99 within ${formatDurationMs(objective.p99Ms)} and every message delivered, in two of three trials and one long stage`,
    `  from ${formatLevel(find, start)}, to within ${Math.round(100 * within)} %, seed ${scenario.seed}`,
    `at most ${formatDurationMs(budgetMs)} for ${rows.length} transport(s):`,
    ...rows.map(({ label }, row) => {
      const { level = start, limit = '' } = ceilings[row] ?? {};
      const estimate = formatDurationMs(Math.round(trialOf(row, start, 'trial', 0).estimatedMs / 100) * 100);
      return `  ${row + 1}. ${label}: ${estimate} for the first trial; up to ${formatLevel(find, level)} (${limit})`;
    }),
    '',
  ].join('\n');
}
