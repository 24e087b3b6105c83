import { execFile, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, UsageError } from '../../errors.js';
import { runBuild } from './build.js';
import { rerootedPath } from './search-path.js';

const run = promisify(execFile);
/** What was killed a moment ago may hold a file yet. */
const REMOVAL = { recursive: true, force: true, maxRetries: 3 } as const;

/** The files that one side of a gate is started from. */
export interface Checkout {
  /** Where its command is started; `null`: the working directory. */
  readonly folder: string | null;
  /** For its command, over what that inherits: tools of the checkout come in the place of those of the working tree. */
  readonly environment: Readonly<Record<string, string>>;
  /** What was checked out, as git knows it; `null`: nothing was. */
  readonly ref: string | null;
  readonly commit: string | null;
  /** Whether files that git keeps differ from the commit. */
  readonly changed: boolean;
  /** Rejects where its folder cannot be removed; that is tried once more when this process ends. */
  close(): Promise<void>;
}

export interface CheckoutOptions {
  readonly ref: string;
  /** The flag, for messages. */
  readonly flag: string;
  /** Run in it once; `null`: nothing has to be. */
  readonly build: string | null;
  readonly signal: AbortSignal;
  readonly show: (step: string) => void;
}

/** The working tree as it stands; without a repository nothing is known of it. */
export async function readCheckout(): Promise<Checkout> {
  const commit = await git(['rev-parse', '--verify', '--quiet', 'HEAD']).catch(() => null);
  // Results of measuring are not of the program, and stand here too.
  const status = ['--no-optional-locks', 'status', '--porcelain', '--untracked-files=no'];
  const changes = commit === null ? '' : await git(status).catch(() => '');
  return { folder: null, environment: {}, ref: null, commit, changed: changes !== '', close: async () => {} };
}

/**
 * A commit in a folder of its own, by `git worktree`: index, branch and files of the user stay as they are. The folder of
 * the checkout is that in which the command was called, below the root of the repository.
 *
 * @throws UsageError where this is no repository, the commit is unknown, or the build fails.
 */
export async function openCheckout({ ref: asked, flag, build, signal, show }: CheckoutOptions): Promise<Checkout> {
  const prefix = await git(['rev-parse', '--show-prefix']).catch((error: unknown) => {
    throw new UsageError(`${flag}: ${process.cwd()} is in no repository of git that can be read: ${reasonOf(error)}`);
  });
  const { ref, commit } = await resolveRef(asked, flag);
  signal.throwIfAborted();
  show(`${ref}: checking it out`);
  const root = await realpath(await mkdtemp(join(tmpdir(), 'rtbench-checkout-')));
  const close = removerOf(root);
  try {
    await addWorktree(root, commit, flag);
    const folder = join(root, prefix);
    if (!existsSync(folder)) throw new UsageError(`${flag}: there is no folder ${prefix} at ${ref}`);
    const environment = rerootedPath(process.env, await git(['rev-parse', '--show-toplevel']), root);
    if (build !== null) {
      show(`${ref}: ${build}`);
      const inherited = { ...outsideOfHooks(), ...environment };
      await runBuild({ command: build, folder, environment: inherited, signal, where: `at ${ref}` });
    }
    return { folder, environment, ref, commit, changed: false, close };
  } catch (error) {
    // What went wrong first is what is told.
    await close().catch(() => {});
    throw error;
  }
}

/** A branch that was only fetched is found as one of `origin`: a CI has no other. */
async function resolveRef(asked: string, flag: string): Promise<{ readonly ref: string; readonly commit: string }> {
  for (const ref of [asked, `origin/${asked}`]) {
    const commit = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]).catch(
      () => '',
    );
    if (commit !== '') return { ref, commit };
  }
  const shallow = (await git(['rev-parse', '--is-shallow-repository']).catch(() => '')) === 'true';
  throw new UsageError(
    `${flag}: \`${asked}\` is no commit of this repository${
      shallow
        ? ', which is a shallow clone: fetch it first (actions/checkout: `fetch-depth: 0`)'
        : '; see git branch -a'
    }`,
  );
}

/** Without hooks, which may do anything to a checkout. */
async function addWorktree(root: string, commit: string, flag: string): Promise<void> {
  try {
    await git(['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--quiet', '--detach', root, commit]);
  } catch (error) {
    throw new UsageError(`${flag}: git cannot check it out: ${reasonOf(error)}`);
  }
}

/** Removes it once, whoever asks first: whoever opened it, or the end of this process. */
function removerOf(root: string): () => Promise<void> {
  const remove = ['worktree', 'remove', '--force', '--force', root];
  const atExit = () => {
    spawnSync('git', remove, { env: outsideOfHooks(), stdio: 'ignore' });
    try {
      rmSync(root, REMOVAL);
    } catch {
      // There is nobody left to tell.
    }
  };
  process.once('exit', atExit);
  return async () => {
    await git(remove).catch(() => {});
    await rm(root, REMOVAL);
    process.off('exit', atExit);
  };
}

async function git(args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...args], {
    cwd: process.cwd(),
    env: outsideOfHooks(),
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trimEnd();
}

/** Inside a hook git names the user's index and repository to whoever it calls; those are not to be touched. */
function outsideOfHooks(): NodeJS.ProcessEnv {
  const names = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR'];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name)));
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return said === '' ? messageOf(error) : said.split('\n').join(' | ');
}
