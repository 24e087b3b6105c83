import { deflateRatio } from '../load/compressibility.js';
import { readEnvironment } from '../report/environment.js';
import { factsOf } from '../report/guide/facts.js';
import type { Loads } from '../report/guide/loads-schema.js';
import type { GuideExtra } from '../report/guide/schema.js';
import { buildReport, type ReportParts } from '../report/report.js';
import type { EndedBy, Environment, Report } from '../report/schema.js';
import { jsonReporter } from '../reporters/json.js';
import type { GuidePlan } from '../scenario/guide-plan.js';
import type { Plan } from '../scenario/scenario.js';
import { makeCertificate } from '../server/certificate.js';
import { readTlsFacts } from '../server/tls-facts.js';
import type { SuiteControl } from '../suite/control.js';
import type { SuiteEvent } from '../suite/events.js';
import { pinningPlan } from '../suite/pinning.js';
import { runSuite, type SuiteResults } from '../suite/suite.js';
import { GuideProgress } from './guide-progress.js';
import { readTool } from './version.js';

export interface MeasureOptions {
  /** The command that measures this again. */
  readonly command: string;
  readonly pinned: boolean;
  /** In a network namespace of its own, whose loopback is counted. */
  readonly wire: boolean;
  /** What stands between clients and server; `null`: nothing. */
  readonly proxy: Environment['proxy'];
  /** Ends the measuring; what was measured is kept. */
  readonly signal: AbortSignal;
  /** What whoever watches asks of it. */
  readonly control?: SuiteControl;
  readonly onEvent: (event: SuiteEvent) => void;
  /** The runs are over, however they ended; waited for. */
  readonly onRunsOver?: () => Promise<void>;
  /** Takes the JSON document of what is known so far, after every run. */
  readonly save: (json: string) => Promise<void>;
  /** What to measure after the runs for the guide's table, and who is told how far that is; `null`: nothing. */
  readonly guide: { readonly plan: GuidePlan; readonly print: (line: string) => void } | null;
  /** What other documents say of the rows, to stand beside what is measured. */
  readonly loads: Loads;
}

/** Carries out a plan; its report. */
export async function measure(plan: Plan, options: MeasureOptions): Promise<Report> {
  const { command, pinned, wire, proxy, signal, control, onEvent, onRunsOver, save, guide, loads } = options;
  const identity = plan.scenario.tls ? await makeCertificate(plan.addresses) : null;
  const tls = identity && (await readTlsFacts(identity));
  const startedMs = performance.now();
  const known = {
    tool: readTool(),
    startedAt: new Date(),
    command,
    scenario: plan.scenario,
    target: plan.target,
    unreachable: plan.unreachable,
    environment: readEnvironment({
      tls,
      pinning: pinned ? { ...pinningPlan() } : null,
      deflateRatio: deflateRatio(plan.scenario.seed, plan.scenario.workload),
      network: wire ? 'namespace' : 'loopback',
      proxy,
    }),
  };
  let endedBy: EndedBy | null = null;
  let extra: GuideExtra | null = null;
  const reportOf = (results: ReportParts['rows'][number]['results'][]) =>
    buildReport({
      ...known,
      durationMs: Math.round(performance.now() - startedMs),
      interrupted: signal.aborted,
      endedBy,
      rows: plan.rows.map((row, index) => ({ row, results: results[index] ?? [] })),
      guide: { facts: plan.rows.map(factsOf), extra, loads },
    });
  const saveSoFar = (soFar: SuiteResults) =>
    save(jsonReporter.render(reportOf([...soFar]), { width: 0, color: false, details: true }));
  const results = await runSuite({
    plan,
    signal,
    control,
    pinned,
    wire,
    identity,
    onEvent(event) {
      if (event.type === 'ended') endedBy = event.by;
      onEvent(event);
    },
    onResult: saveSoFar,
  }).finally(onRunsOver);
  if (guide !== null && !signal.aborted) {
    // Only here: a plain run is not to wait for what it does not use.
    const { measureGuide } = await import('../suite/guide/guide.js');
    extra = await measureGuide({
      plan: guide.plan,
      signal,
      pinned,
      identity,
      ...new GuideProgress(guide.plan, guide.print),
      onPart(soFar) {
        extra = soFar;
        return saveSoFar(results);
      },
    });
  }
  return reportOf([...results]);
}
