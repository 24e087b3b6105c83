import { execFileSync } from 'node:child_process';
import { existsSync, promises } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CheckoutOptions, openCheckout, readCheckout } from './checkout.js';

let repository: string;

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=me', '-c', 'user.email=me@example.org'];
  return execFileSync('git', [...who, ...args], { cwd: repository, encoding: 'utf8' });
}

/** What of the user's there is to leave alone. */
function untouched() {
  return { head: git('symbolic-ref', 'HEAD'), status: git('status', '--porcelain'), trees: git('worktree', 'list') };
}

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'rtbench-test-'));
  git('init', '--quiet', '--initial-branch', 'main');
  await mkdir(join(repository, 'app'));
  await writeFile(join(repository, 'app/server.js'), 'one\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
  await writeFile(join(repository, 'app/server.js'), 'two\n');
  git('commit', '--quiet', '-am', 'two');
  await writeFile(join(repository, 'app/server.js'), 'three\n');
  await writeFile(join(repository, 'staged'), '');
  git('add', 'staged');
  // Commands are called below the root.
  vi.spyOn(process, 'cwd').mockReturnValue(join(repository, 'app'));
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  syncBuiltinESMExports();
  await rm(repository, { recursive: true, force: true });
});

function open(changes: Partial<CheckoutOptions> = {}) {
  const { signal } = new AbortController();
  return openCheckout({ ref: 'main^', flag: '--base-ref', build: null, signal, show: () => {}, ...changes });
}

describe('a checkout', () => {
  it('is the commit in a folder of its own, and leaves nothing behind', async () => {
    const before = untouched();
    const { folder, ref, commit, changed, close } = await open();
    expect({ ref, commit, changed }).toEqual({
      ref: 'main^',
      commit: git('rev-parse', 'main^').trim(),
      changed: false,
    });
    expect(await readFile(join(folder ?? '', 'server.js'), 'utf8')).toBe('one\n');
    expect(git('worktree', 'list')).toContain(commit?.slice(0, 7));
    await close();
    expect(existsSync(folder ?? '')).toBe(false);
    expect(untouched()).toEqual(before);
  });

  it('is built where its command will run, without hooks', async () => {
    const hook = join(repository, '.git/hooks/post-checkout');
    await writeFile(hook, `#!/bin/sh\ntouch "${join(repository, 'hooked')}"\n`, { mode: 0o755 });
    const { folder, close } = await open({ build: 'cp server.js built.js' });
    expect(await readFile(join(folder ?? '', 'built.js'), 'utf8')).toBe('one\n');
    expect(existsSync(join(repository, 'hooked'))).toBe(false);
    await close();
  });

  it('has its own tools in the place of those of the working tree, for its build and its command', async () => {
    vi.stubEnv('PATH', [join(repository, 'node_modules/.bin'), process.env.PATH].join(delimiter));
    const { folder, environment, close } = await open({ build: 'printf %s "$PATH" > path' });
    const tools = join(dirname(folder ?? ''), 'node_modules/.bin') + delimiter;
    expect(environment.PATH?.startsWith(tools)).toBe(true);
    expect(await readFile(join(folder ?? '', 'path'), 'utf8')).toBe(environment.PATH);
    await close();
  });

  it('that cannot be removed says so when it is closed, and a build that fails is told nevertheless', async () => {
    const { folder, close } = await open();
    vi.spyOn(promises, 'rm').mockRejectedValue(new Error('busy'));
    syncBuiltinESMExports();
    await expect(close()).rejects.toThrow('busy');
    await expect(open({ build: 'exit 4' })).rejects.toThrow(/ended with code 4/);
    expect(existsSync(folder ?? '')).toBe(false);
  });

  it('finds a branch that was only fetched', async () => {
    git('update-ref', 'refs/remotes/origin/feature', 'main^');
    const { ref, close } = await open({ ref: 'feature' });
    expect(ref).toBe('origin/feature');
    await close();
  });

  it.each<[string, Partial<CheckoutOptions>, RegExp]>([
    ['an unknown commit', { ref: 'nowhere' }, /^--base-ref: `nowhere` is no commit of this repository/],
    ['an option in place of one', { ref: '--all' }, /^--base-ref: `--all` is no commit/],
    [
      'a build that fails',
      { build: 'echo one; echo no such package >&2; exit 4' },
      /ended with code 4 at main\^:\n(one\n)?no such package/,
    ],
  ])('is refused for %s, and leaves nothing behind', async (_, changes, message) => {
    const before = untouched();
    await expect(open(changes)).rejects.toThrow(message);
    expect(untouched()).toEqual(before);
  });

  it('is removed where the build is interrupted, which ends', async () => {
    const before = untouched();
    const controller = new AbortController();
    const build = 'touch started; sleep 1000';
    const show = (step: string) => {
      if (step.endsWith(build)) setImmediate(() => controller.abort(new Error('interrupted')));
    };
    await expect(open({ build, show, signal: controller.signal })).rejects.toThrow('interrupted');
    expect(untouched()).toEqual(before);
  });

  it('is removed at the end of this process too, after its build is killed, which may write there', async () => {
    const before = untouched();
    const listeners = process.listeners('exit');
    const said = join(repository, '.git/where');
    const failure = expect(open({ build: `pwd > "${said}"; sleep 1000` })).rejects.toThrow(/was ended by SIGKILL/);
    const folder = await vi.waitFor(async () => (await readFile(said, 'utf8')).trim() || Promise.reject('nothing yet'));
    const kill = process.kill;
    const wasThere: boolean[] = [];
    vi.spyOn(process, 'kill').mockImplementation((...args) => {
      wasThere.push(existsSync(folder));
      return kill.call(process, ...args);
    });
    for (const end of process.listeners('exit').filter((each) => !listeners.includes(each))) end.call(process, 0);
    expect(wasThere).toEqual([true]);
    expect(existsSync(folder)).toBe(false);
    await failure;
    expect(untouched()).toEqual(before);
    expect(process.listeners('exit')).toEqual(listeners);
  });

  it('is refused outside of a repository', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(tmpdir());
    await expect(open()).rejects.toThrow(/^--base-ref: .* is in no repository of git/);
  });
});

describe('what is here', () => {
  it('is told with its commit, and whether files differ from it', async () => {
    expect(await readCheckout()).toMatchObject({
      folder: null,
      ref: null,
      commit: git('rev-parse', 'HEAD').trim(),
      changed: true,
    });
    git('stash', '--quiet');
    await writeFile(join(repository, 'result.xml'), 'not of the program');
    expect((await readCheckout()).changed).toBe(false);
    vi.spyOn(process, 'cwd').mockReturnValue(tmpdir());
    expect(await readCheckout()).toMatchObject({ commit: null, changed: false });
  });
});
