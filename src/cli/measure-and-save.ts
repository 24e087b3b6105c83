import type { Dashboard } from '../dashboard/dashboard.js';
import { type Command, chooseMode, openDashboard } from '../dashboard/index.js';
import { type Loads, NO_LOADS } from '../report/guide/loads-schema.js';
import type { Environment, Report } from '../report/schema.js';
import { csvReporter } from '../reporters/csv.js';
import { jsonReporter } from '../reporters/json.js';
import { markdownReporter } from '../reporters/markdown.js';
import type { GuidePlan } from '../scenario/guide-plan.js';
import type { Plan } from '../scenario/scenario.js';
import { SuiteControl } from '../suite/control.js';
import { commandLine } from './command-line.js';
import { type Interrupt, openInterrupt } from './interrupt.js';
import { measure } from './measure.js';
import { type Output, openOutput } from './output.js';
import type { RunFlags } from './run-flags.js';
import { proxyToUse } from './via-proxy.js';

/** How a plan is carried out and where its documents go, of the flags of `run`. */
export interface MeasureFlags extends Pick<RunFlags, 'pin' | 'wire' | 'ui'> {
  readonly out?: string | undefined;
  readonly json?: string | undefined;
  readonly markdown?: string | undefined;
  readonly csv?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** For the guide's table: what to measure after the runs, and what other documents say. */
export interface GuideWork {
  readonly plan: GuidePlan | null;
  readonly loads: Loads;
}

/**
 * Carries out a plan with progress on stderr, and writes its documents: the result after every run, all of them at the
 * end.
 *
 * @throws UsageError where one cannot be written, before anything is measured.
 */
export async function measureAndSave(
  plan: Plan,
  flags: MeasureFlags,
  args: readonly string[],
  guide: GuideWork = { plan: null, loads: NO_LOADS },
): Promise<{ readonly report: Report; readonly resultFile: string }> {
  const proxy = await proxyToUse(plan.scenario);
  const output = await openOutput({
    folder: flags.out,
    scenario: plan.scenario.name,
    startedAt: new Date(),
    json: flags.json,
    markdown: flags.markdown,
    csv: flags.csv,
  });
  const report = await watched(plan, guide, flags, args, { output, proxy });
  const whole = { width: 0, color: false, details: true };
  // Loaded only now, so that it weighs on nothing that was measured.
  const { htmlReporter } = await import('../reporters/html.js');
  await output.finish({
    json: jsonReporter.render(report, whole),
    markdown: markdownReporter.render(report, whole),
    csv: csvReporter.render(report, whole),
    html: htmlReporter.render(report, whole),
  });
  return { report, resultFile: output.resultFile };
}

async function watched(
  plan: Plan,
  { plan: guidePlan, loads }: GuideWork,
  flags: MeasureFlags,
  args: readonly string[],
  { output, proxy }: { readonly output: Output; readonly proxy: Environment['proxy'] },
): Promise<Report> {
  const wire = flags.wire ?? false;
  const interrupt = openInterrupt(wire && process.connected ? 'link' : 'signals');
  const control = new SuiteControl();
  const dashboard = await openDashboardFor(flags, commandsFor(control, interrupt));
  try {
    return await measure(plan, {
      command: commandLine(args),
      pinned: flags.pin ?? false,
      wire,
      signal: interrupt.signal,
      control,
      onEvent: (event) => dashboard.onEvent(event),
      onRunsOver: () => dashboard.close(),
      proxy,
      save: output.save,
      loads,
      guide: guidePlan && { plan: guidePlan, print: (line) => flags.quiet || console.error(line) },
    });
  } finally {
    interrupt.close();
  }
}

/** On stderr, so that stdout is left to documents. `onCommand`: takes what the keys ask for. */
export function openDashboardFor(
  { ui, quiet }: Pick<MeasureFlags, 'ui' | 'quiet'>,
  onCommand: (command: Command) => void,
): Promise<Dashboard> {
  const { stderr: stream, stdin: keyboard, env } = process;
  const mode = chooseMode({ isTTY: stream.isTTY === true, env, noUi: !ui, quiet: quiet ?? false });
  return openDashboard({ mode, stream, env, ...(keyboard.isTTY ? { keyboard } : {}), onCommand });
}

/** What keys do to a suite. */
export function commandsFor(control: SuiteControl, interrupt: Interrupt): (command: Command) => void {
  return (command) => {
    switch (command.type) {
      case 'pause':
        return control.pause();
      case 'resume':
        return control.resume();
      case 'skip':
        return control.skip(command.row);
      case 'stop':
        return interrupt.interrupt();
    }
  };
}
