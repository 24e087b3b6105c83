import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, UsageError } from '../../errors.js';
import type { FromServer, ToServer } from '../../protocol/messages.js';
import { proofOfUse } from '../../server/substitute/proof.js';
import { Child } from '../child.js';

const run = promisify(execFile);
const ANSWER_TIMEOUT_MS = 30_000;
const INSTALL_TIMEOUT_MS = 180_000;

/** A package that a server half is to get in place of the one installed here. */
export interface PackageWish {
  readonly name: string;
  /** A version or range for npm, or the path of a folder. */
  readonly from: string;
  /** The flag, for messages. */
  readonly flag: string;
}

/** Packages for one side of a gate. */
export interface Substitutes {
  /** Flags of Node with which a server process uses them. */
  readonly nodeFlags: readonly string[];
  /** By name. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Loads a transport's server half in a process of its own.
   *
   * @throws UsageError naming a package that it never asked for: what would be measured is not what was meant.
   */
  prove(module: string): Promise<void>;
  close(): Promise<void>;
}

/** `ws=8.18.0`, `ws=./path` or `@scope/name=^1.2`. Throws `UsageError`. */
export function parsePackageWish(text: string, flag: string): PackageWish {
  const [, name, from] = /^((?:@[\w.~-]+\/)?[\w.~-]+)=(\S.*)$/.exec(text.trim()) ?? [];
  if (name !== undefined && from !== undefined && (isPath(from) || /^[\w.^~<>=*+-]+$/.test(from))) {
    return { name, from, flag };
  }
  throw new UsageError(`${flag}: \`${text}\` is not a package and its version or folder, as in ws=8.18.0 or ws=./path`);
}

/**
 * Puts the packages into a folder of their own: `wishes` as asked for, and those of `names` that nobody asked for on this
 * side as they are installed here, so that both sides load theirs in the same way.
 *
 * @throws UsageError where one cannot be had.
 */
export async function openSubstitutes(wishes: readonly PackageWish[], names: readonly string[]): Promise<Substitutes> {
  const root = await mkdtemp(join(tmpdir(), 'rtbench-packages-'));
  const close = () => rm(root, { recursive: true, force: true });
  try {
    await writeFile(join(root, 'package.json'), '{ "private": true }\n');
    await install(
      root,
      wishes.filter(({ from }) => !isPath(from)),
    );
    for (const wish of wishes) if (isPath(wish.from)) await link(root, wish.name, folderOf(wish));
    for (const name of names) if (!wishes.some((wish) => wish.name === name)) await link(root, name, installed(name));
    const versions: Record<string, string> = {};
    for (const name of names) versions[name] = await versionIn(root, name, wishes);
    const nodeFlags = [`--import=${registerUrl(root, names)}`];
    return { nodeFlags, versions, prove: (module) => prove(module, { root, names, nodeFlags }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function isPath(from: string): boolean {
  return /^(\.{0,2}[\\/]|[A-Za-z]:[\\/]|\.{1,2}$)/.test(from);
}

async function install(root: string, wishes: readonly PackageWish[]): Promise<void> {
  if (wishes.length === 0) return;
  const specs = wishes.map(({ name, from }) => `${name}@${from}`);
  const args = ['install', '--prefix', root, '--no-save', '--no-audit', '--no-fund', '--no-package-lock', ...specs];
  try {
    // Its shell alone finds npm on Windows; nothing of what was given means anything to a shell.
    await run('npm', args, { cwd: root, timeout: INSTALL_TIMEOUT_MS, shell: process.platform === 'win32' });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : messageOf(error);
    const [why = 'npm gave no reason'] = said.split('\n').filter((line) => /^npm (error|ERR!) (?!code )/.test(line));
    throw new UsageError(
      `${wishes[0]?.flag}: npm cannot install ${specs.join(', ')}: ${why.replace(/^npm (error|ERR!) /, '')}; ` +
        'without a network give a folder, as in ws=./path',
    );
  }
}

function folderOf({ name, from, flag }: PackageWish): string {
  const folder = resolve(from);
  if (existsSync(join(folder, 'package.json'))) return folder;
  throw new UsageError(`${flag}: ${name}=${from}: there is no package.json in ${folder}`);
}

/** Where the package is that the server uses otherwise. */
function installed(name: string): string {
  const require = createRequire(import.meta.url);
  const folder = (require.resolve.paths(name) ?? [])
    .map((path) => join(path, name))
    .find((path) => existsSync(join(path, 'package.json')));
  if (folder !== undefined) return folder;
  throw new UsageError(`${name} is not installed here: name it on both sides, with --base-with and --head-with`);
}

async function link(root: string, name: string, folder: string): Promise<void> {
  const path = join(root, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(folder, path, 'junction');
}

/** With what it was asked for by, where the version alone does not tell. */
async function versionIn(root: string, name: string, wishes: readonly PackageWish[]): Promise<string> {
  const text = await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8');
  const { version = 'no version' } = JSON.parse(text) as { version?: string };
  const wish = wishes.find((each) => each.name === name);
  return wish !== undefined && isPath(wish.from) ? `${version} (${wish.from})` : version;
}

function registerUrl(root: string, names: readonly string[]): string {
  const url = new URL(`../../server/substitute/register${extname(import.meta.url)}`, import.meta.url);
  url.searchParams.set('root', root);
  for (const name of names) url.searchParams.append('package', name);
  return url.href;
}

async function prove(
  module: string,
  { root, names, nodeFlags }: Pick<Substitutes, 'nodeFlags'> & { root: string; names: readonly string[] },
): Promise<void> {
  const child = new Child<ToServer, FromServer>({
    title: 'server',
    entry: new URL(`../../server/main${extname(import.meta.url)}`, import.meta.url),
    execArgv: nodeFlags,
  });
  try {
    await child.hello();
    await child.request({ type: 'preload', modules: [module] }, 'preloaded', ANSWER_TIMEOUT_MS);
  } finally {
    await child.stop({ type: 'stop' });
  }
  const unused = names.filter((name) => !existsSync(join(root, proofOfUse(name))));
  if (unused.length === 0) return;
  throw new UsageError(
    `the server half does not import ${unused.join(', ')}, so that both sides would be the same: ` +
      'name a package that the technique’s server uses',
  );
}
