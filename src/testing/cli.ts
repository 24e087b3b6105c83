import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseReport } from '../report/report.js';
import type { CompletedRow, Report } from '../report/schema.js';

export const BUILT_CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command, running. */
export class Cli {
  readonly #process: ChildProcess;
  readonly #finished: Promise<Finished>;
  readonly #shown = { stdout: '', stderr: '' };
  #onOutput: () => void = () => {};

  constructor(
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv; nodeArgs?: readonly string[]; detached?: boolean } = {},
  ) {
    if (!existsSync(BUILT_CLI)) throw new Error('there is no build to test: run npm run build first');
    this.#process = spawn(process.execPath, [...(options.nodeArgs ?? []), BUILT_CLI, ...args], {
      cwd: options.cwd,
      // What the test runner set for itself must not reach the tool.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // With a process group of its own, as a shell gives to a command.
      detached: options.detached ?? false,
    });
    for (const [name, stream] of [
      ['stdout', this.#process.stdout],
      ['stderr', this.#process.stderr],
    ] as const) {
      stream?.on('data', (chunk) => {
        this.#shown[name] += chunk;
        this.#onOutput();
      });
    }
    this.#finished = finished(this.#process);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** What it has printed so far. */
  get stdout(): string {
    return this.#shown.stdout;
  }

  finished(): Promise<Finished> {
    return this.#finished;
  }

  /** Resolves when either stream has shown this. Rejects when the command ends without it. */
  async shows(pattern: RegExp): Promise<void> {
    const shown = new Promise<void>((resolve) => {
      this.#onOutput = () => {
        if (pattern.test(this.#shown.stdout) || pattern.test(this.#shown.stderr)) resolve();
      };
      this.#onOutput();
    });
    const ended = this.#finished.then(({ stderr }) => {
      if (!pattern.test(stderr)) throw new Error(`ended before it showed ${pattern}: ${stderr}`);
    });
    await Promise.race([shown, ended]);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }
}

/** What a process printed, once it has ended. */
export async function finished(child: ChildProcess): Promise<Finished> {
  const printed = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...printed };
}

/** Runs the built command to its end. */
export function rtbench(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  return new Cli(args, options).finished();
}

/** A folder that `use` has to itself. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'rtbench-test-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Measures into a folder of its own and returns the report. The verdict is the machine's affair: no exit code is asserted. */
export async function measured(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv } = {},
): Promise<Report & { finished: Finished }> {
  return withFolder(async (folder) => {
    const finished = await rtbench(['run', ...args, '--no-ui', '--out', join(folder, 'out')], options);
    const file = join(folder, 'out', 'result.json');
    if (!existsSync(file)) throw new Error(`no result: ${finished.stderr}`);
    return { ...parseReport(readFileSync(file, 'utf8'), file), finished };
  });
}

/** Its rows, all of which must have been measured. */
export function completedRowsOf({ transports, finished }: Report & { finished: Finished }): readonly CompletedRow[] {
  return transports.map((row) => {
    if (row.state !== 'completed') throw new Error(`${row.label}: ${row.reasons.join()} ${finished.stderr}`);
    return row;
  });
}

/** Pids of the processes that this one started and that still run. Linux only. */
export function childrenOf(pid: number): { readonly pid: number; readonly command: string }[] {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((text) => text.trim() !== '');
  return pids.flatMap((child) => {
    try {
      return [{ pid: Number(child), command: readFileSync(`/proc/${child}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
    } catch {
      // It has ended since it was listed.
      return [];
    }
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
