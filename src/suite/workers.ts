import type { ProcessSample } from '../metrics/process-sample.js';
import type {
  ClientCounts,
  FromWorker,
  Mark,
  PublishPhase,
  ToWorker,
  WorkerProgress,
  WorkerRole,
} from '../protocol/messages.js';
import type { RoundTripAnswer, RoundTripRequest } from '../protocol/round-trip-messages.js';
import type { WorkerMeasurement } from '../report/round-measurement.js';
import { Child } from './child.js';
import { idleHelperThreads } from './helper-threads.js';
import { taken } from './marked-samples.js';
import { PhaseBoard } from './phase-board.js';
import type { Roles } from './roles.js';

/** How long a process of a run may take to do what it is asked to at once. */
export const ANSWER_TIMEOUT_MS = 30_000;
/** A browser and its pages, one after the other, on a machine that may be busy. */
const BROWSER_TIMEOUT_MS = 90_000;
const STOP = { type: 'stop' } as const;

interface Worker {
  readonly role: WorkerRole;
  readonly clients: readonly number[];
  readonly child: Child<ToWorker, FromWorker>;
  readonly samples: Map<Mark, ProcessSample>;
}

export interface WorkersOptions {
  readonly roles: Roles;
  /** A process has ended or said that it failed. */
  readonly onFailure: (reason: unknown) => void;
  /** `worker`: its index; the probe is 0. */
  readonly onProgress: (worker: number, progress: WorkerProgress) => void;
}

/**
 * The processes of a run that hold its clients, of which the probe is the first. Every method rejects with the reason
 * when one fails or does not answer. They start with the constructor: whoever made it has to `stop` it.
 */
export class Workers {
  readonly #workers: readonly Worker[];
  readonly board: PhaseBoard;

  constructor({ roles, onFailure, onProgress }: WorkersOptions) {
    const { probe, crowds, slow } = roles;
    this.#workers = [
      startWorker('probe', 'probe', probe),
      ...crowds.map((clients, index) => startWorker('crowd', `crowd ${index + 1}`, clients)),
      ...(slow.length > 0 ? [startWorker('slow', 'slow readers', slow)] : []),
    ];
    this.board = new PhaseBoard(this.#workers.length);
    for (const [index, { child }] of this.#workers.entries()) {
      child.failure.catch(onFailure);
      child.onMessage((message) => {
        this.board.note(index, message);
        if (message.type === 'progress') onProgress(index, message.progress);
      });
    }
  }

  get pids(): number[] {
    return this.#workers.map(({ child }) => child.pid);
  }

  /** Resolves when all of them can be asked something. To be called at once. */
  async hello(): Promise<void> {
    await Promise.all(this.#workers.map(({ child }) => child.hello()));
  }

  async idleProbeHelpers(): Promise<void> {
    await Promise.all(this.#probes.map(({ child }) => idleHelperThreads(child.pid)));
  }

  /** `messageFor` makes what a worker begins with, `check` is held around each question and its answer. */
  async prepare(
    messageFor: (worker: Pick<Worker, 'role' | 'clients'>) => Extract<ToWorker, { type: 'prepare' }>,
    check: (ask: () => Promise<Extract<FromWorker, { type: 'ready' }>>) => Promise<unknown>,
  ): Promise<void> {
    await Promise.all(
      this.#workers.map(({ role, clients, child }) => {
        const prepare = messageFor({ role, clients });
        const timeoutMs = prepare.inBrowser ? BROWSER_TIMEOUT_MS : ANSWER_TIMEOUT_MS;
        return check(() => child.request(prepare, 'ready', timeoutMs));
      }),
    );
  }

  /** Group after group, each with `timeoutMs`. */
  async connect(groups: Roles['connectOrder'], timeoutMs: number): Promise<void> {
    const members = this.#workers.map(({ child, clients }) => ({ child, clients: new Set(clients) }));
    for (const group of groups) {
      await Promise.all(
        members.map(async ({ child, clients }) => {
          const own = group.filter((client) => clients.has(client));
          if (own.length > 0) await child.request({ type: 'connect', clients: own }, 'connected', timeoutMs);
        }),
      );
    }
  }

  /** Has the phase begin everywhere at `startUs`; `board` shows how far it is. */
  publish(phase: PublishPhase, startUs: number): void {
    for (const { child } of this.#workers) child.send({ type: 'publish', phase, startUs });
  }

  async sample(mark: Mark): Promise<void> {
    await Promise.all(
      this.#workers.map(async ({ child, samples }) => {
        samples.set(mark, (await child.request({ type: 'sample', mark }, 'sample', ANSWER_TIMEOUT_MS)).sample);
      }),
    );
  }

  /** What all clients saw so far. */
  async count(): Promise<ClientCounts> {
    const all = await Promise.all(
      this.#workers.map(
        async ({ child }) => (await child.request({ type: 'count' }, 'counted', ANSWER_TIMEOUT_MS)).counts,
      ),
    );
    const sum = (pick: (counts: ClientCounts) => number) => all.reduce((total, counts) => total + pick(counts), 0);
    return {
      bytes: { up: sum(({ bytes }) => bytes.up), down: sum(({ bytes }) => bytes.down) },
      sockets: { opened: sum(({ sockets }) => sockets.opened), open: sum(({ sockets }) => sockets.open) },
      received: sum(({ received }) => received),
      published: sum(({ published }) => published),
    };
  }

  /** Tells those that publish where the server now takes it. */
  async reopen(ingress: Extract<ToWorker, { type: 'ingress' }>): Promise<void> {
    await Promise.all(this.#probes.map(({ child }) => child.request(ingress, 'reopened', ANSWER_TIMEOUT_MS)));
  }

  /** Ends the measuring: what each worker saw, in their order. */
  collect(): Promise<WorkerMeasurement[]> {
    return Promise.all(
      this.#workers.map(async ({ role, child, samples }) => {
        const { tally } = await child.request({ type: 'collect' }, 'tally', ANSWER_TIMEOUT_MS);
        return { role, samples: { settled: taken(samples, 'settled'), windowEnd: taken(samples, 'windowEnd') }, tally };
      }),
    );
  }

  /** Closes every client. */
  async disconnect(): Promise<void> {
    await Promise.all(this.#workers.map(({ child }) => child.request({ type: 'close' }, 'closed', ANSWER_TIMEOUT_MS)));
  }

  /** Has clients of the probe connect anew. */
  async timeRoundTrips(request: RoundTripRequest, timeoutMs: number): Promise<RoundTripAnswer> {
    const [probe] = this.#probes;
    if (probe === undefined) throw new Error('there is no probe');
    return (await probe.child.request({ type: 'timeRoundTrips', request }, 'roundTrips', timeoutMs)).answer;
  }

  /** Ends all of them, whatever they are doing. Resolves when they are gone. */
  async stop(): Promise<void> {
    await Promise.all(this.#workers.map(({ child }) => child.stop(STOP)));
  }

  get #probes(): readonly Worker[] {
    return this.#workers.filter(({ role }) => role === 'probe');
  }
}

function startWorker(role: WorkerRole, title: string, clients: readonly number[]): Worker {
  const child = new Child<ToWorker, FromWorker>({
    title,
    entry: new URL('../load/main.js', import.meta.url),
    // The probe's few clients leave its collector little to do, and it need not wait for a helper thread to do it.
    execArgv: role === 'probe' ? ['--single-threaded-gc'] : [],
  });
  return { role, clients, child, samples: new Map() };
}
