import type { ComeBack, ToWorker, WorkerRole } from '../protocol/messages.js';
import type { RoundTripRequest } from '../protocol/round-trip-messages.js';
import { canResume, endsServer, type FaultPlan, isNative } from '../scenario/faults.js';
import { ROUND_TRIP_CLIENTS } from '../scenario/round-trips.js';
import type { Row } from '../scenario/scenario.js';
import { FIRST_ID, SERVER_LIMITS } from '../server/limits.js';
import type { Credentials } from '../transports/credentials.js';
import { credentialsOf } from './auth-cost.js';
import { foreignServerOf, tlsFor } from './foreign-server.js';
import type { ProcessesOptions } from './processes.js';
import type { Ready, Start } from './server-process.js';

/** What a run's server begins with. */
export function serverStart(options: ProcessesOptions): Start {
  const { plan, row, roles, epochNs, stamps, wire, identity } = options;
  const { workload, whenFull, faults } = plan.scenario;
  return {
    type: 'start',
    epochNs: String(epochNs),
    transports: row.profile.inProcess ? [] : [{ module: row.module, settings: row.settings }],
    payload: workload.payload,
    limits: { ...SERVER_LIMITS, maxBufferedBytes: whenFull.bufferBytes },
    whenFull,
    firstId: FIRST_ID,
    history: plan.history,
    addresses: plan.addresses,
    stamps,
    uplink: options.uplink,
    slowDoor: roles.slow.length > 0,
    logsAccepts: faults !== null,
    wire,
    tls: identity,
    credentials: credentialsIn(options),
  };
}

/** What a worker begins with; `ready`: where its clients are to connect. */
export function workerPreparation(
  options: ProcessesOptions,
  { role, clients }: { readonly role: WorkerRole; readonly clients: readonly number[] },
  { urls, sideDoors, slowDoor, ingress }: Ready,
): Extract<ToWorker, { type: 'prepare' }> {
  const { plan, row, epochNs, seed, identity, stamps, turn } = options;
  const foreign = foreignServerOf(plan, row, role);
  const { workload, slowReaders, via, faults } = plan.scenario;
  const wayIn = row.profile.inProcess ? 'ownClients' : ingress;
  return {
    type: 'prepare',
    epochNs: String(epochNs),
    role,
    transport: { module: row.module, settings: row.settings },
    urls: role === 'slow' ? (slowDoor ?? urls) : urls,
    slowBytesPerSecond: role === 'slow' ? (slowReaders?.bytesPerSecond ?? null) : null,
    tls: foreign ? tlsFor(urls[0] ?? '', foreign.trust) : identity && { ca: identity.certificate },
    credentials: credentialsIn(options),
    urlsByClient: role === 'probe' && stamps !== null ? sideDoors : null,
    ingress: role === 'probe' && workload.publish === 'server' && !foreign ? wayIn : null,
    foreign,
    inBrowser: role === 'probe' && via === 'browser',
    clients,
    seed,
    workload,
    turn,
    comeBack: comeBackOf(faults, row),
  };
}

/** What the probe counts round trips with; `ready`: where its clients are to connect, and where it publishes. */
export function roundTripRequest(
  options: ProcessesOptions,
  { urls, ingress }: Ready,
  roundTripMs: number,
): RoundTripRequest {
  const { plan, row, epochNs, identity } = options;
  return {
    epochNs: String(epochNs),
    transport: { module: row.module, settings: row.settings },
    urls,
    tls: identity && { ca: identity.certificate },
    credentials: credentialsIn(options),
    payload: plan.scenario.workload.payload,
    ingress,
    clients: ROUND_TRIP_CLIENTS,
    publishes: row.profile.uplink !== 'none',
    roundTripMs,
  };
}

function credentialsIn({ plan, row, seed }: ProcessesOptions): Credentials | null {
  return credentialsOf(row, plan.scenario.auth, seed);
}

function comeBackOf(faults: FaultPlan | null, row: Row): ComeBack | null {
  return (
    faults && {
      policy: faults.reconnect,
      resume: faults.resume && canResume(row),
      native: isNative(faults),
      keepsPublishes: faults.injected.some(endsServer),
    }
  );
}
