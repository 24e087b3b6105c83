import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { BUILT_CLI } from './cli.js';

const LOOK_MS = 100;

/** Why there is no terminal to test in; `undefined`: there is one. */
export function terminalProblem(): string | undefined {
  return spawnSync('tmux', ['-V']).status === 0 ? undefined : 'tmux is not installed';
}

/** The built command in a terminal of its own, whose screen can be read and whose keys can be pressed. */
export class Terminal {
  /** A server of its own: what else runs in tmux on this machine is none of ours. */
  readonly #server: string;

  /** `args`: of rtbench, as one would type them. When it has ended, its exit code is shown as `EXIT 0`. */
  constructor(args: string, { cwd, columns = 80, rows = 24 }: { cwd: string; columns?: number; rows?: number }) {
    this.#server = `rtbench-test-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const env = `env -i PATH='${process.env.PATH}' HOME='${cwd}' TERM=screen-256color LANG=C.UTF-8`;
    const command = `${env} '${process.execPath}' '${BUILT_CLI}' ${args}; echo "EXIT $?"; stty -a; exec cat`;
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'test', ...size, '-c', cwd, 'sh', '-c', command);
  }

  /** What is on the screen. */
  get screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'test');
  }

  /** The same with all that has been pushed off at its top. */
  get everything(): string {
    return this.#tmux('capture-pane', '-p', '-S', '-', '-t', 'test');
  }

  /** Presses keys, by tmux's names or the character: `Enter`, `Space`, `Down`, `q`. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', '-t', 'test', ...keys);
  }

  type(text: string): void {
    this.#tmux('send-keys', '-t', 'test', '-l', text);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-t', 'test', '-x', String(columns), '-y', String(rows));
  }

  /** Resolves when the screen, or what was pushed off it, shows this. Rejects when the command ends without it. */
  async shows(pattern: RegExp): Promise<void> {
    for (;;) {
      const { everything } = this;
      if (pattern.test(everything)) return;
      if (/^EXIT \d+$/m.test(everything)) throw new Error(`ended before it showed ${pattern}:\n${everything}`);
      await delay(LOOK_MS);
    }
  }

  /** Resolves to the command's exit code when it has ended. */
  async ended(): Promise<number> {
    await this.shows(/^EXIT \d+$/m);
    return Number(/^EXIT (\d+)$/m.exec(this.everything)?.[1]);
  }

  close(): void {
    spawnSync('tmux', ['-L', this.#server, 'kill-server']);
  }

  #tmux(...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('tmux', ['-L', this.#server, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout;
  }
}
