import { describe, expect, it, onTestFinished } from 'vitest';
import { scratchFolder } from '../testing/forked-source.js';
import { Child } from './child.js';

type ToChild = { type: 'ask'; text?: string } | { type: 'stop' };
type FromChild =
  | { type: 'hello' }
  | { type: 'answer'; text: string }
  | { type: 'other' }
  | { type: 'failed'; reason: string };

const LONG_MS = 15_000;

/** What a well-behaved process does at the least. */
const MANNERS = `
  import { writeSync } from 'node:fs';
  const handlers = { stop: () => process.exit(0) };
  process.on('message', (message) => handlers[message.type]?.(message));
  const say = (message) => process.send(message);
`;
const HELLO = "say({ type: 'hello' });";

/** A process with these manners that runs `script`. */
async function fork(script: string): Promise<Child<ToChild, FromChild>> {
  const folder = await scratchFolder({ 'main.mjs': `${MANNERS}${script}` });
  const child = new Child<ToChild, FromChild>({ title: 'crowd 1', entry: new URL('main.mjs', folder) });
  onTestFinished(async () => {
    child.kill();
    await child.stop({ type: 'stop' });
  });
  return child;
}

async function start(script: string): Promise<Child<ToChild, FromChild>> {
  const child = await fork(`${script};${HELLO}`);
  await child.hello();
  return child;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a child', () => {
  it('answers what it is asked, past other messages', async () => {
    const child = await start(
      `handlers.ask = ({ text }) => { say({ type: 'other' }); say({ type: 'answer', text: text + '!' }); }`,
    );
    expect(await child.request({ type: 'ask', text: 'one' }, 'answer', LONG_MS)).toEqual({
      type: 'answer',
      text: 'one!',
    });
    expect(await child.request({ type: 'ask', text: 'two' }, 'answer', LONG_MS)).toMatchObject({ text: 'two!' });
  });

  it('is listened to, with a filter where one answer is as good as another', async () => {
    const child = await start(`handlers.ask = () => { for (const text of 'abc') say({ type: 'answer', text }); }`);
    const heard: string[] = [];
    child.onMessage((message) => heard.push(message.type));
    const b = child.next('answer', LONG_MS, ({ text }) => text === 'b');
    const c = child.next('answer', LONG_MS, ({ text }) => text === 'c');
    child.send({ type: 'ask' });
    expect([await b, await c]).toMatchObject([{ text: 'b' }, { text: 'c' }]);
    expect(heard).toEqual(['answer', 'answer', 'answer']);
  });

  it('that never answers is named when the time is over', async () => {
    const child = await start('');
    await expect(child.request({ type: 'ask' }, 'answer', 20)).rejects.toThrow('crowd 1: no "answer" within 0.02 s');
    expect(isAlive(child.pid)).toBe(true);
  });

  it('that never says hello leaves nothing behind when it is stopped', async () => {
    const child = await fork('setInterval(() => {}, 1_000);');
    const hello = child.hello();
    await child.stop({ type: 'stop' });
    await expect(hello).rejects.toThrow('crowd 1 process ended with code 0');
    expect(isAlive(child.pid)).toBe(false);
  });
});

describe('the end of a child', () => {
  it('by itself names the code and the last lines of stderr, without the stack', async () => {
    const child = await start(`handlers.ask = () => {
      writeSync(2, 'first\\nsecond\\n\\nthird\\nfourth\\n    at someFunction (file.js:1:1)\\nNode.js v20.0.0\\n');
      process.exit(7);
    }`);
    await expect(child.request({ type: 'ask' }, 'answer', LONG_MS)).rejects.toThrow(
      'crowd 1 process ended with code 7 in the middle of the run: second | third | fourth',
    );
  });

  it('by an uncaught error names the error', async () => {
    const child = await start(`handlers.ask = () => { throw new RangeError('out of seats'); }`);
    await expect(child.request({ type: 'ask' }, 'answer', LONG_MS)).rejects.toThrow(
      /ended with code 1 .*RangeError: out of seats$/,
    );
  });

  it('by an uncaught error whose trace is coloured names the error just so', async () => {
    const child = await start(`handlers.ask = () => {
      writeSync(2, '\\u001b[31mRangeError: out of seats\\u001b[39m\\n\\u001b[90m    at someFunction (file.js:1:1)\\u001b[39m\\n');
      process.exit(1);
    }`);
    await expect(child.request({ type: 'ask' }, 'answer', LONG_MS)).rejects.toThrow(/run: RangeError: out of seats$/);
  });

  it('by a signal names the signal', async () => {
    const child = await start('');
    const waiting = child.next('answer', LONG_MS);
    child.kill();
    await expect(waiting).rejects.toThrow('crowd 1 process was ended by SIGKILL in the middle of the run');
  });

  it('before hello is the reason why it did not start', async () => {
    const child = await fork("import './no-such-file.mjs';");
    await expect(child.hello()).rejects.toThrow(/^crowd 1 process ended with code 1 .*no-such-file/);
  });

  it('is known to whoever watches, and to whoever asks later', async () => {
    const child = await start('handlers.ask = () => process.exit(3)');
    const watched = expect(child.failure).rejects.toThrow('ended with code 3');
    child.send({ type: 'ask' });
    await watched;
    await expect(child.request({ type: 'ask' }, 'answer', LONG_MS)).rejects.toThrow('ended with code 3');
  });

  it('keeps a long stderr short', async () => {
    const child = await start(`handlers.ask = () => { writeSync(2, 'x'.repeat(60_000)); process.exit(1); }`);
    child.send({ type: 'ask' });
    const error: unknown = await child.failure.catch((reason: unknown) => reason);
    expect(String(error).length).toBeLessThan(5_000);
  });
});

it('a message that says "failed" is the reason, though the process goes on or ends', async () => {
  const child = await start(`handlers.ask = () => {
    say({ type: 'failed', reason: 'port 80 is in use' });
    setImmediate(() => process.exit(1));
  }`);
  await expect(child.request({ type: 'ask' }, 'answer', LONG_MS)).rejects.toThrow(/^crowd 1: port 80 is in use$/);
});

describe('stop', () => {
  it('asks first, so that a process can put its things in order', async () => {
    const child = await start(`handlers.stop = () => { say({ type: 'other' }); process.disconnect(); }`);
    const asked = child.next('other', LONG_MS);
    await child.stop({ type: 'stop' });
    await asked;
    await expect(child.failure).rejects.toThrow('ended with code 0');
  });

  it('kills a process that ignores it, when the grace is over', async () => {
    const child = await start('handlers.stop = () => {}; setInterval(() => {}, 1_000);');
    await child.stop({ type: 'stop' });
    await expect(child.failure).rejects.toThrow('was ended by SIGKILL');
    expect(isAlive(child.pid)).toBe(false);
  });

  it('kills a process that has cut its link', async () => {
    const child = await start(`
      handlers.ask = () => { process.disconnect(); handlers.stop = () => {}; }
      setInterval(() => {}, 1_000)`);
    child.send({ type: 'ask' });
    await child.stop({ type: 'stop' });
    await expect(child.failure).rejects.toThrow('was ended by SIGKILL');
  });

  it('twice, at once or later, is as good as once', async () => {
    const child = await start('');
    await Promise.all([child.stop({ type: 'stop' }), child.stop({ type: 'stop' })]);
    await child.stop({ type: 'stop' });
    await expect(child.failure).rejects.toThrow('ended with code 0');
  });

  it('of a process that died resolves', async () => {
    const child = await start('handlers.ask = () => process.exit(1)');
    child.send({ type: 'ask' });
    await child.stop({ type: 'stop' });
    await child.stop({ type: 'stop' });
  });
});
