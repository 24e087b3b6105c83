import type { GuideExtra } from '../../report/guide/schema.js';
import type { CompletedRun, RunResult } from '../../report/schema.js';
import { CUT_RECONNECT, type GuidePlan } from '../../scenario/guide-plan.js';
import type { Plan } from '../../scenario/scenario.js';
import { runSuite, type SuiteOptions, type SuiteResults } from '../suite.js';

type Cut = NonNullable<GuideExtra['cut']>;
type Growth = NonNullable<GuideExtra['growth']>;

/** How the runs are carried out, and who watches. */
export type HowToRun = Pick<SuiteOptions, 'signal' | 'pinned' | 'identity' | 'onEvent' | 'carryOut'>;

/** Every connection reset in one run of each row: who comes back when, and what was missed. */
export async function measureCut(plan: GuidePlan, how: HowToRun): Promise<Cut> {
  const { rows, cut } = plan;
  const results = await runAll(cut, how);
  const measured = nothingOfCut(plan);
  for (const [index, { label }] of rows.entries()) {
    const run = results[index]?.[0];
    const found = run?.state === 'completed' ? comingBack(run) : null;
    if (found === null) measured.failed.push({ label, reason: whyNot(run) });
    else measured.rows.push({ label, ...found });
  }
  return measured;
}

export function nothingOfCut({ cut }: GuidePlan): Cut {
  const atMs = cut.scenario.faults?.injected[0]?.atMs ?? 0;
  return { atMs, reconnect: CUT_RECONNECT, rows: [], failed: [] };
}

/** `null` where no fault was recorded. */
function comingBack({ recovery, verdict }: CompletedRun): Omit<Cut['rows'][number], 'label'> | null {
  const effect = recovery?.faults[0];
  if (!recovery || !effect) return null;
  return {
    verdict,
    clientsDropped: effect.clientsDropped,
    clientsAway: effect.clientsAway,
    noticeUs: { p50: effect.noticeUs.p50 },
    backUs: { p50: effect.backUs.p50, all: effect.backUs.all },
    resumed: recovery.resumed,
    missed: recovery.missed + recovery.outstanding,
    recovered: recovery.recovered,
  };
}

/** The server's CPU with fewer clients. */
export async function measureGrowth({ rows, growth }: GuidePlan, how: HowToRun): Promise<Growth> {
  const runs: { readonly clients: number; readonly results: SuiteResults }[] = [];
  for (const plan of growth) {
    if (how.signal.aborted) break;
    runs.push({ clients: plan.scenario.workload.clients, results: await runAll(plan, how) });
  }
  const measured: Growth = { clients: runs.map(({ clients }) => clients), rows: [], failed: [] };
  for (const [index, { label }] of rows.entries()) {
    const points = runs.flatMap(({ clients, results }) =>
      (results[index] ?? []).flatMap((run) => {
        const share = cpuShareOf(run);
        return share === null ? [] : [{ clients, round: run.round, cpuShare: share }];
      }),
    );
    const all = runs.flatMap(({ results }) => results[index] ?? []);
    if (points.length > 0) measured.rows.push({ label, points });
    else measured.failed.push({ label, reason: whyNoGrowth(all, how.signal.aborted) });
  }
  return measured;
}

/** Of a run whose figures may be used. */
function cpuShareOf(run: RunResult): number | null {
  return run.state === 'completed' && run.verdict !== 'invalid' ? run.server.cpuShare : null;
}

function whyNoGrowth(runs: readonly RunResult[], interrupted: boolean): string {
  const [run] = runs;
  if (run !== undefined) return whyNot(run);
  return interrupted ? 'interrupted' : 'there are too few clients for fewer of them';
}

function runAll(plan: Plan, { onEvent, ...how }: HowToRun): Promise<SuiteResults> {
  return runSuite({ ...how, plan, wire: false, onEvent, onResult: async () => {} });
}

function whyNot(run: RunResult | undefined): string {
  if (run === undefined) return 'interrupted';
  if (run.state !== 'completed') return `${run.state}: ${run.reason}`;
  return run.reasons[0] ?? 'the run has no such figure';
}
