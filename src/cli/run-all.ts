import { join } from 'node:path';
import { EXIT, UsageError } from '../errors.js';
import { readEnvironment } from '../report/environment.js';
import { GUIDE_USE_CASES, type GuideUseCase } from '../report/guide/guide.js';
import { NO_LOADS } from '../report/guide/loads-schema.js';
import { buildMatrix } from '../report/matrix/matrix.js';
import type { MatrixReport } from '../report/matrix/schema.js';
import { titleOf } from '../report/scale-wording.js';
import type { Report } from '../report/schema.js';
import { jsonReporter } from '../reporters/json.js';
import { markdownReporter } from '../reporters/markdown.js';
import { renderMatrixMarkdown } from '../reporters/matrix-markdown.js';
import { renderMatrixTable } from '../reporters/matrix-table.js';
import type { Plan, Row } from '../scenario/scenario.js';
import { SuiteControl } from '../suite/control.js';
import type { Series } from '../suite/events.js';
import { formatDurationMs } from '../units.js';
import { commandLine } from './command-line.js';
import { openInterrupt } from './interrupt.js';
import { measure } from './measure.js';
import { commandsFor, openDashboardFor } from './measure-and-save.js';
import { type Output, openOutput, spell } from './output.js';
import { documentsToStdout, type RunFlags, renderOptions } from './run-flags.js';
import { OVERRIDES, planOf } from './run-plan.js';
import { readTool } from './version.js';

/** A use case, and what will be done for it. */
interface Planned {
  readonly useCase: GuideUseCase;
  readonly plan: Plan;
}

/** Flags that leave every scenario the one that the guide's use case is. */
const SHARED = new Set<string>(['rounds', 'seed', 'workers', 'tls', 'preset', 'network', 'rtt', 'jitter', 'bandwidth']);

/** Flags of `run` besides those of scenarios that are about one scenario alone. */
const OF_ONE = ['wire', 'details', 'floor', 'claims'] as const;

/** `rtbench run --all`. */
export async function runAll(named: string | undefined, flags: RunFlags, args: readonly string[]): Promise<number> {
  refuse(named, flags);
  const planned: Planned[] = [];
  for (const useCase of GUIDE_USE_CASES) {
    planned.push({ useCase, plan: await planOf(useCase.scenario, flags, withoutControls) });
  }
  const screen = documentsToStdout(flags) > 0 ? process.stderr : process.stdout;
  if (flags.dryRun) {
    screen.write(describe(planned));
    return EXIT.ok;
  }
  const output = await openOutput({
    folder: flags.out,
    scenario: 'all',
    fileName: 'matrix.json',
    startedAt: new Date(),
    json: flags.json,
    markdown: flags.markdown,
  });
  const matrix = await measureAll(planned, flags, args, output);
  await output.finish({ json: spell(matrix), markdown: renderMatrixMarkdown(matrix) });
  screen.write(renderMatrixTable(matrix, renderOptions(screen, flags)));
  screen.write(`\nSaved: ${output.resultFile}, report.md beside it, and a folder for each use case.\n`);
  return exitCodeOf(matrix);
}

function refuse(named: string | undefined, flags: RunFlags): void {
  const problems: string[] = [];
  if (named !== undefined) problems.push(`--all runs every use case of the guide: leave out \`${named}\` or --all`);
  const given = [
    ...OVERRIDES.filter((name) => flags[name] !== undefined && !SHARED.has(name)),
    ...OF_ONE.filter((name) => flags[name] === true),
    ...(['fault', 'evidence', 'expect'] as const).filter((name) => (flags[name] ?? []).length > 0),
    ...(['table', 'junit', 'history'] as const).filter((name) => flags[name] !== undefined),
  ];
  for (const name of given) {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    problems.push(`${flag}: with --all every scenario is as it stands; run one by its name to change it`);
  }
  if (flags.csv !== undefined) {
    problems.push(
      '--csv: --all has a matrix; `rtbench report FILE --format csv` gives that of each use case afterwards',
    );
  }
  if (flags.rounds === 'auto') problems.push('--rounds: `auto` is for one scenario; give --all a whole number');
  if (problems.length > 0) throw new UsageError(problems);
}

/** Nothing that is no choice; and of what scenarios list themselves, what the guide speaks of: the web's. */
async function withoutControls(asked: readonly Row[], _: unknown, flags: RunFlags): Promise<readonly Row[]> {
  return asked.filter(({ profile }) =>
    flags.transport.length > 0 ? profile.group !== 'control' : profile.group === 'web',
  );
}

async function measureAll(
  planned: readonly Planned[],
  flags: RunFlags,
  args: readonly string[],
  output: Output,
): Promise<MatrixReport> {
  const interrupt = openInterrupt();
  const control = new SuiteControl();
  const dashboard = await openDashboardFor(flags, commandsFor(control, interrupt));
  const startedMs = performance.now();
  const reports: Report[] = [];
  const known = {
    tool: readTool(),
    startedAt: new Date(),
    command: commandLine(args),
    environment: readEnvironment({ pinning: null, deflateRatio: null }),
  };
  const matrixOf = () =>
    buildMatrix({
      ...known,
      durationMs: Math.round(performance.now() - startedMs),
      interrupted: interrupt.signal.aborted,
      parts: planned.map(({ useCase, plan }, index) => ({
        useCase,
        scenario: plan.scenario,
        report: reports[index] ?? null,
        result: `${useCase.scenario}/result.json`,
      })),
    });
  try {
    for (const [index, { useCase, plan }] of planned.entries()) {
      if (interrupt.signal.aborted) break;
      const series = seriesAt(index, planned, performance.now() - startedMs);
      const own = await openOutput({
        folder: join(output.folder, useCase.scenario),
        scenario: useCase.scenario,
        startedAt: new Date(),
        json: undefined,
        markdown: undefined,
      });
      const report = await measure(plan, {
        command: commandLine(args.map((arg) => (arg === '--all' ? useCase.scenario : arg))),
        pinned: flags.pin ?? false,
        wire: false,
        proxy: null,
        signal: interrupt.signal,
        control,
        onEvent: (event) => dashboard.onEvent(event.type === 'planned' ? { ...event, series } : event),
        save: own.save,
        guide: null,
        loads: NO_LOADS,
      });
      const everything = { width: 0, color: false, details: true };
      await own.finish({
        json: jsonReporter.render(report, everything),
        markdown: markdownReporter.render(report, everything),
      });
      reports.push(report);
      await output.save(spell(matrixOf()));
    }
    return matrixOf();
  } finally {
    await dashboard.close();
    interrupt.close();
  }
}

/** What is left after this one takes as much longer than estimated as what is over did. */
function seriesAt(index: number, planned: readonly Planned[], elapsedMs: number): Series {
  const estimateMs = (some: readonly Planned[]) => some.reduce((sum, { plan }) => sum + plan.estimatedMs, 0);
  const slower = index === 0 ? 1 : elapsedMs / estimateMs(planned.slice(0, index));
  return { index, of: planned.length, laterMs: slower * estimateMs(planned.slice(index + 1)) };
}

function describe(planned: readonly Planned[]): string {
  const runs = planned.reduce((sum, { plan }) => sum + plan.runs.length, 0);
  const totalMs = planned.reduce((sum, { plan }) => sum + plan.estimatedMs, 0);
  const seconds = (ms: number) => formatDurationMs(Math.round(ms / 1_000) * 1_000);
  return [
    `${planned.length} use cases of the guide, ${runs} runs, about ${seconds(totalMs)}:`,
    ...planned.flatMap(({ plan }, index) => [
      `  ${index + 1}. ${titleOf(plan.scenario)}, about ${seconds(plan.estimatedMs)}`,
      `     ${plan.scenario.rounds} round(s) of ${plan.rows.map(({ label }) => label).join(', ')}`,
      ...plan.notes.map((note) => `     note: ${note}`),
    ]),
    '',
  ].join('\n');
}

function exitCodeOf({ interrupted, scenarios }: MatrixReport): number {
  if (interrupted) return EXIT.interrupted;
  const broken = scenarios.some(({ cells }) =>
    cells.some(({ state, verdict }) => state !== 'completed' || verdict === 'invalid'),
  );
  return broken ? EXIT.runFailed : EXIT.ok;
}
