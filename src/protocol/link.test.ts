import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { javaScriptOf, scratchFolder } from '../testing/forked-source.js';

/** A process that sends back every message, and says on stdout when its link is gone. */
async function forkEcho(): Promise<ChildProcess> {
  const folder = await scratchFolder({
    'link.mjs': await javaScriptOf(new URL('link.ts', import.meta.url)),
    'main.mjs': `import { parentLink } from './link.mjs';
      import { writeSync } from 'node:fs';
      const link = parentLink();
      link.onMessage((message) => link.send({ type: 'echo', message }));
      link.onClose(() => writeSync(1, 'the other end is gone'));
      setInterval(() => {}, 1_000);
      link.send({ type: 'hello' });`,
  });
  const child = fork(new URL('main.mjs', folder), { execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  expect((await once(child, 'message'))[0]).toEqual({ type: 'hello' });
  return child;
}

it('carries messages in order', async () => {
  const child = await forkEcho();
  const echoed: unknown[] = [];
  const all = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      if (echoed.push(message) === 100) resolve();
    });
  });
  const sent = Array.from({ length: 100 }, (_, index) => ({ type: 'any', index }));
  for (const message of sent) child.send(message);
  await all;
  expect(echoed).toEqual(sent.map((message) => ({ type: 'echo', message })));
});

it.skipIf(process.platform === 'win32')("leaves a terminal's signals to the other end", async () => {
  const child = await forkEcho();
  child.kill('SIGINT');
  child.kill('SIGTERM');
  child.send('still there?');
  expect((await once(child, 'message'))[0]).toEqual({ type: 'echo', message: 'still there?' });
});

it('ends the process with the other end, after it has been told', async () => {
  const child = await forkEcho();
  const gone = once(child, 'exit');
  const output = child.stdout ? text(child.stdout) : '';
  child.disconnect();
  expect(await gone).toEqual([0, null]);
  expect(await output).toBe('the other end is gone');
});
