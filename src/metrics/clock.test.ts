import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { javaScriptOf, scratchFolder } from '../testing/forked-source.js';
import { HostClock } from './clock.js';

/** What doubles of this size lose. */
const ROUNDING_US = 0.001;

function microseconds(sinceNs: bigint): number {
  return Number(process.hrtime.bigint() - sinceNs) / 1_000;
}

describe('HostClock', () => {
  it('nests between two readings of hrtime within its error, whatever the epoch', () => {
    fc.assert(
      fc.property(fc.integer({ min: -86_400_000, max: 86_400_000 }), (agoMs) => {
        const epochNs = process.hrtime.bigint() - BigInt(agoMs) * 1_000_000n;
        const clock = new HostClock(epochNs);
        const beforeUs = microseconds(epochNs);
        const nowUs = clock.nowUs();
        const afterUs = microseconds(epochNs);
        expect(nowUs).toBeGreaterThanOrEqual(beforeUs - clock.errorUs - ROUNDING_US);
        expect(nowUs).toBeLessThanOrEqual(afterUs + clock.errorUs + ROUNDING_US);
      }),
    );
  });

  it('knows an error that is a positive, finite time', () => {
    const { errorUs } = new HostClock(process.hrtime.bigint());
    expect(errorUs).toBeGreaterThan(0);
    expect(Number.isFinite(errorUs)).toBe(true);
  });

  it('never goes back', () => {
    const clock = new HostClock(process.hrtime.bigint());
    let lastUs = clock.nowUs();
    for (let reading = 0; reading < 100_000; reading++) {
      const nowUs = clock.nowUs();
      if (nowUs < lastUs) expect.fail(`${nowUs} after ${lastUs}`);
      lastUs = nowUs;
    }
  });

  it('agrees with itself: two of one epoch differ by no more than both errors', () => {
    const epochNs = process.hrtime.bigint();
    const [a, b] = [new HostClock(epochNs), new HostClock(epochNs)];
    const beforeUs = a.nowUs();
    const betweenUs = b.nowUs();
    const afterUs = a.nowUs();
    const marginUs = a.errorUs + b.errorUs + ROUNDING_US;
    expect(betweenUs).toBeGreaterThanOrEqual(beforeUs - marginUs);
    expect(betweenUs).toBeLessThanOrEqual(afterUs + marginUs);
  });

  it('is shared by processes: a reading of another one lies between question and answer', async () => {
    const epochNs = process.hrtime.bigint();
    const clock = new HostClock(epochNs);
    const child = await forkClock(epochNs);
    for (let question = 0; question < 50; question++) {
      const beforeUs = clock.nowUs();
      child.send('now');
      const [{ nowUs, errorUs }] = (await once(child, 'message')) as [{ nowUs: number; errorUs: number }];
      const afterUs = clock.nowUs();
      const marginUs = clock.errorUs + errorUs + ROUNDING_US;
      expect(nowUs).toBeGreaterThanOrEqual(beforeUs - marginUs);
      expect(nowUs).toBeLessThanOrEqual(afterUs + marginUs);
    }
  });
});

/** Another process with a clock of the same epoch that tells its time when asked. */
async function forkClock(epochNs: bigint): Promise<ChildProcess> {
  const folder = await scratchFolder({
    'clock.mjs': await javaScriptOf(new URL('clock.ts', import.meta.url)),
    'main.mjs': `import { HostClock } from './clock.mjs';
      const clock = new HostClock(${epochNs}n);
      process.on('message', () => process.send({ nowUs: clock.nowUs(), errorUs: clock.errorUs }));
      process.send('ready');`,
  });
  const child = fork(new URL('main.mjs', folder), { execArgv: [] });
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  await once(child, 'message');
  return child;
}
