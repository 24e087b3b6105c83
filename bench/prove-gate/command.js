// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/**
 * Runs `rtbench` to its end, which an abort brings about as Ctrl-C does.
 *
 * @param {readonly string[]} args
 * @param {AbortSignal} signal
 */
export async function rtbench(args, signal) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const onAbort = () => child.kill('SIGINT');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  try {
    const [code] = await once(child, 'close');
    return { code: /** @type {number | null} */ (code), stderr };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
