import { setTimeout as delay } from 'node:timers/promises';
import { channelOf, makeSchedule, type Schedule } from '../load/schedule.js';
import { HostClock } from '../metrics/clock.js';
import type { ProcessSample } from '../metrics/process-sample.js';
import type {
  ClockReading,
  FromServer,
  FromWorker,
  Mark,
  PublishPhase,
  ServerSample,
  ToServer,
  ToWorker,
  WorkerProgress,
  WorkerRole,
} from '../protocol/messages.js';
import { completedRound } from '../report/round.js';
import type { CompletedRun } from '../report/schema.js';
import type { Plan, PlannedRun, Row, Workload } from '../scenario/scenario.js';
import { SERVER_LIMITS } from '../server/limits.js';
import { Child } from './child.js';
import type { RunProgress, RunStep } from './events.js';
import { PhaseBoard } from './phase-board.js';
import { pin } from './pinning.js';
import { assignRoles, type Roles } from './roles.js';

/** Enough for a message on the link to reach every process before the phase begins. */
const LEAD_US = 20_000;
const ANSWER_TIMEOUT_MS = 30_000;
/** Ids have this many digits while measuring, so that sizes do not drift with them. */
const FIRST_ID = 10_000_001;

export interface RunOptions {
  readonly plan: Plan;
  readonly run: PlannedRun;
  readonly signal: AbortSignal;
  readonly pinned: boolean;
  readonly onStep: (step: RunStep) => void;
  readonly onProgress: (progress: RunProgress) => void;
}

type ServerChild = Child<ToServer, FromServer>;
type WorkerChild = Child<ToWorker, FromWorker>;

interface WorkerState {
  readonly role: WorkerRole;
  readonly clients: ReadonlySet<number>;
  readonly child: WorkerChild;
  readonly samples: Map<Mark, ProcessSample>;
  progress: WorkerProgress | undefined;
}

/**
 * Carries out one run: fresh processes, connect, warm up, settle, window, drain, stop. Rejects with a reason when a
 * process fails, and with `signal.reason` after an abort; in every case all its processes are gone afterwards.
 */
export async function carryOut(options: RunOptions): Promise<CompletedRun> {
  const conductor = new Conductor(options);
  try {
    return await conductor.conduct();
  } finally {
    await conductor.end();
  }
}

class Conductor {
  readonly #options: RunOptions;
  readonly #seed: number;
  readonly #roles: Roles;
  readonly #schedule: Schedule;
  readonly #epochNs = process.hrtime.bigint();
  readonly #clock = new HostClock(this.#epochNs);
  /** Ends every wait of this run. */
  readonly #over = new AbortController();
  readonly #children: { stop(): Promise<void> }[] = [];
  readonly #serverSamples = new Map<Mark, ServerSample>();
  readonly #workers: WorkerState[] = [];
  readonly #board: PhaseBoard;
  readonly #expected: number;
  /** Gives the run up. */
  #giveUp: (reason: unknown) => void = () => {};
  #server: ServerChild | undefined;
  #clocksNest = true;

  constructor(options: RunOptions) {
    this.#options = options;
    const { scenario } = options.plan;
    // Every technique of a round gets the same workload; every round draws another.
    this.#seed = scenario.seed + options.run.round * 1_000_003;
    this.#roles = assignRoles(scenario, this.#seed);
    this.#schedule = makeSchedule(this.#seed, scenario.workload);
    this.#expected = expectedDeliveries(this.#schedule, scenario.workload);
    this.#board = new PhaseBoard(1 + this.#roles.crowds.length);
  }

  async conduct(): Promise<CompletedRun> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    const givenUp = new Promise<never>((_, reject) => {
      this.#giveUp = reject;
      signal.addEventListener('abort', () => reject(signal.reason), { signal: this.#over.signal });
    });
    return Promise.race([givenUp, this.#steps()]);
  }

  /** Stops what still runs. */
  async end(): Promise<void> {
    this.#over.abort(new Error('the run is over'));
    await Promise.all(this.#children.map((child) => child.stop()));
  }

  async #steps(): Promise<CompletedRun> {
    const { onStep, plan, run } = this.#options;
    const { scenario, rows } = plan;
    const { workload } = scenario;
    const row = rows[run.row];
    if (!row) throw new Error(`run ${run.index} names row ${run.row}, which the plan does not have`);
    onStep('start');
    await this.#start(row);
    onStep('connect');
    await this.#connect();
    const drainMs = Math.max(2_000, 2 * row.worstWaitMs + 2_000);
    onStep('warmup');
    await this.#publish('warmup', workload.warmupMs);
    onStep('settle');
    const warmupSettled = await this.#board.all('received', 'warmup', drainMs, this.#over.signal);
    await this.#sampleAll('settled');
    onStep('measure');
    await this.#publish('window', workload.durationMs);
    await this.#sampleAll('windowEnd');
    onStep('drain');
    await this.#board.all('received', 'window', drainMs, this.#over.signal);
    await this.#sampleServer('drained', false);
    onStep('stop');
    const tallies = await Promise.all(
      this.#workers.map(({ child }) => child.request({ type: 'collect' }, 'tally', ANSWER_TIMEOUT_MS)),
    );
    await Promise.all(this.#workers.map(({ child }) => child.request({ type: 'close' }, 'closed', ANSWER_TIMEOUT_MS)));
    await this.#sampleServer('closed', false);
    return completedRound({
      round: run.round,
      row,
      workload,
      due: this.#schedule.windowCount,
      clocksNest: this.#clocksNest,
      warmupSettled,
      server: {
        started: this.#serverSample('started'),
        connected: this.#serverSample('connected'),
        settled: this.#serverSample('settled'),
        windowEnd: this.#serverSample('windowEnd'),
        drained: this.#serverSample('drained'),
        closed: this.#serverSample('closed'),
      },
      workers: this.#workers.map(({ role, samples }, index) => {
        const settled = samples.get('settled');
        const windowEnd = samples.get('windowEnd');
        const tally = tallies[index]?.tally;
        if (!settled || !windowEnd || !tally) throw new Error(`worker ${index} gave no samples`);
        return { role, samples: { settled, windowEnd }, tally };
      }),
    });
  }

  /** Starts the processes and gets each ready. */
  async #start(row: Row): Promise<void> {
    const { plan, pinned } = this.#options;
    const { workload } = plan.scenario;
    const transport = { module: row.module, settings: row.settings };
    const [server] = await Promise.all([
      this.#startServer(),
      this.#startWorker('probe', 'probe', this.#roles.probe),
      ...this.#roles.crowds.map((clients, index) => this.#startWorker('crowd', `crowd ${index + 1}`, clients)),
    ]);
    // Started side by side, they may have come in any order; the probe is the first everywhere else.
    this.#workers.sort((a, b) => Number(b.role === 'probe') - Number(a.role === 'probe'));
    for (const [index, worker] of this.#workers.entries()) this.#watch(worker, index);
    if (pinned)
      await pin(
        server.pid,
        this.#workers.map(({ child }) => child.pid),
      );
    const ready = await this.#checkClock(() =>
      server.request(
        {
          type: 'start',
          epochNs: String(this.#epochNs),
          transports: [transport],
          payload: workload.payload,
          limits: SERVER_LIMITS,
          firstId: FIRST_ID,
          history: plan.history,
          addresses: plan.addresses,
        },
        'ready',
        ANSWER_TIMEOUT_MS,
      ),
    );
    await this.#sampleServer('started', true);
    await Promise.all(
      this.#workers.map((worker) =>
        this.#checkClock(() =>
          worker.child.request(
            {
              type: 'prepare',
              epochNs: String(this.#epochNs),
              role: worker.role,
              transport,
              urls: ready.urls,
              ingress: worker.role === 'probe' && workload.publish === 'server' ? ready.ingress : null,
              clients: [...worker.clients],
              seed: this.#seed,
              workload,
            },
            'ready',
            ANSWER_TIMEOUT_MS,
          ),
        ),
      ),
    );
  }

  async #startServer(): Promise<ServerChild> {
    this.#server = new Child<ToServer, FromServer>({
      title: 'server',
      entry: new URL('../server/main.js', import.meta.url),
      execArgv: ['--expose-gc'],
    });
    await this.#adopt(this.#server);
    return this.#server;
  }

  async #startWorker(role: WorkerRole, title: string, clients: readonly number[]): Promise<void> {
    const child = new Child<ToWorker, FromWorker>({ title, entry: new URL('../load/main.js', import.meta.url) });
    await this.#adopt(child);
    this.#workers.push({ role, clients: new Set(clients), child, samples: new Map(), progress: undefined });
  }

  /** Sees to it that a process is stopped with the run, even one that has yet to say hello, and the run with it. */
  async #adopt(child: ServerChild | WorkerChild): Promise<void> {
    this.#children.push({ stop: () => child.stop({ type: 'stop' }) });
    child.failure.catch(this.#giveUp);
    await child.hello();
  }

  #watch(worker: WorkerState, index: number): void {
    worker.child.onMessage((message) => {
      this.#board.note(index, message);
      if (message.type === 'progress') {
        worker.progress = message.progress;
        if (worker.role === 'probe') this.#options.onProgress(this.#progress(worker.progress));
      }
    });
  }

  /** A process's reading of the shared clock must lie between the question and the answer. */
  async #checkClock<T extends { clock: ClockReading }>(ask: () => Promise<T>): Promise<T> {
    const beforeUs = this.#clock.nowUs();
    const answer = await ask();
    const afterUs = this.#clock.nowUs();
    const { nowUs, errorUs } = answer.clock;
    const marginUs = errorUs + this.#clock.errorUs;
    if (nowUs < beforeUs - marginUs || nowUs > afterUs + marginUs) this.#clocksNest = false;
    return answer;
  }

  async #connect(): Promise<void> {
    const { scenario } = this.#options.plan;
    const timeoutMs = ANSWER_TIMEOUT_MS + scenario.workload.clients * 10;
    for (const group of this.#roles.connectOrder) {
      await Promise.all(
        this.#workers.map(async ({ child, clients }) => {
          const own = group.filter((client) => clients.has(client));
          if (own.length > 0) await child.request({ type: 'connect', clients: own }, 'connected', timeoutMs);
        }),
      );
    }
    await this.#sampleServer('connected', true);
  }

  /** Opens a phase and waits for its end: the last publish and the phase's duration, whichever is later. */
  async #publish(phase: PublishPhase, durationMs: number): Promise<void> {
    const startUs = this.#clock.nowUs() + LEAD_US;
    for (const { child } of this.#workers) child.send({ type: 'publish', phase, startUs });
    const { signal } = this.#over;
    await delay(Math.max(0, (startUs - this.#clock.nowUs()) / 1_000 + durationMs), undefined, { signal });
    await this.#board.all('published', phase, 1_000 + durationMs, signal);
  }

  async #sampleAll(mark: Mark): Promise<void> {
    await Promise.all([
      this.#sampleServer(mark, false),
      ...this.#workers.map(async ({ child, samples }) => {
        samples.set(mark, (await child.request({ type: 'sample', mark }, 'sample', ANSWER_TIMEOUT_MS)).sample);
      }),
    ]);
  }

  async #sampleServer(mark: Mark, collectGarbage: boolean): Promise<void> {
    const answer = await this.#server?.request({ type: 'sample', mark, collectGarbage }, 'sample', ANSWER_TIMEOUT_MS);
    if (answer) this.#serverSamples.set(mark, answer.sample);
  }

  #serverSample(mark: Mark): ServerSample {
    const sample = this.#serverSamples.get(mark);
    if (!sample) throw new Error(`the server gave no sample at "${mark}"`);
    return sample;
  }

  #progress(probe: WorkerProgress): RunProgress {
    const all = this.#workers.flatMap(({ progress }) => progress ?? []);
    const total = (value: (progress: WorkerProgress) => number) => all.reduce((sum, one) => sum + value(one), 0);
    return {
      connected: total(({ connected }) => connected),
      published: total(({ published }) => published.window),
      delivered: total(({ received }) => received.window),
      expected: this.#expected,
      p50Us: probe.p50Us,
      p99Us: probe.p99Us,
    };
  }
}

/** Deliveries that the messages of the window will make. */
function expectedDeliveries({ channel, warmupCount }: Schedule, workload: Workload): number {
  const members = new Map<number, number>();
  for (let client = 0; client < workload.clients; client++) {
    const index = channelOf(client, workload);
    members.set(index, (members.get(index) ?? 0) + 1);
  }
  return channel.subarray(warmupCount).reduce((sum, index) => sum + (members.get(index) ?? 0), 0);
}
