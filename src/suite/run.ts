import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import { makeSchedule, type Schedule } from '../load/schedule.js';
import { SEQUENCE } from '../protocol/envelope.js';
import type { PublishPhase, StampRequest } from '../protocol/messages.js';
import type { UplinkRequest } from '../protocol/uplink-messages.js';
import { readable } from '../report/proxies/passage.js';
import { completedRound } from '../report/round.js';
import type { InjectedFault, RoundMeasurement } from '../report/round-measurement.js';
import type { CompletedRun } from '../report/schema.js';
import { endsServer, type Fault, isOnTheWay } from '../scenario/faults.js';
import { scenarioOfRow } from '../scenario/in-process.js';
import { MAX_STAMPED_READERS, MAX_STAMPS } from '../scenario/limits.js';
import { roundTripsCountedOf } from '../scenario/round-trips.js';
import type { Plan, PlannedRun, Row } from '../scenario/scenario.js';
import { slowReaderCount } from '../scenario/slow-readers.js';
import { scenarioInTurns, type Turn } from '../scenario/turns.js';
import { proxyOf } from '../scenario/via.js';
import type { ServerIdentity } from '../server/certificate.js';
import type { AuthWay } from '../transports/credentials.js';
import { loadTransport } from '../transports/index.js';
import { credentialsOf, measureAuthCost } from './auth-cost.js';
import type { RunProgress, RunStep } from './events.js';
import { observationOf } from './foreign-server.js';
import { Processes } from './processes.js';
import { ProgressSum } from './progress.js';
import { explainFailure } from './proxies/failure.js';
import { quietWire } from './quiet-wire.js';
import { assignRoles } from './roles.js';
import { atOwnPort } from './target-port.js';
import { uplinkRequest } from './uplink-request.js';
import { Way } from './way.js';

/** Enough for a message on the link to reach every process before the phase begins. */
const LEAD_US = 20_000;

/** The same beside other runs: each takes stock of its processes in between, and the others are at it too. */
const LEAD_SIDE_BY_SIDE_US = 200_000;

/** What a run shares with those that go on beside it. */
export interface SideBySide {
  readonly turn: Turn;
  /** Resolves when all of them are about to begin the phase, to that instant on the clock of `performance.now()`. */
  readonly meet: (phase: PublishPhase) => Promise<number>;
}

export interface RunOptions {
  readonly plan: Plan;
  readonly run: PlannedRun;
  readonly signal: AbortSignal;
  readonly pinned: boolean;
  /** In an interleaved round; `null`: the run is alone. */
  readonly sideBySide: SideBySide | null;
  /** This process and its children have a network namespace to themselves: its loopback is counted too. */
  readonly wire: boolean;
  /** For TLS; `null`: in the clear. */
  readonly identity: ServerIdentity | null;
  readonly onStep: (step: RunStep) => void;
  readonly onProgress: (progress: RunProgress) => void;
  /** Everything the run left behind, for what is not in its result. */
  readonly onMeasured?: (measurement: RoundMeasurement) => void;
}

/**
 * Carries out one run: fresh processes, connect, warm up, settle, window, drain, stop. Rejects with a reason when a
 * process fails, and with `signal.reason` after an abort; in every case all its processes are gone afterwards.
 */
export async function carryOut(options: RunOptions): Promise<CompletedRun> {
  const { plan, run, signal } = options;
  const row = plan.rows[run.row];
  if (!row) throw new Error(`run ${run.index} names row ${run.row}, which the plan does not have`);
  if (plan.target) return atOwnPort(row, options, carryOutRow);
  const proxy = proxyOf(plan.scenario);
  if (proxy === null) return carryOutRow(row, options);
  try {
    return await carryOutRow(row, options);
  } catch (error) {
    if (signal.aborted) throw error;
    // Every round in the same words, whatever the ports were.
    const reason = [readable(messageOf(error)), await explainFailure(proxy, row, signal)].filter((text) => text !== '');
    throw new Error(reason.join('. '), { cause: error });
  }
}

async function carryOutRow(row: Row, options: RunOptions): Promise<CompletedRun> {
  const { signal } = options;
  const own = scenarioOfRow(options.plan.scenario, row);
  const scenario = options.sideBySide === null ? own : scenarioInTurns(own, options.sideBySide.turn);
  const plan = { ...options.plan, scenario };
  signal.throwIfAborted();
  /** Aborted when the run is over, by itself or because it is given up: it ends every wait of the run. */
  const over = new AbortController();
  const giveUp = (reason: unknown) => over.abort(reason);
  const onAbort = () => giveUp(signal.reason);
  signal.addEventListener('abort', onAbort);
  const conductor = new Conductor({ ...options, plan }, row, over.signal, giveUp);
  try {
    return await Promise.race([rejectionBy(over.signal), conductor.conduct()]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    giveUp(new Error('the run is over'));
    await conductor.stop();
  }
}

/** `null` where there is no server or more than one, or too much to stamp. */
function stampRequest(
  row: Row,
  { scenario: { probes, faults }, target }: Pick<Plan, 'scenario' | 'target'>,
  { warmupCount, windowCount }: Schedule,
): StampRequest | null {
  if (target || faults?.injected.some(endsServer)) return null;
  if (row.profile.inProcess || probes > MAX_STAMPED_READERS || probes * windowCount > MAX_STAMPS) return null;
  const { at, digits } = SEQUENCE;
  return { readers: probes, firstSequence: warmupCount, messages: windowCount, sequenceAt: at, sequenceDigits: digits };
}

/** Rejects when the signal aborts, with its reason. */
function rejectionBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

class Conductor {
  readonly #options: RunOptions;
  readonly #row: Row;
  readonly #over: AbortSignal;
  readonly #dueOffsetsUs: Float64Array;
  readonly #processes: Processes;
  readonly #way: Way;
  readonly #seed: number;
  readonly #uplink: UplinkRequest | null;
  readonly #injected: InjectedFault[] = [];

  constructor(options: RunOptions, row: Row, over: AbortSignal, onFailure: (reason: unknown) => void) {
    const { plan, run, pinned, sideBySide, wire, identity, onProgress } = options;
    const turn = sideBySide?.turn ?? null;
    const { scenario } = plan;
    this.#options = options;
    this.#row = row;
    this.#over = over;
    // Every technique of a round gets the same workload; every round draws another.
    const seed = scenario.seed + run.round * 1_000_003;
    const schedule = makeSchedule(seed, scenario.workload, turn);
    this.#seed = seed;
    this.#dueOffsetsUs = schedule.offsetUs.subarray(schedule.warmupCount);
    const sum = new ProgressSum(schedule, scenario.workload, () => this.#processes.lookAtServerCpu());
    this.#uplink = uplinkRequest(seed, scenario.workload, turn, schedule);
    const epochNs = process.hrtime.bigint();
    this.#way = new Way(scenario, { seed, epochNs });
    this.#processes = new Processes({
      epochNs,
      plan,
      row,
      roles: assignRoles(scenario, seed),
      seed,
      pinned,
      turn,
      wire,
      identity,
      between: this.#way.start,
      stamps: stampRequest(row, plan, schedule),
      uplink: this.#uplink,
      onFailure,
      onProgress(worker, progress) {
        sum.note(worker, progress);
        if (worker === 0) onProgress(sum.take());
      },
    });
  }

  async conduct(): Promise<CompletedRun> {
    const { plan, run, onStep } = this.#options;
    const { workload } = plan.scenario;
    const processes = this.#processes;
    // What slow readers have let wait is read in the drain.
    const waitedMs = plan.scenario.slowReaders === null ? 0 : workload.durationMs;
    const drainMs = 2 * this.#row.worstWaitMs + 2_000 + waitedMs + 4 * (plan.scenario.network?.rttMs ?? 0);
    onStep('start');
    await processes.prepare();
    onStep('connect');
    await processes.connect();
    onStep('warmup');
    await this.#publish('warmup', workload.warmupMs, await this.#startOf('warmup'));
    onStep('settle');
    const warmupSettled = await this.#everythingCame('warmup', drainMs);
    await this.#quiet();
    const earliest = await this.#startOf('window');
    await processes.sampleAll('settled');
    onStep('measure');
    this.#way.windowBegins();
    if (plan.scenario.faults !== null) processes.watchServer();
    const startUs = await this.#publish('window', workload.durationMs, earliest);
    await processes.sampleAll('windowEnd');
    this.#way.windowEnds();
    onStep('drain');
    await this.#everythingCame('window', drainMs);
    await this.#quiet();
    await processes.sampleServer('drained', false);
    const { network, proxy } = await this.#way.read();
    onStep('stop');
    const collected = await processes.collect();
    const { faults } = plan.scenario;
    const serverWatch = faults && (await processes.collectServerWatch());
    const slow = collected.find(({ role }) => role === 'slow');
    const stamps = await processes.collectStamps();
    const uplinkTaken = await processes.collectUplinks();
    await processes.disconnect();
    await this.#quiet();
    await processes.sampleServer('closed', false);
    const credentials = credentialsOf(this.#row, plan.scenario.auth, plan.scenario.seed);
    const measurement: RoundMeasurement = {
      roundTrips: await this.#countRoundTrips(credentials?.way ?? null),
      auth: credentials && (await measureAuthCost(this.#row, workload.payload, credentials)),
      round: run.round,
      row: this.#row,
      workload,
      due: this.#dueOffsetsUs.length,
      window: { startUs, dueOffsetsUs: this.#dueOffsetsUs },
      clocksNest: processes.clocksNest,
      warmupSettled,
      server: processes.serverSamples,
      workers: collected.filter(({ role }) => role !== 'slow'),
      slowReaders: slow ? { clients: slowReaderCount(plan.scenario), worker: slow } : null,
      stamps,
      uplink: uplinkTaken && { expected: this.#uplink?.expected.window ?? 0, taken: uplinkTaken },
      machine: processes.machineSamples,
      network,
      proxy,
      target: plan.target
        ? {
            isSampled: plan.target.server !== null,
            observed: observationOf(plan.target, this.#row.endpoint?.url ?? plan.target.url),
          }
        : null,
      faults: faults && { plan: faults, injected: this.#injected, serverWatch },
    };
    this.#options.onMeasured?.(measurement);
    return completedRound(measurement);
  }

  /** Resolves when the messages of a phase have reached whoever expects them, whichever way they go, or after so long. */
  async #everythingCame(phase: PublishPhase, withinMs: number): Promise<boolean> {
    const ways = [
      this.#processes.board.all('received', phase, withinMs, this.#over),
      this.#processes.uplinksTaken(phase, withinMs),
    ];
    return (await Promise.all(ways)).every((all) => all);
  }

  /** After everything else, so that nothing of it is in any other figure; nor does its failure take the others away. */
  async #countRoundTrips(auth: AuthWay | null): Promise<NonNullable<RoundMeasurement['roundTrips']>> {
    const { plan, onStep } = this.#options;
    const { module, settings, profile } = this.#row;
    const counted = roundTripsCountedOf(profile, plan.scenario);
    if ('why' in counted) return counted;
    onStep('roundTrips');
    const theory = await (await loadTransport(module)).theory?.();
    const expected = theory?.roundTrips?.({ settings, tls: plan.scenario.tls, auth }) ?? null;
    const { distance } = this.#way;
    if (distance === undefined) throw new Error('there is no distance to count round trips of');
    try {
      distance.watch();
      const timed = await this.#processes.timeRoundTrips(counted.roundTripMs);
      return { ...timed, expected, rtt: await distance.roundTrips() };
    } catch (error) {
      this.#over.throwIfAborted();
      return { why: messageOf(error) };
    }
  }

  stop(): Promise<void> {
    return this.#processes.stop();
  }

  /** What is under way on the IP layer belongs to the phase that ends, where that layer is counted. */
  async #quiet(): Promise<void> {
    if (this.#options.wire) await quietWire(this.#over);
  }

  /** When the phase may begin, on the run's clock: at one instant with the runs beside it, or any time. */
  async #startOf(phase: PublishPhase): Promise<number> {
    const { sideBySide } = this.#options;
    if (sideBySide === null) return 0;
    const metMs = await Promise.race([sideBySide.meet(phase), rejectionBy(this.#over)]);
    return this.#processes.clock.nowUs() - (performance.now() - metMs) * 1_000 + LEAD_SIDE_BY_SIDE_US;
  }

  /**
   * Opens a phase and waits for its end: the last publish and the phase's duration, whichever is later. Resolves to when
   * it began.
   */
  async #publish(phase: PublishPhase, durationMs: number, earliestUs: number): Promise<number> {
    const { clock, board } = this.#processes;
    const startUs = Math.max(earliestUs, clock.nowUs() + LEAD_US);
    this.#processes.publish(phase, startUs);
    const signal = this.#over;
    await Promise.all([
      delay(Math.max(0, (startUs - clock.nowUs()) / 1_000 + durationMs), undefined, { signal }),
      phase === 'window' ? this.#inject(startUs) : undefined,
    ]);
    await board.all('published', phase, 1_000 + durationMs, signal);
    return startUs;
  }

  /** One after the other: a fault whose time comes while another one lasts is done when that is over. */
  async #inject(startUs: number): Promise<void> {
    const { clock } = this.#processes;
    const signal = this.#over;
    for (const fault of this.#options.plan.scenario.faults?.injected ?? []) {
      await delay(Math.max(0, (startUs - clock.nowUs()) / 1_000 + fault.atMs), undefined, { signal });
      this.#injected.push(await this.#do(fault));
    }
  }

  async #do(fault: Fault): Promise<InjectedFault> {
    if (!isOnTheWay(fault)) return this.#processes.inject(fault, this.#seed + this.#injected.length);
    const { distance } = this.#way;
    if (distance) return distance.inject(fault, this.#over);
    // Inside one process there is no way.
    const atUs = this.#processes.clock.nowUs();
    return { fault, atUs, overUs: atUs, connections: null };
  }
}
