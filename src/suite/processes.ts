import { HostClock } from '../metrics/clock.js';
import { type CpuReading, CpuWatch, cpuUsOf } from '../metrics/cpu-watch.js';
import { type MachineSample, sampleMachine } from '../metrics/machine-sample.js';
import type {
  ClockReading,
  Mark,
  PublishPhase,
  ServerSample,
  ServerStamps,
  StampRequest,
} from '../protocol/messages.js';
import type { UplinkRequest, UplinkTaken } from '../protocol/uplink-messages.js';
import type {
  InjectedFault,
  RoundTripMeasurement,
  ServerWatch,
  WorkerMeasurement,
} from '../report/round-measurement.js';
import { endsServer, type Fault } from '../scenario/faults.js';
import { roundTripsDeadlineMs } from '../scenario/round-trips.js';
import type { Plan, Row } from '../scenario/scenario.js';
import type { Turn } from '../scenario/turns.js';
import { proxyOf } from '../scenario/via.js';
import type { ServerIdentity } from '../server/certificate.js';
import { type BetweenProcesses, detour, endpointsOf, type StartBetween } from './between.js';
import { taken } from './marked-samples.js';
import type { PhaseBoard } from './phase-board.js';
import { pin } from './pinning.js';
import type { ServerOfRun } from './server-of-run.js';
import { type Ready, ServerProcess } from './server-process.js';
import { roundTripRequest, serverStart, workerPreparation } from './start-messages.js';
import { TargetServer } from './target-server.js';
import { ANSWER_TIMEOUT_MS, Workers, type WorkersOptions } from './workers.js';

/** A proxy that holds back the head of an answer holds it for ever, as nothing is published yet. */
const PROXIED_CONNECT_MS = 10_000;

export interface ProcessesOptions extends WorkersOptions {
  /** Instant of the machine's monotonic clock from which all processes count. */
  readonly epochNs: bigint;
  readonly plan: Plan;
  readonly row: Row;
  /** Of this run's workload. */
  readonly seed: number;
  readonly pinned: boolean;
  /** In an interleaved round; `null`: the run is alone. */
  readonly turn: Turn | null;
  /** Whether this is a network namespace of the run's own, whose loopback is counted. */
  readonly wire: boolean;
  /** For TLS; `null`: in the clear. */
  readonly identity: ServerIdentity | null;
  /** Puts something between clients and server; `null`: clients connect to the server itself. */
  readonly between: StartBetween | null;
  /** What the server is to stamp; `null`: nothing. */
  readonly stamps: StampRequest | null;
  /** What clients will send besides; `null`: nothing. */
  readonly uplink: UplinkRequest | null;
}

/**
 * The processes of one run: the server, and the workers, of which the probe is the first. Every method rejects with the
 * reason when a process fails or does not answer. They start with the constructor: whoever made it has to `stop` it.
 */
export class Processes {
  readonly #options: ProcessesOptions;
  readonly #server: ServerOfRun;
  readonly #cpu: CpuWatch;
  readonly #serverSamples = new Map<Mark, ServerSample>();
  readonly #machineSamples = new Map<Mark, MachineSample>();
  readonly #workers: Workers;
  #between: Promise<BetweenProcesses> | undefined;
  #ready: Ready | undefined;
  #clocksNest = true;
  /** Counts from the run's epoch, as all its processes do. */
  readonly clock: HostClock;

  constructor(options: ProcessesOptions) {
    this.#options = options;
    this.clock = new HostClock(options.epochNs);
    const { faults } = options.plan.scenario;
    const { row, plan, onFailure } = options;
    const target = plan.target ?? null;
    const isPolled = row.profile.delivery === 'pull';
    this.#server =
      target !== null && row.endpoint
        ? new TargetServer({
            target,
            endpoint: row.endpoint,
            isPolled,
            clock: this.clock,
            count: () => this.#workers.count(),
            onFailure,
          })
        : new ServerProcess({
            isReplaceable: faults?.injected.some(endsServer) ?? false,
            nodeFlags: row.serverNodeFlags,
            onFailure,
          });
    this.#cpu = new CpuWatch(this.clock, () => this.#server.pid);
    this.#workers = new Workers(options);
  }

  /** Which worker is how far. */
  get board(): PhaseBoard {
    return this.#workers.board;
  }

  /** Gets every process ready; nobody is connected yet. */
  async prepare(): Promise<void> {
    await Promise.all([this.#server.hello(), this.#workers.hello()]);
    await this.#pin();
    await this.#workers.idleProbeHelpers();
    const ready = await this.#putBetween(await this.#prepareServer());
    this.#ready = ready;
    await this.sampleServer('started', true);
    await this.#workers.prepare(
      (worker) => workerPreparation(this.#options, worker, ready),
      (ask) => this.#checkClock(ask),
    );
  }

  async connect(): Promise<void> {
    const { plan, roles } = this.#options;
    const patienceMs = proxyOf(plan.scenario) === null ? ANSWER_TIMEOUT_MS : PROXIED_CONNECT_MS;
    await this.#workers.connect(roles.connectOrder, patienceMs + plan.scenario.workload.clients * 10);
    await this.sampleServer('connected', true);
  }

  /** Has the phase begin everywhere at `startUs`; `board` shows how far it is. */
  publish(phase: PublishPhase, startUs: number): void {
    this.#workers.publish(phase, startUs);
  }

  /** Takes stock of the machine and of every process. */
  async sampleAll(mark: Mark): Promise<void> {
    this.#machineSamples.set(mark, sampleMachine());
    await Promise.all([this.sampleServer(mark, false), this.#workers.sample(mark)]);
  }

  async sampleServer(mark: Mark, collectGarbage: boolean): Promise<void> {
    this.#serverSamples.set(mark, await this.#server.sample(mark, collectGarbage));
  }

  /** Does this to the run. Resolves when it is over: the server goes on, or another one has taken its place. */
  async inject(fault: Fault, seed: number): Promise<InjectedFault> {
    let atUs = this.clock.nowUs();
    const injected = (connections: number | null = null) => ({
      fault,
      atUs,
      overUs: this.clock.nowUs(),
      connections,
    });
    switch (fault.kind) {
      case 'cut': {
        const cut = await this.#server.request({ type: 'cut', share: fault.share ?? 1, seed }, 'cut');
        atUs = cut.atUs;
        return injected(cut.connections);
      }
      case 'stall': {
        const { atUs: fromUs, overUs } = await this.#server.stall(fault.forMs ?? 0);
        return { fault, atUs: fromUs, overUs, connections: null };
      }
      case 'restart':
      case 'kill':
        await this.#replaceServer(fault.kind, () => {
          atUs = this.clock.nowUs();
        });
        return injected();
      case 'half-open':
      case 'net-stall':
        throw new Error(`${fault.kind} is done to what lies between clients and server`);
    }
  }

  /** The server's CPU time so far; `null` where the system does not tell. Costs the server nothing. */
  lookAtServerCpu(): CpuReading | null {
    const cpuUs = cpuUsOf(this.#server.pid);
    return cpuUs === null ? null : { atUs: this.clock.nowUs(), cpuUs };
  }

  /** Looks at the server's CPU time from now on. */
  watchServer(): void {
    this.#cpu.start();
  }

  /** What was seen of the server while faults were done to the run. */
  async collectServerWatch(): Promise<ServerWatch> {
    return { cpu: this.#cpu.stop(), accepts: await this.#server.accepts() };
  }

  async #replaceServer(how: 'restart' | 'kill', onEnding: () => void): Promise<void> {
    const { ingress, taken } = await this.#checkClock(() => this.#server.replace({ how, onEnding }));
    this.#ready = this.#ready && { ...this.#ready, ingress };
    await this.#pin();
    await this.#workers.reopen({ type: 'ingress', address: ingress, taken });
  }

  async #pin(): Promise<void> {
    if (!this.#options.pinned) return;
    await pin(this.#server.pid, this.#workers.pids);
  }

  /** Ends the measuring: what each worker saw, in their order. */
  collect(): Promise<WorkerMeasurement[]> {
    return this.#workers.collect();
  }

  /** What the server stamped; `null` where it was not asked to. */
  async collectStamps(): Promise<ServerStamps | null> {
    return (await this.#server.request({ type: 'collectStamps' }, 'stamps')).stamps;
  }

  /** Resolves to whether the server has all that clients send besides in a phase, at the latest after so long. */
  async uplinksTaken(phase: PublishPhase, withinMs: number): Promise<boolean> {
    if (this.#options.uplink === null) return true;
    const question = { type: 'awaitUplinks', phase, withinMs } as const;
    const { all } = await this.#server.request(question, 'uplinksAwaited', withinMs + ANSWER_TIMEOUT_MS);
    return all;
  }

  /** What the server took of it; `null` where clients send nothing besides. */
  async collectUplinks(): Promise<UplinkTaken | null> {
    return (await this.#server.request({ type: 'collectUplinks' }, 'uplinksTaken')).taken;
  }

  /** Closes every client. */
  async disconnect(): Promise<void> {
    await this.#workers.disconnect();
  }

  /** Has clients of the probe connect anew, when nothing else is left to do. */
  async timeRoundTrips(roundTripMs: number): Promise<Omit<RoundTripMeasurement, 'expected' | 'rtt'>> {
    const { row } = this.#options;
    if (this.#ready === undefined) throw new Error('nothing is prepared');
    await this.#server.request({ type: 'takeUplinks' }, 'uplinks');
    const request = roundTripRequest(this.#options, this.#ready, roundTripMs);
    const timeoutMs = roundTripsDeadlineMs(roundTripMs, row.worstWaitMs) + ANSWER_TIMEOUT_MS;
    const answer = await this.#workers.timeRoundTrips(request, timeoutMs);
    const { atUs } = await this.#server.request({ type: 'takeUplinks' }, 'uplinks');
    return { ...answer, receivedUs: atUs };
  }

  /** Of each mark. Throws where one was not sampled. */
  get serverSamples(): Readonly<Record<Mark, ServerSample>> {
    return {
      started: taken(this.#serverSamples, 'started'),
      connected: taken(this.#serverSamples, 'connected'),
      settled: taken(this.#serverSamples, 'settled'),
      windowEnd: taken(this.#serverSamples, 'windowEnd'),
      drained: taken(this.#serverSamples, 'drained'),
      closed: taken(this.#serverSamples, 'closed'),
    };
  }

  /** Of the two ends of the window. Throws where one was not sampled. */
  get machineSamples(): { readonly settled: MachineSample; readonly windowEnd: MachineSample } {
    return { settled: taken(this.#machineSamples, 'settled'), windowEnd: taken(this.#machineSamples, 'windowEnd') };
  }

  /** Whether every process's reading of the shared clock lay between the question and the answer. */
  get clocksNest(): boolean {
    return this.#clocksNest;
  }

  /** Ends all of them, whatever they are doing. Resolves when they are gone. */
  async stop(): Promise<void> {
    this.#cpu.stop();
    const between = await this.#between?.catch(() => undefined);
    await Promise.all([between?.stop(), this.#server.stop(), this.#workers.stop()]);
  }

  /** The same with the addresses at which clients are to connect instead. */
  async #putBetween(ready: Ready): Promise<Ready> {
    const { between, row, pinned, onFailure } = this.#options;
    if (between === null || row.profile.inProcess) return ready;
    const upstreams = endpointsOf([...ready.urls, ...ready.sideDoors.flat(), ...(ready.slowDoor ?? [])]);
    this.#between = between(upstreams, ready.speech);
    const { addresses, pids, failure } = await this.#between;
    failure.catch(onFailure);
    if (pinned) await pin(this.#server.pid, pids);
    const through = (urls: readonly string[]) => detour(urls, upstreams, addresses);
    return {
      ...ready,
      urls: through(ready.urls),
      sideDoors: ready.sideDoors.map(through),
      slowDoor: ready.slowDoor && through(ready.slowDoor),
    };
  }

  #prepareServer(): Promise<Ready> {
    return this.#checkClock(() => this.#server.start(serverStart(this.#options)));
  }

  async #checkClock<T extends { clock: ClockReading }>(ask: () => Promise<T>): Promise<T> {
    const beforeUs = this.clock.nowUs();
    const answer = await ask();
    const afterUs = this.clock.nowUs();
    const { nowUs, errorUs } = answer.clock;
    const marginUs = errorUs + this.clock.errorUs;
    if (nowUs < beforeUs - marginUs || nowUs > afterUs + marginUs) this.#clocksNest = false;
    return answer;
  }
}
