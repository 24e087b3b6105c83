import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { PREPARE_LOOPBACK } from '../cli/namespace.js';

const UNSHARE = ['--map-root-user', '--net', 'sh', '-c'];

/** Whether a process of this user may make network namespaces, set their loopback up and enter them. */
export function canMakeNamespaces(): boolean {
  return runs('unshare', [...UNSHARE, PREPARE_LOOPBACK]) && runs('nsenter', ['--version']);
}

/** Whether this command is installed. */
export function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { timeout: 10_000 }).status === 0;
}

/** A network namespace with nothing in it but a loopback as `--wire` sets it up; to run several processes in. */
export class Namespace {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async open(): Promise<Namespace> {
    const script = `${PREPARE_LOOPBACK} && echo ready && exec cat`;
    const holder = spawn('unshare', [...UNSHARE, script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ready = holder.stdout ? once(holder.stdout, 'data') : Promise.reject(new Error('no stdout'));
    await Promise.race([
      ready,
      once(holder, 'exit').then(() => Promise.reject(new Error('unshare gave no namespace'))),
    ]);
    return new Namespace(holder);
  }

  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const inside = ['--target', String(this.#holder.pid), '--user', '--net', '--preserve-credentials'];
    return spawn('nsenter', [...inside, command, ...args], options);
  }

  async close(): Promise<void> {
    const gone = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await gone;
  }
}
