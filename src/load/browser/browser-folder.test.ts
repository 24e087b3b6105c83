import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeBrowserFolder } from './browser-folder.js';

let temporary = '';

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'rtbench-test-'));
  vi.stubEnv('TMPDIR', temporary);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

/** With something in it, as a browser leaves it. */
function folderNamed(name: string): string {
  const folder = join(temporary, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'left'), 'x');
  return folder;
}

async function pidOfNobody(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('a folder is named after its process, and gone when it is removed', async () => {
  const { folder, remove } = await makeBrowserFolder();
  expect(existsSync(folder)).toBe(true);
  expect(folder).toContain(join(temporary, `rtbench-browser-${process.pid}-`));
  await remove();
  expect(existsSync(folder)).toBe(false);
});

test('what is left of a process that is gone is removed by the next; that of one which lives stays', async () => {
  const forsaken = folderNamed(`rtbench-browser-${await pidOfNobody()}-abcdef`);
  const inUse = folderNamed(`rtbench-browser-${process.ppid}-abcdef`);
  const others = folderNamed('rtbench-browserless');
  const { remove } = await makeBrowserFolder();
  expect([forsaken, inUse, others].map(existsSync)).toEqual([false, true, true]);
  await remove();
});
