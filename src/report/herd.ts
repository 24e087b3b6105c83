import { ATTEMPT_BIN_MS, type HerdTally } from '../protocol/herd-messages.js';
import type { HerdPlan } from '../scenario/herd-plan.js';
import type { ReconnectPolicy } from '../scenario/reconnect-policy.js';
import { formatDurationMs } from '../units.js';
import type { AuthCost } from './auth-schema.js';
import { type CompletedHerd, HERD_SCHEMA_VERSION, type HerdPolicy, type HerdReport } from './herd-schema.js';
import { Bins, type HerdTheory, herdTheory, mostWithin, shareOf } from './herd-theory.js';
import type { NotMeasured } from './not-measured.js';
import { identityOf } from './rows.js';
import { counted } from './wording.js';

/** What one herd left. Times in µs since its epoch. */
export type HerdRun =
  | {
      readonly state: 'completed';
      readonly policy: ReconnectPolicy;
      /** All clients connected for the first time took so long, with nothing to wait for. */
      readonly connectAllMs: number;
      /** The server was told to go. */
      readonly goneUs: number;
      /** Its successor listened. */
      readonly returnedUs: number;
      /** Of the successor, ascending. */
      readonly acceptsUs: readonly number[];
      readonly server: { readonly cpuUs: number; readonly overUs: number };
      readonly tallies: readonly HerdTally[];
    }
  | { readonly state: 'aborted' | 'failed'; readonly policy: ReconnectPolicy; readonly reason: string };

type CompletedRun = Extract<HerdRun, { state: 'completed' }>;

/** How far measured and theoretical peak may be apart; beyond it the row is marked. */
export const PEAK_TOLERANCE = 0.25;
/** A herd that notices its loss over more of the window than this is not one that is dropped at once. */
const NOTICE_SHARE = 0.5;

export interface HerdParts extends Pick<HerdReport, 'tool' | 'durationMs' | 'command' | 'environment' | 'interrupted'> {
  readonly startedAt: Date;
  readonly plan: HerdPlan;
  /** What it costs to do as `plan.auth` asks. */
  readonly auth: AuthCost | null;
  readonly runs: readonly HerdRun[];
}

/** The report that `herd.json` holds. */
export function buildHerdReport({ startedAt, plan, auth, runs, ...parts }: HerdParts): HerdReport {
  const { row, clients, awayMs, leave, windowMs, scale, workers, seed, policies } = plan;
  const binMs = binFor(plan);
  const against = policies.find(({ spec }) => /^exponential(:|$)/.test(spec))?.spec ?? null;
  const rows = runs.map((run) => (run.state === 'completed' ? rowOf(run, plan, binMs) : endedOf(run)));
  const reference = rows.find((one): one is CompletedHerd => one.policy === against && one.state === 'completed');
  return {
    schemaVersion: HERD_SCHEMA_VERSION,
    kind: 'herd',
    ...parts,
    startedAt: startedAt.toISOString(),
    herd: {
      ...identityOf(row),
      clients,
      awayMs,
      leave,
      windowMs,
      binMs,
      scale,
      workers,
      seed,
      auth: authOf(auth, plan),
      against,
    },
    policies: rows.map((one) => (one.state === 'completed' ? heldAgainst(reference, one, against) : one)),
  };
}

function authOf(auth: AuthCost | null, { auth: asked }: HerdPlan): HerdReport['herd']['auth'] {
  return auth && asked && { ...auth, asked };
}

/** A third of the window, in whole bins of the attempts. */
function binFor({ windowMs }: HerdPlan): number {
  return ATTEMPT_BIN_MS * Math.max(1, Math.round(windowMs / 3 / ATTEMPT_BIN_MS));
}

function endedOf({ state, policy, reason }: Exclude<HerdRun, CompletedRun>): HerdPolicy {
  return { state, policy: policy.spec, reason };
}

function rowOf(run: CompletedRun, plan: HerdPlan, binMs: number): CompletedHerd {
  const { policy, tallies, returnedUs, acceptsUs, server } = run;
  const lostUs = ascending(tallies.flatMap((tally) => tally.lostUs));
  const zeroUs = lostUs[0] ?? run.goneUs;
  const awayMs = Math.max(0, (returnedUs - zeroUs) / 1_000);
  const theory = herdTheory({ ...plan, policy, awayMs, binMs });
  const backMs = ascending(tallies.flatMap((tally) => tally.backUs)).map((us) => (us - returnedUs) / 1_000);
  const acceptsMs = acceptsUs.map((us) => (us - zeroUs) / 1_000);
  const perSecond = (most: number) => (1_000 * most) / plan.windowMs;
  const refused = sum(tallies.map((tally) => tally.refused));
  const attempts = sum(tallies.flatMap((tally) => Object.values(tally.attempts)));
  const connectUs = ascending(tallies.flatMap((tally) => tally.connectUs));
  const noticedWithinMs = lostUs.length === 0 ? null : ((lostUs.at(-1) ?? 0) - zeroUs) / 1_000;
  const whole = backMs.length === plan.clients;
  const row: Omit<CompletedHerd, 'verdict' | 'reasons' | 'notMeasured'> = {
    state: 'completed',
    policy: policy.spec,
    awayMs,
    connectAllMs: run.connectAllMs,
    noticedWithinMs,
    peakPerSecond: { measured: perSecond(mostWithin(acceptsMs, plan.windowMs)), theory: perSecond(theory.peak) },
    lowerBy: { measured: null, theory: null },
    attemptsPerClient: { measured: attempts / plan.clients, theory: theory.attemptsPerClient },
    refused,
    backMs: {
      measured: {
        p50: backMs.length >= plan.clients * 0.5 ? atShare(backMs, 0.5, plan) : null,
        p99: backMs.length >= plan.clients * 0.99 ? atShare(backMs, 0.99, plan) : null,
        all: whole ? atShare(backMs, 1, plan) : null,
      },
      theory: { ...theory.backMs },
    },
    connectUs: { p50: shareOf(connectUs, 0.5), p99: shareOf(connectUs, 0.99) },
    lostAgain: sum(tallies.map((tally) => tally.lostAgain)),
    server: {
      accepted: acceptsUs.length,
      cpuMs: server.cpuUs / 1_000,
      cpuUsPerAccept: acceptsUs.length === 0 ? null : server.cpuUs / acceptsUs.length,
      cpuShare: server.overUs > 0 ? server.cpuUs / server.overUs : 0,
    },
    series: seriesOf(acceptsMs, tallies, { zeroUs, binMs, theory }),
  };
  return { ...row, ...judged(row, run, plan), notMeasured: reasonsFor(row, backMs.length, plan) };
}

/** The time by which this share of all clients was back. */
function atShare(backMs: readonly number[], share: number, { clients }: HerdPlan): number | null {
  return backMs[Math.max(0, Math.ceil(clients * share) - 1)] ?? null;
}

function seriesOf(
  acceptsMs: readonly number[],
  tallies: readonly HerdTally[],
  { zeroUs, binMs, theory }: { zeroUs: number; binMs: number; theory: HerdTheory },
): CompletedHerd['series'] {
  const accepts = new Bins(binMs);
  for (const ms of acceptsMs) accepts.add(ms);
  const attempts = new Bins(binMs);
  for (const [bin, times] of tallies.flatMap((tally) => Object.entries(tally.attempts))) {
    attempts.add((Number(bin) + 0.5) * ATTEMPT_BIN_MS - zeroUs / 1_000, times);
  }
  return {
    accepts: { measured: [...accepts.perHerd(1)], theory: [...theory.acceptsPerBin] },
    attempts: {
      measured: [...attempts.perHerd(1)],
      theory: theory.attemptsPerBin && [...theory.attemptsPerBin],
    },
  };
}

type Figures = Omit<CompletedHerd, 'verdict' | 'reasons' | 'notMeasured'>;

function judged(row: Figures, run: CompletedRun, { clients, windowMs }: HerdPlan) {
  const reasons: string[] = [];
  const { measured, theory } = row.peakPerSecond;
  const back = sum(run.tallies.map((tally) => tally.backUs.filter((us) => us !== null).length));
  if (back < clients) {
    const [error] = run.tallies.flatMap((tally) => tally.errors);
    reasons.push(`${counted(clients - back, 'client')} of ${clients} did not come back${error ? ` (${error})` : ''}`);
  }
  if (row.lostAgain > 0) reasons.push(`${counted(row.lostAgain, 'connection')} lost again after the return`);
  if (row.noticedWithinMs !== null && row.noticedWithinMs > NOTICE_SHARE * windowMs) {
    reasons.push(
      `the clients noticed the loss over ${formatDurationMs(row.noticedWithinMs)}, which spreads their attempts beyond ` +
        'what theory says of clients that are dropped at once',
    );
  }
  if (measured !== null && theory !== null && Math.abs(measured / theory - 1) > PEAK_TOLERANCE) {
    reasons.push(
      measured < theory
        ? `the peak is below what the policy asks for: this machine takes ${formatDurationMs(row.connectAllMs)} to connect ` +
            `all clients, and the window is ${formatDurationMs(windowMs)}; take a wider --window, a larger --scale or fewer --clients`
        : 'the peak is higher than theory says: attempts were held up and came together',
    );
  }
  const invalid = back < clients;
  return {
    verdict: invalid ? ('invalid' as const) : reasons.length > 0 ? ('suspect' as const) : ('valid' as const),
    reasons,
  };
}

function reasonsFor(row: Figures, back: number, { clients }: HerdPlan): NotMeasured {
  const notMeasured: NotMeasured = {};
  if (row.noticedWithinMs === null) notMeasured.noticedWithinMs = 'no client noticed the loss';
  if (row.attemptsPerClient.theory === null) {
    notMeasured['attemptsPerClient.theory'] = NO_LIMIT;
    notMeasured['series.attempts.theory'] = NO_LIMIT;
  }
  for (const [key, value] of Object.entries(row.backMs.measured)) {
    if (value === null) notMeasured[`backMs.measured.${key}`] = `only ${back} of ${clients} clients came back`;
  }
  if (row.server.cpuUsPerAccept === null) notMeasured['server.cpuUsPerAccept'] = 'nobody was accepted';
  if (row.connectUs.p50 === null) notMeasured.connectUs = 'no client came back';
  return notMeasured;
}

const NO_LIMIT = 'a policy that does not wait makes as many attempts as the machine can';

function heldAgainst(reference: CompletedHerd | undefined, row: CompletedHerd, against: string | null): CompletedHerd {
  const ratio = (key: 'measured' | 'theory') => {
    const [whole, part] = [reference?.peakPerSecond[key] ?? null, row.peakPerSecond[key]];
    return whole === null || part === null || part === 0 ? null : whole / part;
  };
  const lowerBy = { measured: ratio('measured'), theory: ratio('theory') };
  if (lowerBy.measured !== null) return { ...row, lowerBy };
  const why = against === null ? 'no `exponential` among the policies' : `\`${against}\` was not measured`;
  return { ...row, lowerBy, notMeasured: { ...row.notMeasured, lowerBy: why } };
}

function ascending(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null).sort((a, b) => a - b);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
