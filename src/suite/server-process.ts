import { closeSync, openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FromServer, Mark, ServerSample, ToServer } from '../protocol/messages.js';
import { Child } from './child.js';
import { fixedPort, releasePort } from './fixed-port.js';
import { samplesTogether } from './samples-together.js';
import type { ServerOfRun } from './server-of-run.js';

const ANSWER_TIMEOUT_MS = 30_000;
/** How long a server that is to be replaced may take to let its clients go. */
const DRAIN_MS = 1_000;
/** Where the server finds the descriptor of its log: after the three standard ones and the link. */
const LOG_DESCRIPTOR = 4;

export type Start = Extract<ToServer, { type: 'start' }>;
export type Ready = Extract<FromServer, { type: 'ready' }>;
/** When connections were accepted, ascending; `complete`: there were not more. */
export type AcceptLog = Pick<Extract<FromServer, { type: 'accepts' }>, 'atUs' | 'complete'>;
type ServerChild = Child<ToServer, FromServer>;

/** How a server gives its place to another one. */
export interface Replacement {
  /** `restart`: once every client has been let go; `close`: with its connections closed at once; `kill`: without a word. */
  readonly how: 'restart' | 'close' | 'kill';
  /** From the beginning of its end until the next one listens, at the least; by default as long as it takes. */
  readonly awayMs?: number;
  /** Called when the end begins. */
  readonly onEnding: () => void;
}

export interface ServerProcessOptions {
  /** Messages are kept in a file, so that another process can take this one's place. */
  readonly isReplaceable: boolean;
  /** Of Node, besides its own; absent: none. */
  readonly nodeFlags?: readonly string[] | undefined;
  /** The process has ended, unless that was asked for, or said that it failed. */
  readonly onFailure: (reason: unknown) => void;
}

/** The server of a run: a process, or one after the other where it is replaced. Starts with the constructor. */
export class ServerProcess implements ServerOfRun {
  readonly #onFailure: (reason: unknown) => void;
  readonly #log: number | null;
  readonly #nodeFlags: readonly string[];
  #child: ServerChild;
  /** Those that were replaced. */
  readonly #former = new Set<ServerChild>();
  /** Started already, to take the place of the one that is there. */
  #successor: ServerChild | undefined;
  #start: Start | undefined;
  /** Kept for those that come after it; `null`: none had to be found. */
  #ownPort: number | null = null;
  /** What those before this one had counted. */
  #past: ServerSample | null = null;
  #pastAccepts: AcceptLog = { atUs: [], complete: true };
  #stopped = false;

  constructor({ isReplaceable, nodeFlags = [], onFailure }: ServerProcessOptions) {
    this.#onFailure = onFailure;
    this.#nodeFlags = nodeFlags;
    this.#log = isReplaceable ? openNameless() : null;
    this.#child = this.#fork();
  }

  get pid(): number {
    return this.#child.pid;
  }

  hello(): Promise<void> {
    return this.#child.hello();
  }

  async start(start: Start): Promise<Ready> {
    this.#start = this.#log === null ? start : { ...start, log: LOG_DESCRIPTOR, port: await this.#portOf(start) };
    return this.#child.request(this.#start, 'ready', ANSWER_TIMEOUT_MS);
  }

  /** As if one process had been the server all the time. */
  async sample(mark: Mark | 'replaced', collectGarbage: boolean): Promise<ServerSample> {
    const question = { type: 'sample', mark, collectGarbage } as const;
    const { sample } = await this.#child.request(question, 'sample', ANSWER_TIMEOUT_MS);
    return this.#past === null ? sample : samplesTogether(this.#past, sample);
  }

  request<T extends FromServer['type']>(
    message: ToServer,
    type: T,
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<Extract<FromServer, { type: T }>> {
    return this.#child.request(message, type, timeoutMs);
  }

  /** Has its event loop stand still; resolves when it goes on. By itself, so that it does whatever becomes of this process. */
  stall(forMs: number): Promise<Extract<FromServer, { type: 'stalled' }>> {
    return this.#child.request({ type: 'stall', forMs }, 'stalled', forMs + ANSWER_TIMEOUT_MS);
  }

  /** Connections accepted so far, where it was asked to keep them, as if one process had been the server all the time. */
  async accepts(): Promise<AcceptLog> {
    const { atUs, complete } = await this.request({ type: 'collectAccepts' }, 'accepts');
    const past = this.#pastAccepts;
    return { atUs: [...past.atUs, ...atUs], complete: past.complete && complete };
  }

  /** Has the one that comes next started and its modules loaded, so that its return takes no longer than listening. */
  async prepareSuccessor(modules: readonly string[]): Promise<void> {
    const successor = this.#fork();
    this.#successor = successor;
    await successor.hello();
    await successor.request({ type: 'preload', modules }, 'preloaded', ANSWER_TIMEOUT_MS);
  }

  /**
   * Ends the process and has another one listen at its ports, with its messages. What one that does not drain has
   * counted is that of a moment before.
   */
  async replace({ how, awayMs = 0, onEnding }: Replacement): Promise<Ready> {
    const start = this.#start;
    if (start === undefined || this.#log === null) throw new Error('this server was not started to be replaced');
    let endingMs = performance.now();
    const beginEnd = () => {
      endingMs = performance.now();
      onEnding();
    };
    if (how === 'restart') {
      beginEnd();
      await this.request({ type: 'drain', deadlineMs: DRAIN_MS }, 'drained');
    }
    this.#past = await this.sample('replaced', false);
    this.#pastAccepts = await this.accepts();
    this.#former.add(this.#child);
    if (how !== 'restart') beginEnd();
    if (how === 'kill') this.#child.kill();
    await this.#child.stop(STOP);
    const leftMs = awayMs - (performance.now() - endingMs);
    if (leftMs > 0) await delay(leftMs);
    if (this.#stopped) throw new Error('the run is over');
    const ready = this.#successor;
    this.#successor = undefined;
    this.#child = ready ?? this.#fork();
    if (!ready) await this.#child.hello();
    return this.start(start);
  }

  /** Ends it, whatever it is doing. Resolves when it is gone. */
  async stop(): Promise<void> {
    const closes = !this.#stopped;
    this.#stopped = true;
    await Promise.all([this.#child, this.#successor, ...this.#former].map((child) => child?.stop(STOP)));
    if (closes && this.#log !== null) closeSync(this.#log);
    if (this.#ownPort !== null) releasePort(this.#ownPort);
    this.#ownPort = null;
  }

  /** The same for all that come after the first. */
  async #portOf({ port, addresses }: Start): Promise<number> {
    if (port !== undefined) return port;
    this.#ownPort = await fixedPort(addresses);
    return this.#ownPort;
  }

  #fork(): ServerChild {
    const child = new Child<ToServer, FromServer>({
      title: 'server',
      entry: new URL('../server/main.js', import.meta.url),
      execArgv: ['--expose-gc', ...this.#nodeFlags],
      descriptors: this.#log === null ? [] : [this.#log],
    });
    child.failure.catch((reason: unknown) => {
      if (!this.#former.has(child)) this.#onFailure(reason);
    });
    return child;
  }
}

const STOP = { type: 'stop' } as const;

/** A file that nothing is left of when its last descriptor is closed, however that comes about. */
function openNameless(): number {
  const path = join(tmpdir(), `rtbench-${process.pid}-${process.hrtime.bigint()}.log`);
  const descriptor = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return descriptor;
}
