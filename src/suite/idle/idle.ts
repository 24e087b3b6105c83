import { messageOf } from '../../errors.js';
import type { IdleMeasurement } from '../../report/idle.js';
import { waitsOf } from '../../scenario/rows.js';
import type { Row } from '../../scenario/scenario.js';
import type { AuthWay } from '../../transports/credentials.js';
import { NO_HEARTBEAT } from '../../transports/heartbeat.js';
import type { HeartbeatPromise, Settings, Transport } from '../../transports/transport.js';
import { credentialsOf } from '../auth-cost.js';
import { type IdleBytes, measureIdleBytes } from './bytes.js';
import { measureNotice } from './notice.js';
import { measureSurvival } from './survival.js';

/** Heartbeats in the time whose bytes are counted. */
const HEARTBEATS = 6;
const BYTES_WINDOW_MS = 2_000;
/** Nothing is drawn but a token, of fixed length. */
const SEED = 1;

/** A row with one heartbeat, to be measured. */
export interface IdleCase {
  readonly row: Row;
  readonly by: IdleMeasurement['by'];
  readonly promise: HeartbeatPromise;
  readonly promiseScaled: HeartbeatPromise | null;
}

export interface IdlePlan {
  readonly cases: readonly IdleCase[];
  readonly clients: number;
  /** How long both sides of a lost connection are watched. */
  readonly watchMs: number;
  readonly idleTimeoutsMs: readonly number[];
  /** How clients show a token, where a row can; `null`: not at all. */
  readonly auth: AuthWay | null;
}

/** What a row is measured as: with a heartbeat at an interval, where it can have one, and as its settings are. */
export function idleCases(
  row: Row,
  transport: Transport,
  { intervalMs, scaledToMs }: { readonly intervalMs: number; readonly scaledToMs: number },
): readonly IdleCase[] {
  const { heartbeat } = transport;
  const asIs: IdleCase = {
    row,
    by: 'settings',
    promise: heartbeat?.promise(row.settings) ?? NO_HEARTBEAT,
    promiseScaled: null,
  };
  if (!heartbeat) return [asIs];
  const at = (everyMs: number): Settings => ({ ...row.settings, ...heartbeat.settingsAt(everyMs, row.settings) });
  const settings = at(intervalMs);
  const beating: IdleCase = {
    row: { ...row, settings, ...waitsOf(transport, settings) },
    by: 'interval',
    promise: heartbeat.promise(settings),
    promiseScaled: heartbeat.promise(at(scaledToMs)),
  };
  return [beating, asIs];
}

/** Measures case by case, and yields each when it is done. Throws `signal.reason` after an abort. */
export async function* measureIdle(plan: IdlePlan, signal: AbortSignal): AsyncGenerator<IdleMeasurement> {
  for (const one of plan.cases) {
    signal.throwIfAborted();
    yield await measure(one, plan, signal);
  }
}

/** All of a case at once, on servers of their own: nothing of it is a load. */
async function measure(one: IdleCase, plan: IdlePlan, signal: AbortSignal): Promise<IdleMeasurement> {
  const { clients, watchMs, idleTimeoutsMs } = plan;
  const { everyMs } = one.promise;
  const credentials = credentialsOf(one.row, plan.auth, SEED);
  const options = { transport: one.row, everyMs, clients, credentials, signal };
  const tooSeldom = everyMs !== null && HEARTBEATS * everyMs > watchMs && one.by === 'settings';
  const base = { ...one, clients, auth: credentials?.way ?? null, failure: null, unmeasured: {} };
  // Each to its end, whatever becomes of the others: nothing may stay open.
  const [bytes, notice, ...survival] = await Promise.allSettled([
    tooSeldom ? null : measureIdleBytes(options, { heartbeats: HEARTBEATS, windowMs: BYTES_WINDOW_MS }),
    measureNotice(options, watchMs),
    ...idleTimeoutsMs.map((timeoutMs) => measureSurvival(options, timeoutMs)),
  ]);
  signal.throwIfAborted();
  const failed = [bytes, notice, ...survival].find((result) => result.status === 'rejected');
  if (failed) {
    return { ...base, failure: messageOf(failed.reason), bytes: null, notice: null, survival: [] };
  }
  return {
    ...base,
    bytes: settledValue<IdleBytes | null>(bytes),
    notice: settledValue(notice),
    survival: idleTimeoutsMs.map((timeoutMs, index) => ({ timeoutMs, survived: settledValue(survival[index]) ?? 0 })),
    unmeasured: {
      bytes: `${HEARTBEATS} heartbeats take longer than connections are watched`,
      notice: 'no connection was open at that moment: each request makes its own',
    },
  };
}

function settledValue<T>(result: PromiseSettledResult<T> | undefined): T | null {
  return result?.status === 'fulfilled' ? result.value : null;
}
