import { median } from 'simple-statistics';
import type { Row } from '../scenario/scenario.js';
import type { AuthWay } from '../transports/credentials.js';
import type { Traffic } from '../transports/theory.js';
import type { HeartbeatPromise } from '../transports/transport.js';
import { IDLE_SCHEMA_VERSION, type IdleReport, type IdleRow } from './idle-schema.js';
import { modelHeartbeat } from './ip-model.js';
import { type NotMeasured, nullPaths } from './not-measured.js';
import { identityOf } from './rows.js';

const MINUTE_MS = 60_000;

/** What was measured of one row; `null` where it could not be, with the reason in `unmeasured`. */
export interface IdleMeasurement {
  /** With the heartbeat in its settings. */
  readonly row: Row;
  readonly by: IdleRow['heartbeat']['by'];
  readonly promise: HeartbeatPromise;
  /** At the interval that is computed for; `null`: its heartbeat has no interval to set. */
  readonly promiseScaled: HeartbeatPromise | null;
  readonly clients: number;
  /** How each shows a token; `null`: not at all. */
  readonly auth: AuthWay | null;
  readonly failure: string | null;
  readonly bytes: {
    readonly overMs: number;
    readonly heartbeats: number;
    readonly bytes: Traffic;
    readonly connections: number;
    readonly theory: Traffic | null;
  } | null;
  readonly notice: {
    readonly clientMs: readonly (number | null)[];
    readonly serverMs: readonly (number | null)[];
  } | null;
  readonly survival: readonly { readonly timeoutMs: number; readonly survived: number }[];
  readonly unmeasured: Readonly<NotMeasured>;
}

export interface IdleParts extends Omit<IdleReport, 'schemaVersion' | 'kind' | 'transports' | 'startedAt'> {
  readonly startedAt: Date;
  readonly measurements: readonly IdleMeasurement[];
}

/** The report that `idle.json` holds. */
export function buildIdleReport({ measurements, startedAt, ...parts }: IdleParts): IdleReport {
  return {
    schemaVersion: IDLE_SCHEMA_VERSION,
    kind: 'idle',
    ...parts,
    startedAt: startedAt.toISOString(),
    transports: measurements.map((measurement) => idleRow(measurement, parts.scaledToMs)),
  };
}

function idleRow(measurement: IdleMeasurement, scaledToMs: number): IdleRow {
  const { row, by, promise, failure, clients, unmeasured } = measurement;
  const figures = {
    bytes: bytesOf(measurement),
    scaled: scaledOf(measurement, scaledToMs),
    notice: noticeOf(measurement),
  };
  const reasons = nullPaths(figures).map((path) => [path, failure ?? unmeasured[path] ?? why(path)] as const);
  return {
    ...identityOf(row),
    state: failure === null ? 'completed' : 'failed',
    reason: failure,
    auth: measurement.auth,
    heartbeat: { by, means: promise.means, everyMs: promise.everyMs },
    ...figures,
    survival: measurement.survival.map(({ timeoutMs, survived }) => ({
      timeoutMs,
      clients,
      survived,
      theory: promise.everyMs !== null && promise.everyMs < timeoutMs ? 'all' : 'none',
    })),
    notMeasured: Object.fromEntries(reasons),
  };
}

function why(path: string): string {
  if (path === 'bytes.theory') return 'no formula: the protocol compresses, or the transport says nothing of its bytes';
  if (path === 'scaled') return 'it has no heartbeat of its own whose interval could be another';
  if (path.startsWith('scaled.')) return 'its settings promise nothing: it never notices by itself';
  if (path.endsWith('.ms')) return 'none noticed while they were watched';
  if (path.endsWith('.promisedMs')) return 'its settings promise nothing: it never notices by itself';
  return 'not measured';
}

function bytesOf({ bytes: measured }: IdleMeasurement): IdleRow['bytes'] {
  if (!measured) return null;
  const { overMs, heartbeats, bytes, connections, theory } = measured;
  return { overMs, heartbeats, ...bytes, connections, theory, perMinute: scale(bytes, MINUTE_MS / overMs) };
}

/** A heartbeat has the same bytes at any interval. */
function scaledOf({ bytes, promiseScaled }: IdleMeasurement, everyMs: number): IdleRow['scaled'] {
  if (!bytes || bytes.heartbeats === 0 || promiseScaled?.everyMs !== everyMs) return null;
  const { heartbeats } = bytes;
  const perMinute = MINUTE_MS / everyMs;
  const each = scale(bytes.bytes, 1 / heartbeats);
  const ip = modelHeartbeat({ ...each, connections: bytes.connections / heartbeats });
  return {
    everyMs,
    perMinute: scale(each, perMinute),
    ipPerMinute: ip.bytes * perMinute,
    clientNoticesMs: promiseScaled.clientNoticesMs,
    serverNoticesMs: promiseScaled.serverNoticesMs,
  };
}

function noticeOf({ notice, promise, clients }: IdleMeasurement): IdleRow['notice'] {
  if (!notice) return null;
  return {
    clients,
    client: { ...spread(notice.clientMs), promisedMs: promise.clientNoticesMs },
    server: { ...spread(notice.serverMs), promisedMs: promise.serverNoticesMs },
  };
}

function spread(times: readonly (number | null)[]): Pick<NonNullable<IdleRow['notice']>['client'], 'noticed' | 'ms'> {
  const known = times.filter((time) => time !== null);
  if (known.length === 0) return { noticed: 0, ms: null };
  return { noticed: known.length, ms: { min: Math.min(...known), median: median(known), max: Math.max(...known) } };
}

function scale({ up, down }: Traffic, by: number): Traffic {
  return { up: up * by, down: down * by };
}
