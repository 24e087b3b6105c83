import { ByteLedger } from '../metrics/byte-ledger.js';
import type { HostClock } from '../metrics/clock.js';
import type { ClientCounts, FromServer, Mark, ServerSample, ToServer } from '../protocol/messages.js';
import { redactor } from '../scenario/references.js';
import type { RowEndpoint } from '../scenario/scenario.js';
import type { Target } from '../scenario/target.js';
import { readinessOf } from './readiness.js';
import { ServerCommand, sampleTree, type TreeSample } from './server-command.js';
import type { ServerOfRun } from './server-of-run.js';
import type { AcceptLog, Ready } from './server-process.js';

export interface TargetServerOptions {
  readonly target: Target;
  readonly endpoint: RowEndpoint;
  /** Whether its clients poll. */
  readonly isPolled: boolean;
  readonly clock: HostClock;
  /** What all clients together saw so far. */
  readonly count: () => Promise<ClientCounts>;
  /** The server under our care has ended. */
  readonly onFailure: (reason: unknown) => void;
}

/**
 * A server that is not rtbench's own: nothing can be asked of it. What its clients saw stands for what it did, and its
 * processes are sampled from outside where they are known.
 */
export class TargetServer implements ServerOfRun {
  readonly #options: TargetServerOptions;
  readonly #over = new AbortController();
  #command: ServerCommand | undefined;
  #starting: Promise<ServerCommand> | undefined;

  constructor(options: TargetServerOptions) {
    this.#options = options;
  }

  get pid(): number {
    const { server } = this.#options.target;
    return server?.kind === 'pid' ? server.pid : (this.#command?.pid ?? 0);
  }

  async hello(): Promise<void> {}

  async start(): Promise<Ready> {
    const { target, endpoint, clock } = this.#options;
    const { server } = target;
    if (server?.kind === 'command') {
      this.#starting = ServerCommand.start({
        command: server.command,
        readiness: readinessOf(server.ready, endpoint.url),
        timeoutMs: server.timeoutMs,
        signal: this.#over.signal,
        ...(server.folder !== undefined && { folder: server.folder }),
        ...(server.environment && { environment: server.environment }),
      });
      this.#command = await this.#starting.catch((reason: unknown) => {
        throw this.#clean(reason);
      });
      this.#command.failure.catch((reason: unknown) => this.#options.onFailure(this.#clean(reason)));
    }
    const nowUs = clock.nowUs();
    return {
      type: 'ready',
      urls: [endpoint.url],
      sideDoors: [],
      slowDoor: null,
      ingress: { path: '' },
      clock: { source: 'hrtime', nowUs, errorUs: clock.errorUs },
      listeningUs: nowUs,
      speech: 'bytes',
      taken: 0,
    };
  }

  async sample(mark: Mark): Promise<ServerSample> {
    const { clock, count, isPolled } = this.#options;
    // Before anybody has begun there is nobody to ask.
    const { bytes, sockets, received, published } = mark === 'started' ? NOTHING : await count();
    const atUs = clock.nowUs();
    const { cpuUs, memoryBytes } = this.#sampleTree();
    return {
      atUs,
      // Whether they are known is in the measurement: `RoundMeasurement.target`.
      cpuUs: cpuUs ?? 0,
      rssBytes: memoryBytes ?? 0,
      loopActiveMs: 0,
      loopIdleMs: 0,
      runDelayUs: null,
      bytes,
      tls: { up: 0, down: 0 },
      sockets: { accepted: sockets.opened, open: sockets.open },
      hub: { published, received: published, delivered: isPolled ? 0 : received },
      answers: { total: 0, empty: 0, messages: isPolled ? received : 0 },
      ledger: new ByteLedger().sample(),
      uncounted: { up: [], down: [] },
      requests: 0,
      wire: null,
      gaps: [],
      slowReaders: null,
    };
  }

  async request<T extends FromServer['type']>(message: ToServer, type: T): Promise<Extract<FromServer, { type: T }>> {
    const answer = ANSWERS[message.type];
    if (answer?.type !== type) throw cannot(message.type);
    return answer as Extract<FromServer, { type: T }>;
  }

  stall(): Promise<never> {
    return Promise.reject(cannot('stall'));
  }

  async accepts(): Promise<AcceptLog> {
    return { atUs: [], complete: false };
  }

  replace(): Promise<never> {
    return Promise.reject(cannot('replace'));
  }

  /** Of a server that was there before the run, nothing is ended. */
  async stop(): Promise<void> {
    this.#over.abort(new Error('the run is over'));
    await this.#starting?.catch(() => {});
    await this.#command?.stop();
  }

  /** What a server says before it ends may repeat what it was given. */
  #clean(reason: unknown): unknown {
    if (!(reason instanceof Error)) return reason;
    const text = redactor(this.#options.target, process.env)(reason.message);
    // Not the same error with another message: its stack has the first.
    return text === reason.message ? reason : new Error(text);
  }

  #sampleTree(): TreeSample {
    const { pid } = this;
    return pid === 0 ? { cpuUs: null, memoryBytes: null } : sampleTree(pid);
  }
}

const NOTHING: ClientCounts = {
  bytes: { up: 0, down: 0 },
  sockets: { opened: 0, open: 0 },
  received: 0,
  published: 0,
};

/** What is true of every server that cannot be asked. */
const ANSWERS: Partial<Record<ToServer['type'], FromServer>> = {
  collectStamps: { type: 'stamps', stamps: null },
  awaitUplinks: { type: 'uplinksAwaited', all: true },
  collectUplinks: { type: 'uplinksTaken', taken: null },
};

function cannot(what: string): Error {
  return new Error(`${what}: cannot be asked of a server that is not rtbench's own`);
}
