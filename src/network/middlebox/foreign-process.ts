import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '../../protocol/messages.js';
import type { Between } from '../between.js';
import { freeEndpoints } from './free-ports.js';
import type { ForeignMiddlebox, Lane, Mend } from './middlebox.js';

const START_MS = 10_000;
const RETRY_MS = 20;
const GRACE_MS = 2_000;
/** Another program may take a port between its choice and its use. */
const ATTEMPTS = 3;
const STDERR_BYTES = 4_096;
/** Where distributions put servers, which is not on everybody's path. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** A foreign proxy as a process with a folder of its own; neither is left after `stop` or the end of this process. */
export class ForeignProcess implements Between {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #exit: Promise<void>;
  readonly #onOwnExit = () => this.#killAtOnce();
  #stderr = '';
  #exited = false;
  /** Where clients connect instead, for each server in the order given. */
  readonly addresses: readonly Endpoint[];

  /** Rejects with what the program said when it does not come to listen. */
  static async start(
    middlebox: ForeignMiddlebox,
    mends: readonly Mend[],
    servers: readonly Endpoint[],
  ): Promise<ForeignProcess> {
    let failure: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const listen = await freeEndpoints(servers.map(({ host }) => host));
      const lanes = servers.map((server, index): Lane => ({ listen: listen[index] ?? server, server }));
      const started = new ForeignProcess(middlebox, mends, lanes);
      try {
        await started.#listening(middlebox.title);
        return started;
      } catch (error) {
        failure = error;
        await started.stop();
      }
    }
    throw failure;
  }

  private constructor(middlebox: ForeignMiddlebox, mends: readonly Mend[], lanes: readonly Lane[]) {
    this.addresses = lanes.map(({ listen }) => listen);
    // All in one turn: whenever this process ends, the folder is removed.
    this.#folder = mkdtempSync(join(tmpdir(), `rtbench-${middlebox.name}-`));
    process.on('exit', this.#onOwnExit);
    const file = join(this.#folder, 'proxy.conf');
    writeFileSync(file, middlebox.configuration(lanes, mends, this.#folder));
    // A process group of its own: the keys of a terminal do not reach it, and all of it can be ended at once.
    this.#process = spawn(middlebox.command, [...middlebox.args(file, this.#folder)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      env: environment(),
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk).slice(-STDERR_BYTES);
    });
    this.#exit = new Promise((resolve) => {
      const onEnd = () => {
        this.#exited = true;
        resolve();
      };
      this.#process.once('exit', onEnd);
      this.#process.once('error', (error) => {
        this.#stderr += error.message;
        onEnd();
      });
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Resolves when the process has ended, whoever ended it. */
  get ended(): Promise<void> {
    return this.#exit;
  }

  /** What it said last. */
  get lastWords(): string {
    return this.#stderr.trim().split('\n').slice(-3).join(' | ');
  }

  /** Ends the process and removes its folder. Idempotent. */
  async stop(): Promise<void> {
    if (!this.#exited) this.#signal('SIGTERM');
    const timer = setTimeout(() => this.#signal('SIGKILL'), GRACE_MS);
    await this.#exit;
    clearTimeout(timer);
    process.off('exit', this.#onOwnExit);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #listening(title: string): Promise<void> {
    const deadlineMs = performance.now() + START_MS;
    for (const endpoint of this.addresses) {
      while (!(await accepts(endpoint))) {
        if (this.#exited) throw new Error(`${title} ended at its start: ${this.lastWords}`);
        if (performance.now() > deadlineMs) throw new Error(`${title} does not listen: ${this.lastWords}`);
        await delay(RETRY_MS);
      }
    }
    // Whoever accepts might be another program that took the port; this one would then have ended.
    if (this.#exited) throw new Error(`${title} ended at its start: ${this.lastWords}`);
  }

  /** Workers first hear of a TERM from their master; a KILL goes to the whole group. */
  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#process;
    if (pid === undefined || this.#exited) return;
    try {
      process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
    } catch {
      // It has ended in this moment.
    }
  }

  #killAtOnce(): void {
    this.#signal('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Version of an installed program; `null` where it is not installed. */
export async function installedVersion({ command, version }: ForeignMiddlebox): Promise<string | null> {
  const child = spawn(command, [...version.args], { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  const found = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', () => resolve(true));
  });
  return found ? (version.pattern.exec(text)?.[1] ?? 'of unknown version') : null;
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [process.env.PATH ?? '', ...SERVER_FOLDERS].join(':') };
}

function accepts({ host, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
