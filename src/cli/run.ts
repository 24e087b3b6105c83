import { EXIT, UsageError } from '../errors.js';
import { browserProblem } from '../load/browser/chromium.js';
import { findingsOfReport } from '../report/findings/of-report.js';
import { historyOfReport } from '../report/history.js';
import type { Report } from '../report/schema.js';
import { markdownReporter } from '../reporters/markdown.js';
import { makeGuidePlan } from '../scenario/guide-plan.js';
import { proxyOf } from '../scenario/via.js';
import { deliverCi, provableCi } from './ci-output.js';
import { describePlan } from './dry-run.js';
import { renderShown, requireGuide, shownBy } from './guide-output.js';
import { describeGuidePlan, noteOnGuidePlan } from './guide-progress.js';
import { loadsForPlan } from './load-documents.js';
import { measureAndSave } from './measure-and-save.js';
import { enterNamespace, isInNamespace } from './namespace.js';
import { documentsToStdout, type RunFlags, renderOptions } from './run-flags.js';
import { planOf, requireOwnServer, thisMachine } from './run-plan.js';

/** `rtbench run`. `args`: the command line, for the result to say how to measure it again. */
export async function run(named: string | undefined, flags: RunFlags, args: readonly string[]): Promise<number> {
  if (!flags.all) return runOne(named ?? 'default', flags, args);
  if (flags.target !== undefined) {
    throw new UsageError('--all is about the server that ships: leave out --all or --target');
  }
  const { runAll } = await import('./run-all.js');
  return runAll(named, flags, args);
}

async function runOne(scenarioName: string, flags: RunFlags, args: readonly string[]): Promise<number> {
  const shown = shownBy(flags);
  requireGuide(flags, shown);
  const plan = await planOf(scenarioName, flags);
  requireOwnServer(plan, flags);
  const guidePlan = shown.table === 'guide' ? makeGuidePlan(plan, thisMachine()) : null;
  if (flags.wire && plan.scenario.interleaveMs !== null) {
    throw new UsageError('--wire counts the packets of all rows that run at once: leave out --wire or --interleave');
  }
  const loads = await loadsForPlan(flags, plan);
  const documents = documentsToStdout(flags);
  const screen = documents > 0 ? process.stderr : process.stdout;
  if (flags.dryRun) {
    screen.write(describePlan(plan));
    if (guidePlan) screen.write(describeGuidePlan(guidePlan));
    return EXIT.ok;
  }
  if (plan.scenario.via === 'browser') await requireBrowser(flags);
  await provableCi(flags);
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
  const { report, resultFile } = await measureAndSave(plan, flags, args, { plan: guidePlan, loads });
  screen.write(renderShown(report, shown, renderOptions(screen, flags)));
  screen.write(`\nSaved: ${resultFile} with report.md and report.html beside it.\n`);
  await deliverFindings(report, flags);
  return exitCodeOf(report);
}

/** Without thresholds a run checks nothing, and has nothing to say to a CI unless it is asked. */
async function deliverFindings(report: Report, flags: RunFlags): Promise<void> {
  if (report.expectations.length === 0 && flags.junit === undefined && flags.history === undefined) return;
  await deliverCi(flags, {
    findings: findingsOfReport(report),
    markdown: markdownReporter.render(report, { width: 0, color: false, details: true }),
    pointsAt: (commit) => historyOfReport(report, commit),
  });
}

/** @throws UsageError where a browser cannot be had, before anything is written. */
async function requireBrowser({ wire }: RunFlags): Promise<void> {
  if (wire)
    throw new UsageError('--wire counts what pages report on the same loopback: leave it out with --via browser');
  const problem = await browserProblem();
  if (problem !== undefined) throw new UsageError(`--via browser: ${problem}`);
}

function exitCodeOf(report: Report): number {
  if (report.interrupted) return EXIT.interrupted;
  const broken = report.transports.some((row) => row.state !== 'completed' || row.verdict === 'invalid');
  if (broken) return EXIT.runFailed;
  return report.expectations.every(({ verdict }) => verdict === 'met') ? EXIT.ok : EXIT.checkFailed;
}
