// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { requireVerdict, rtbench } from './command.js';

/** @param {string} script */
function commandThat(script) {
  const folder = mkdtempSync(join(tmpdir(), 'rtbench-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'cli.cjs');
  writeFileSync(file, script);
  return file;
}

it('the command has the code and the words of its process', async () => {
  const cli = commandThat('process.stderr.write(process.argv[2]); process.exitCode = 3;');
  expect(await rtbench(['check'], new AbortController().signal, cli)).toEqual({ code: 3, stderr: 'check' });
});

it('the command is beyond the reach of a Ctrl-C in the terminal, and an abort is the one it gets', async () => {
  const cli = commandThat(`
    process.kill(-process.pid, 0); // Throws where it is in the group of somebody else.
    let times = 0;
    process.on('SIGINT', () => { times++; setImmediate(() => process.exit(20 + times)); });
    process.kill(process.ppid, 'SIGUSR2');
    setInterval(() => {}, 1_000);`);
  const controller = new AbortController();
  process.once('SIGUSR2', () => controller.abort());
  expect((await rtbench([], controller.signal, cli)).code).toBe(21);
});

it.each([2, 3, 130, null])('%s is no verdict, whatever was saved before', (code) => {
  expect(() => requireVerdict({ code, stderr: 'base failed' })).toThrow(`rtbench ended with ${code}: base failed`);
});

it.each([0, 1])('%i is a verdict', (code) => {
  expect(() => requireVerdict({ code, stderr: '' })).not.toThrow();
});
