import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { INTERRUPT } from './interrupt.js';

/** In the environment of the process inside: the namespace outside, so that it knows that it is in another. */
export const OUTSIDE_VARIABLE = 'RTBENCH_NAMESPACE_OUTSIDE';

/**
 * Brings loopback up with the MTU of an Ethernet and segments that are real: without the two limits the kernel hands
 * 64 KiB over as one packet, and a capture shows it so.
 */
export const PREPARE_LOOPBACK =
  'PATH="$PATH:/usr/sbin:/sbin"; ip link set dev lo up mtu 1500 gso_max_size 1500 gso_max_segs 1';

const PROBE_TIMEOUT_MS = 10_000;

/** Whether this process was started by `enterNamespace`, and is where that meant it to be. */
export function isInNamespace(): boolean {
  const outside = process.env[OUTSIDE_VARIABLE];
  return outside !== undefined && outside !== ownNamespace();
}

/**
 * Carries out the same command line again in a network namespace of its own and returns its exit code. The namespace
 * ends with its processes. The user, the terminal and the folder stay what they are; only loopback can be reached.
 * @throws UsageError where the system does not allow it, naming what is missing and how to get it.
 */
export async function enterNamespace(args: readonly string[]): Promise<number> {
  const unshare = await findWay();
  const program = [process.execPath, ...process.execArgv, fileURLToPath(new URL('../cli.js', import.meta.url))];
  const script = `${PREPARE_LOOPBACK} && exec "$@"`;
  const inside = spawn('unshare', [...unshare, 'sh', '-c', script, 'sh', ...program, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [OUTSIDE_VARIABLE]: ownNamespace() },
  });
  return superviseToEnd(inside);
}

/**
 * A terminal's Ctrl-C reaches both processes, a `kill` only this one. So the one inside takes no signals but what this
 * one tells it, and counts each Ctrl-C once; when this one is gone, it ends.
 */
async function superviseToEnd(inside: ChildProcess): Promise<number> {
  const onSignal = () => {
    if (inside.connected) inside.send(INTERRUPT, () => {});
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const [code, signal] = (await once(inside, 'exit')) as [number | null, NodeJS.Signals | null];
    if (code !== null) return code;
    if (signal === 'SIGINT' || signal === 'SIGTERM') return EXIT.interrupted;
    console.error(`rtbench: --wire: the process in the network namespace was ended by ${signal}`);
    return EXIT.runFailed;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function ownNamespace(): string {
  return readlinkSync('/proc/self/ns/net');
}

/** Options of `unshare` that work here. */
async function findWay(): Promise<readonly string[]> {
  if (process.platform !== 'linux') throw refusal(`network namespaces are Linux's own, this is ${process.platform}`);
  // Root keeps its rights on everyone's files only without a user namespace.
  const ways = process.getuid?.() === 0 ? [['--net'], ['--map-root-user', '--net']] : [['--map-root-user', '--net']];
  let problem: unknown;
  for (const way of ways) {
    try {
      await promisify(execFile)('unshare', [...way, 'sh', '-c', PREPARE_LOOPBACK], { timeout: PROBE_TIMEOUT_MS });
      return way;
    } catch (error) {
      problem = error;
    }
  }
  throw refusal(whyNot(problem));
}

function refusal(why: string): UsageError {
  return new UsageError(`--wire: ${why}; without --wire, bytes are counted on the sockets`);
}

/** What is missing, and how to get it, from what the attempt printed. */
export function whyNot(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return 'there is no `unshare` here; install util-linux';
  }
  const printed = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  if (/ip: (command )?not found/.test(printed)) return 'there is no `ip` here; install iproute2';
  if (/^unshare:/.test(printed)) {
    return (
      `this user may not make a network namespace (${printed}); allow user namespaces ` +
      '(sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone=1, ' +
      'kernel.apparmor_restrict_unprivileged_userns=0; in a container: --cap-add SYS_ADMIN or a seccomp profile that allows unshare)'
    );
  }
  return `loopback of a network namespace cannot be set up (${printed || messageOf(error)}); iproute2 from 4.17 on knows gso_max_size`;
}
