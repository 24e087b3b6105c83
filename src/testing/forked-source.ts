import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformWithEsbuild } from 'vite';
import { onTestFinished } from 'vitest';

/** A folder of its own with these files by name, removed when the test is over. Its URL ends in a slash. */
export async function scratchFolder(files: Readonly<Record<string, string>>): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'rtbench-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return pathToFileURL(`${folder}/`);
}

/** A source file that imports nothing at run time as JavaScript, for a process that cannot load TypeScript. */
export async function javaScriptOf(source: URL): Promise<string> {
  const path = fileURLToPath(source);
  const { code } = await transformWithEsbuild(await readFile(path, 'utf8'), path);
  return code;
}
