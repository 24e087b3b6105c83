import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nullPaths, reasonFor } from '../report/not-measured.js';
import type { CompletedRun, ReportRow } from '../report/schema.js';
import { measured } from '../testing/cli.js';
import { QUICK } from '../testing/quick-run.js';

const FAKE = fileURLToPath(new URL('../testing/fake-transport/index.js', import.meta.url));

function completed(row: ReportRow | undefined): CompletedRun {
  const run = row?.rounds[0];
  if (run?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return run;
}

describe('the instrument, with real processes and a technique of known faults', () => {
  const fake = (settings: string) => measured([...QUICK, '--rate', '100/s', '-t', `${FAKE}:${settings}`, '--no-floor']);

  test('a delay of 200 ms is measured as 200 ms: not below, and less than 50 ms above', async () => {
    const { transports } = await fake('delayMs=200');
    const { latencyUs, delivery } = completed(transports[0]);
    expect(delivery.lost).toBe(0);
    // A timer of Node may fire up to a millisecond early against the finer clock.
    expect(latencyUs.min).toBeGreaterThanOrEqual(199_000);
    expect(latencyUs.p50).toBeGreaterThanOrEqual(199_000);
    expect(latencyUs.p50).toBeLessThan(250_000);
  });

  test('stalls of 400 ms in every 800 ms show in the percentiles: p95 between 300 and 450 ms', async () => {
    const { transports } = await measured([
      ...QUICK,
      '--rate',
      '100/s',
      '--duration',
      '4s',
      '-t',
      `${FAKE}:stallEveryMs=800,stallMs=400`,
      '--no-floor',
    ]);
    const { latencyUs, generator } = completed(transports[0]);
    // Half of all messages fall into a stall and wait uniformly up to 400 ms: 5 % wait more than 360 ms.
    expect(latencyUs.p95).toBeGreaterThan(300_000);
    // On a machine that starves the publisher too, its lag, which the run states, comes on top.
    const lagUs = generator.scheduleLagUs.p99 ?? 0;
    expect(latencyUs.p95).toBeLessThan(450_000 + lagUs);
    expect(latencyUs.p50).toBeLessThan(120_000 + lagUs);
  });
});

describe('--floor', () => {
  test.each([
    ['a feed', []],
    ['a chat', ['chat', '--clients', '12', '--probes', '4']],
    ['an echo', ['echo']],
  ])('adds the instrument alone, %s: everything arrives, sooner than over a bare socket', async (_what, more) => {
    const { transports } = await measured([...more.slice(0, 1), ...QUICK, ...more.slice(1), '-t', 'tcp', '--floor']);
    const [tcp, harness] = transports;
    expect([tcp?.transport, harness?.transport]).toEqual(['tcp', 'harness']);
    expect(transports.map(({ inProcess, group }) => [inProcess, group])).toEqual([
      [false, 'control'],
      [true, 'control'],
    ]);
    const run = completed(harness);
    expect(run.delivery).toMatchObject({ published: 50, lost: 0, duplicated: 0, reordered: 0 });
    expect(run.delivery.delivered).toBe(run.delivery.expected);
    expect(run.server.cpuUsPerMessage).toBeNull();
    expect([run.bytes.up, run.bytes.down, run.bytes.perMessage.down]).toEqual([0, 0, null]);
    expect(nullPaths(run).filter((path) => reasonFor(run.notMeasured, path) === undefined)).toEqual([]);
    expect(run.latencyUs.p50).toBeLessThan(completed(tcp).latencyUs.p50 ?? 0);
  });
});
