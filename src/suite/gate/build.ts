import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { UsageError } from '../../errors.js';

/** Lines of its output that are told when it fails, and what of it is kept for them. */
const TOLD_LINES = 5;
const KEPT_CHARACTERS = 8_192;
const IS_WINDOWS = process.platform === 'win32';

export interface BuildOptions {
  /** As typed into a shell. */
  readonly command: string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted: it is killed with all it started. */
  readonly signal: AbortSignal;
  /** For messages: `at main`. */
  readonly where: string;
}

/** @throws UsageError with its last lines where it fails. Rejects with the signal's reason after an abort. */
export async function runBuild({ command, folder, environment, signal, where }: BuildOptions): Promise<void> {
  signal.throwIfAborted();
  const build = spawn(command, {
    shell: true,
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !IS_WINDOWS,
  });
  let output = '';
  for (const stream of [build.stdout, build.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk).slice(-KEPT_CHARACTERS);
    });
  }
  const kill = () => killGroup(build.pid);
  signal.addEventListener('abort', kill);
  // Before whoever removes its folder.
  process.prependOnceListener('exit', kill);
  try {
    const [code, by] = (await once(build, 'close')) as [number | null, NodeJS.Signals | null];
    signal.throwIfAborted();
    if (code === 0) return;
    const how = by === null ? `ended with code ${code}` : `was ended by ${by}`;
    throw new UsageError(`--build: \`${command}\` ${how} ${where}${lastWords(output)}`);
  } finally {
    signal.removeEventListener('abort', kill);
    process.off('exit', kill);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(IS_WINDOWS ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function lastWords(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.length === 0 ? '' : `:\n${lines.slice(-TOLD_LINES).join('\n')}`;
}
