import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { isRunning, processTree, treeCpuUs, treeMemoryBytes } from '../metrics/process-tree.js';
import { isReady, type Readiness, spellReadiness } from './readiness.js';

const LOOK_MS = 25;
/** How long it may take to end by itself before it is killed. */
const GRACE_MS = 2_000;
/** Lines of its output that go into the reason of a failed run, and what of it is kept for them. */
const TOLD_LINES = 3;
const KEPT_CHARACTERS = 4_096;
const IS_WINDOWS = process.platform === 'win32';

export interface ServerCommandOptions {
  /** As typed into a shell: `python app.py`. It inherits the environment. */
  readonly command: string;
  /** By default the working directory. */
  readonly folder?: string;
  /** Over what it inherits. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly readiness: Readiness;
  /** How long it may take until it is ready, ms. */
  readonly timeoutMs: number;
  /** Aborted: what waits for it rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** What a process and those it started have used; `null`: the system does not tell. */
export interface TreeSample {
  readonly cpuUs: number | null;
  readonly memoryBytes: number | null;
}

/**
 * A server that is somebody's own program: started, waited for, sampled from outside with every process it starts, and
 * ended, by force where it does not go. It is the head of a process group, so that nothing of it stays.
 */
export class ServerCommand {
  readonly #options: ServerCommandOptions;
  readonly #process: ChildProcess;
  readonly #failure: Promise<never>;
  readonly #killAtExit = () => this.#signal('SIGKILL');
  #output = '';
  #isWanted = true;

  /**
   * Starts it, and resolves when it is ready. Rejects, with nothing left running, when it ends, is not ready in time, or
   * when something is ready there before it is started.
   */
  static async start(options: ServerCommandOptions): Promise<ServerCommand> {
    const { readiness, signal } = options;
    if (await isReady(readiness, signal)) {
      throw new Error(
        `${spellReadiness(readiness)} answers before \`${options.command}\` is started: end what runs there, or measure it without --server-command`,
      );
    }
    const server = new ServerCommand(options);
    try {
      await server.#ready();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  private constructor(options: ServerCommandOptions) {
    this.#options = options;
    this.#process = spawn(options.command, {
      shell: true,
      detached: !IS_WINDOWS,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
      env: { ...process.env, ...options.environment },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk).slice(-KEPT_CHARACTERS);
      });
    }
    // Before whoever removes its folder.
    process.prependOnceListener('exit', this.#killAtExit);
    this.#failure = new Promise<never>((_, reject) => {
      this.#process.once('error', (error) => reject(new Error(`\`${options.command}\`: ${error.message}`)));
      // Not 'exit': the last of its output comes after it.
      this.#process.once('close', (code, signal) => {
        if (this.#isWanted) reject(new Error(this.#endReason(code, signal)));
      });
    });
    this.#failure.catch(() => {});
  }

  /** Of the process that was started, which may be a shell; what counts is its tree. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Rejects, with the reason, when it ends though it was not stopped. Never resolves. */
  get failure(): Promise<never> {
    return this.#failure;
  }

  /** Since it was started. Costs the server nothing. */
  sample(): TreeSample {
    return sampleTree(this.pid);
  }

  /** Asks it to end and kills it when it does not. Resolves when nothing of it runs; safe to call at any time. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    process.off('exit', this.#killAtExit);
    if (this.#process.pid === undefined) return;
    const tree = processTree(this.pid);
    this.#signal('SIGTERM');
    const deadline = performance.now() + GRACE_MS;
    while (tree.some((pid) => isRunning(pid)) && performance.now() < deadline) await delay(LOOK_MS);
    this.#signal('SIGKILL');
    if (this.#isHeadRunning) await once(this.#process, 'exit');
  }

  async #ready(): Promise<void> {
    const { readiness, timeoutMs, signal, command } = this.#options;
    const deadline = performance.now() + timeoutMs;
    while (!(await Promise.race([isReady(readiness, signal), this.#failure]))) {
      if (performance.now() > deadline) {
        throw new Error(
          `\`${command}\` was started, and ${spellReadiness(readiness)} did not answer within ${timeoutMs / 1_000} s${this.#lastWords()}`,
        );
      }
      await Promise.race([delay(LOOK_MS, undefined, { signal }), this.#failure]);
    }
  }

  get #isHeadRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(IS_WINDOWS ? pid : -pid, signal);
    } catch {
      // Nobody is there to get it.
    }
  }

  #endReason(code: number | null, signal: NodeJS.Signals | null): string {
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    return `\`${this.#options.command}\` ${how}${this.#lastWords()}`;
  }

  #lastWords(): string {
    const lines = stripVTControlCharacters(this.#output)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    // Under a stack trace the reason stands far above the end.
    const reason = lines.findLast((line) => /^(\w+: )?\w*(Error|Exception|panic)( \[\w+\])?: /.test(line));
    if (reason !== undefined) return `: ${reason}`;
    return lines.length === 0 ? '' : `: ${lines.slice(-TOLD_LINES).join(' | ')}`;
  }
}

/** Of a process and those it started. */
export function sampleTree(pid: number): TreeSample {
  return { cpuUs: treeCpuUs(pid), memoryBytes: treeMemoryBytes(pid) };
}
