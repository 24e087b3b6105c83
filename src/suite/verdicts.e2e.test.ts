import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { conducted, type RunProcesses, untilStopped } from '../testing/conducted.js';

const FAKE = fileURLToPath(new URL('../testing/fake-transport/index.js', import.meta.url));
const TEN_SECONDS = { clients: 10, ratePerSecond: 100, warmupMs: 300, durationMs: 10_000 };
/** What is stopped here is not all that may stand still on a machine that others use too. */
const SHARED_MACHINE = { retry: 2 };

/** Stops a process for one second, four seconds into the window. */
async function stopForASecond(pid: number): Promise<void> {
  await delay(4_000);
  process.kill(pid, 'SIGSTOP');
  try {
    await untilStopped(pid);
    await delay(1_000);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** Of the 100 in 1,000 messages that were due meanwhile, those that wait longest wait 0.5 s and more, or 0.9 s. */
const STALL_OF_A_SECOND = [
  { name: 'sse', p95Ms: [350, 700], p99Ms: [780, 1_150] },
  { name: 'websocket', p95Ms: [350, 700], p99Ms: [780, 1_150] },
  { name: 'grpc', p95Ms: [350, 700], p99Ms: [780, 1_150] },
  { name: 'tcp', p95Ms: [350, 700], p99Ms: [780, 1_150] },
  { name: 'long-polling', p95Ms: [350, 700], p99Ms: [780, 1_150] },
  // Up to half a second more until the next poll, of which half of the others wait for more than a quarter.
  { name: 'short-polling', p95Ms: [480, 1_050], p99Ms: [850, 1_500] },
] as const;

describe.runIf(process.platform === 'linux')('a process that stands still for a second in a window of ten', () => {
  test.each(STALL_OF_A_SECOND)('the server of $name: a result, and the stall is named', SHARED_MACHINE, async (row) => {
    const run = await conducted(row.name, TEN_SECONDS, ({ server }: RunProcesses) => stopForASecond(server));
    const longest = run.stalls.reduce((a, b) => (b.forMs > a.forMs ? b : a));
    expect(longest).toMatchObject({ process: 'server', busy: false });
    expect(longest.forMs).toBeGreaterThan(900);
    expect(longest.forMs).toBeLessThan(1_400);
    expect(longest.atMs).toBeGreaterThan(3_900);
    expect(longest.atMs).toBeLessThan(4_500);
    expect(run.verdict).toBe('suspect');
    expect(run.reasons.join()).toMatch(/the server stood still for [01]\.\d\d s from 4\.\d s into the window/);
    expect(run.delivery.lost).toBe(0);
    const { p95, p99 } = run.latencyUs;
    expect(p95).toBeGreaterThan(row.p95Ms[0] * 1_000);
    expect(p95).toBeLessThan(row.p95Ms[1] * 1_000);
    expect(p99).toBeGreaterThan(row.p99Ms[0] * 1_000);
    expect(p99).toBeLessThan(row.p99Ms[1] * 1_000);
  });

  test.each([
    ['the probe', 'websocket', ({ probe }: RunProcesses) => probe],
    ['the probe', 'short-polling', ({ probe }: RunProcesses) => probe],
    ['crowd process 1', 'websocket', ({ crowds }: RunProcesses) => crowds[0] ?? 0],
  ])('%s of %s: invalid, since the instrument failed', SHARED_MACHINE, async (name, spec, pidOf) => {
    const run = await conducted(spec, TEN_SECONDS, (processes) => stopForASecond(pidOf(processes)));
    expect(run.verdict).toBe('invalid');
    expect(run.reasons.join()).toMatch(new RegExp(`${name} stood still for [01]\\.\\d\\d s from 4\\.\\d s`));
    expect(run.stalls.filter(({ process, forMs }) => process === 'server' && forMs > 500)).toEqual([]);
  });
});

describe('a server that is too slow for the rate', () => {
  test('is saturated: a result without percentiles', SHARED_MACHINE, async () => {
    const run = await conducted(`${FAKE}:burnUs=2000`, { ...TEN_SECONDS, durationMs: 2_000 }, async () => {});
    expect(run.verdict).toBe('saturated');
    expect(run.latencyUs).toMatchObject({ p50: null, p99: null });
    expect(run.notMeasured.latencyUs).toMatch(/saturated/);
    expect(run.server.cpuShare).toBeGreaterThan(0);
    expect(run.reasons.join()).toMatch(/the server could not keep up/);
  });
});

describe.runIf(process.platform === 'linux')('a crowd process that is starved', () => {
  const LOOPS = 4;

  test('makes the run invalid, by name', SHARED_MACHINE, async () => {
    const work = { ...TEN_SECONDS, clients: 50, durationMs: 4_000 };
    const run = await conducted('websocket', work, async ({ crowds }) => {
      const crowd = String(crowds[0]);
      execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', crowd]);
      // On some machines one against four is still enough for what so few deliveries take: nice 19 weighs 1 to 68.
      execFileSync('renice', ['-n', '19', '-p', crowd]);
      const loops = Array.from({ length: LOOPS }, () =>
        spawn('taskset', ['--cpu-list', '0', process.execPath, '-e', 'for (;;);']),
      );
      await delay(3_000);
      await Promise.all(loops.map(ended));
    });
    expect(run.verdict, run.reasons.join()).toBe('invalid');
    expect(run.reasons.join()).toMatch(/crowd process 1 (waited for a core|stood still)/);
  });
});

async function ended(process: ChildProcess): Promise<void> {
  const gone = once(process, 'exit');
  process.kill('SIGKILL');
  await gone;
}
