import { type ChildProcess, fork } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** How long a child may take from its start until it listens. */
const HELLO_MS = 30_000;
/** How long a child may take to end by itself before it is killed. */
const GRACE_MS = 2_000;
/** Lines of a child's stderr that go into the reason of a failed run. */
const STDERR_LINES = 3;
const STDERR_BYTES = 4_096;

export interface ChildOptions {
  /** What it is called in messages: "server", "probe", "crowd 1". */
  readonly title: string;
  readonly entry: URL;
  readonly execArgv?: readonly string[];
  /** Open files that it gets, as its descriptors from 4 on. */
  readonly descriptors?: readonly number[];
}

/**
 * A process of a run, seen from the coordinator: sends it messages, waits for its answers, knows when and why it
 * ended. `Out`: what it is sent; `In`: what it says.
 */
export class Child<Out extends { type: string }, In extends { type: string }> {
  readonly title: string;
  readonly #process: ChildProcess;
  readonly #listeners = new Set<(message: In) => void>();
  readonly #failure: Promise<never>;
  #stderr = '';

  /** Starts the process; `hello` waits until it listens. Whoever made it has to `stop` it. */
  constructor({ title, entry, execArgv = [], descriptors = [] }: ChildOptions) {
    this.title = title;
    this.#process = fork(entry, {
      // Nothing of the coordinator's own flags: a profiler or an inspector port must not be shared.
      execArgv: [...execArgv],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...descriptors],
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk).slice(-STDERR_BYTES);
    });
    this.#process.on('message', (message) => {
      for (const listener of [...this.#listeners]) listener(message as In);
    });
    this.#failure = new Promise<never>((_, reject) => {
      this.#process.on('error', (error) => reject(new Error(`${title}: ${error.message}`)));
      // Not 'exit': the last lines of stderr and the last message come after it.
      this.#process.on('close', (code, signal) => {
        reject(new Error(this.#exitReason(code, signal)));
      });
      this.onMessage((message) => {
        if (message.type === 'failed' && 'reason' in message) reject(new Error(`${title}: ${message.reason}`));
      });
    });
    // Whoever waits for an answer sees the failure; until then it is not unhandled.
    this.#failure.catch(() => {});
  }

  /** Resolves when the process listens. To be called at once. */
  async hello(): Promise<void> {
    await this.next('hello', HELLO_MS);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Rejects, with the reason, when the process says that it failed, or ends. Never resolves. */
  get failure(): Promise<never> {
    return this.#failure;
  }

  onMessage(listener: (message: In) => void): void {
    this.#listeners.add(listener);
  }

  send(message: Out): void {
    // A process that ends just now cannot be written to: why it ended is the reason to tell, and comes with its end.
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  /** Sends a message and waits for the next one of the given type. */
  request<T extends In['type']>(message: Out, type: T, timeoutMs: number): Promise<Extract<In, { type: T }>> {
    const answer = this.next(type, timeoutMs);
    this.send(message);
    return answer;
  }

  /** The next message of a type (that passes the filter). Rejects when the process fails first, or the time is over. */
  async next<T extends In['type']>(
    type: T,
    timeoutMs: number,
    accept: (message: Extract<In, { type: T }>) => boolean = () => true,
  ): Promise<Extract<In, { type: T }>> {
    let timer: NodeJS.Timeout | undefined;
    let listener: (message: In) => void = () => {};
    const arrival = new Promise<Extract<In, { type: T }>>((resolve, reject) => {
      listener = (message) => {
        if (message.type !== type) return;
        const typed = message as Extract<In, { type: T }>;
        if (accept(typed)) resolve(typed);
      };
      this.#listeners.add(listener);
      timer = setTimeout(() => {
        reject(new Error(`${this.title}: no "${type}" within ${timeoutMs / 1_000} s`));
      }, timeoutMs);
    });
    try {
      return await Promise.race([arrival, this.#failure]);
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    }
  }

  /** Asks the process to end and kills it when it does not. Resolves when it is gone; safe to call at any time. */
  async stop(message: Out): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    this.send(message);
    const timer = setTimeout(() => this.kill(), GRACE_MS);
    await gone;
    clearTimeout(timer);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #exitReason(code: number | null, signal: NodeJS.Signals | null): string {
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    // Node colours its traces where FORCE_COLOR is set.
    const lines = stripVTControlCharacters(this.#stderr)
      .trim()
      .split('\n')
      .filter((line) => line.trim() !== '');
    // A stack trace names the error in the line before its first frame.
    const telling = lines.filter((line) => !/^\s+at |^Node\.js v/.test(line)).slice(-STDERR_LINES);
    return `${this.title} process ${how} in the middle of the run${telling.length > 0 ? `: ${telling.join(' | ')}` : ''}`;
  }
}
