import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf, UsageError } from '../errors.js';

export interface OutputOptions {
  /** `--out`; `undefined`: reports/<date>-<scenario>. */
  readonly folder: string | undefined;
  readonly scenario: string;
  readonly startedAt: Date;
  /** `--json`, `--markdown` and `--csv`: a file, `-` for stdout, or nothing. */
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly csv?: string | undefined;
  /** Of the JSON document; absent: result.json. */
  readonly fileName?: string;
}

/** Where a run's documents go. */
export interface Output {
  /** That they all go to, but for those of `--json`, `--markdown` and `--csv`. */
  readonly folder: string;
  readonly resultFile: string;
  /** Replaces the JSON document by what is known so far. */
  save(json: string): Promise<void>;
  /** Writes the documents for good. */
  finish(documents: {
    readonly json: string;
    readonly markdown: string;
    readonly csv?: string;
    readonly html?: string;
  }): Promise<void>;
}

/** Where a command's one JSON document goes. */
export interface JsonOutput {
  readonly file: string;
  /** Replaces the file by what is known so far. */
  save(json: string): Promise<void>;
  /** Writes it for good, and where `--json` says. */
  finish(json: string): Promise<void>;
}

/** As `openOutput`, for a command that writes `fileName` alone. */
export async function openJsonOutput(
  options: Omit<OutputOptions, 'markdown'> & { readonly fileName: string },
): Promise<JsonOutput> {
  const { fileName, json: target } = options;
  if (target !== undefined && target !== '-') await provable('--json', target);
  const file = join(await makeFolder(options, fileName), fileName);
  return {
    file,
    save: (json) => writeWhole(file, json),
    async finish(json) {
      await writeWhole(file, json);
      await deliver(target, json);
    },
  };
}

/**
 * Makes the folder and proves that every file asked for can be written, before anything is measured. A folder that is
 * there already is left alone: a numbered one beside it is taken.
 *
 * @throws UsageError naming the flag and the path.
 */
export async function openOutput(options: OutputOptions): Promise<Output> {
  const { fileName = 'result.json' } = options;
  const folder = await makeFolder(options, fileName);
  const resultFile = join(folder, fileName);
  try {
    for (const [flag, target] of [
      ['--json', options.json],
      ['--markdown', options.markdown],
      ['--csv', options.csv],
    ] as const) {
      if (target !== undefined && target !== '-') await provable(flag, target);
    }
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
  return {
    folder,
    resultFile,
    save: (json) => writeWhole(resultFile, json),
    async finish({ json, markdown, csv, html }) {
      await writeWhole(resultFile, json);
      await writeWhole(join(folder, 'report.md'), markdown);
      if (html !== undefined) await writeWhole(join(folder, 'report.html'), html);
      await deliver(options.json, json);
      await deliver(options.markdown, markdown);
      if (csv !== undefined) await deliver(options.csv, csv);
    },
  };
}

async function makeFolder(
  { folder, scenario, startedAt }: Pick<OutputOptions, 'folder' | 'scenario' | 'startedAt'>,
  fileName: string,
): Promise<string> {
  const wanted = folder ?? join('reports', `${startedAt.toISOString().slice(0, 10)}-${scenario}`);
  let path = wanted;
  for (let number = 2; existsSync(path); number++) path = `${wanted}-${number}`;
  try {
    await makeFolders(path);
    await writeWhole(join(path, fileName), '{}\n');
  } catch (error) {
    throw new UsageError(
      `--out: cannot write to ${resolve(path)}: ${messageOf(error)}; give a folder you may write to`,
    );
  }
  return path;
}

/**
 * Makes a folder that is not there, with its parents. One by one: Node's own recursive way never ends where a parent can
 * neither be found nor made (/proc).
 */
export async function makeFolders(path: string): Promise<void> {
  const parent = dirname(path);
  if (!existsSync(parent)) await makeFolders(parent);
  await mkdir(path);
}

/**
 * Where a command's own text goes: not to stdout where a document does.
 *
 * @throws UsageError where two documents would.
 */
export function screenFor({
  json,
  markdown,
}: {
  readonly json?: string;
  readonly markdown?: string;
}): NodeJS.WriteStream {
  if (json === '-' && markdown === '-') {
    throw new UsageError('--json - and --markdown -: only one of them can have stdout; give one a file');
  }
  return json === '-' || markdown === '-' ? process.stderr : process.stdout;
}

/** Proves that a file can be written. Throws `UsageError`. */
export async function provable(flag: string, file: string): Promise<void> {
  try {
    const proof = temporary(file);
    await writeFile(proof, '');
    await rm(proof);
  } catch (error) {
    throw new UsageError(`${flag}: cannot write to ${resolve(file)}: ${messageOf(error)}`);
  }
}

/** Writes a document to a file, or for `-` to stdout. */
export async function deliver(target: string | undefined, text: string | Uint8Array): Promise<void> {
  if (target === '-') process.stdout.write(text);
  else if (target !== undefined) await writeWhole(target, text);
}

/** Writes a file whole or not at all: whoever reads it meanwhile sees the old one. */
async function writeWhole(file: string, text: string | Uint8Array): Promise<void> {
  const part = temporary(file);
  await writeFile(part, text);
  await rename(part, file);
}

function temporary(file: string): string {
  return join(dirname(file), `.${process.pid}.${file.split(/[\\/]/).at(-1)}.part`);
}

/** A report as it stands in a file. */
export function spell(report: object): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
