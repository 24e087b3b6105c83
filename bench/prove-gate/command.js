// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/**
 * Runs `rtbench` to its end, which an abort brings about as Ctrl-C does, and the end of this process too.
 *
 * @param {readonly string[]} args
 * @param {AbortSignal} signal
 * @param {string} [cli] its file
 */
export async function rtbench(args, signal, cli = CLI) {
  // A group of its own: the terminal's Ctrl-C would be a second one, which ends it before it has tidied up.
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const interrupt = () => void child.kill('SIGINT');
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt);
  // After an abort this is its second one, and ends it at once.
  process.once('exit', interrupt);
  try {
    const [code] = await once(child, 'close');
    return { code: /** @type {number | null} */ (code), stderr };
  } finally {
    signal.removeEventListener('abort', interrupt);
    process.off('exit', interrupt);
  }
}

/**
 * @param {{ code: number | null, stderr: string }} ended
 * @throws {Error} where a gate ended otherwise than with a verdict: what it had saved until then is none.
 */
export function requireVerdict({ code, stderr }) {
  if (code !== 0 && code !== 1) throw new Error(`rtbench ended with ${code}: ${stderr}`);
}
