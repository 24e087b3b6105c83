import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { CompletedRun, ReportRow } from '../report/schema.js';
import { measured } from '../testing/cli.js';

const FAKE = fileURLToPath(new URL('../testing/fake-transport/index.js', import.meta.url));
const QUICK = [
  '--rounds',
  '1',
  '--clients',
  '12',
  '--rate',
  '50/s',
  '--warmup',
  '500ms',
  '--duration',
  '2s',
  '--no-floor',
];
const INTERVAL_MS = 100;

function completed(row: ReportRow | undefined): CompletedRun {
  const run = row?.rounds[0];
  if (run?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return run;
}

function expectToAddUp({ attribution, latencyUs, samples }: CompletedRun): void {
  const { mean } = attribution;
  expect(mean.deliveries).toBe(samples.deliveries);
  for (const { scheduleLagUs, ingressUs, turnUs, transportUs, latencyUs: whole, deliveries } of Object.values(
    attribution,
  )) {
    if (deliveries === 0) continue;
    expect((scheduleLagUs ?? 0) + (ingressUs ?? 0) + (turnUs ?? 0) + (transportUs ?? 0)).toBeCloseTo(whole ?? -1, 3);
  }
  // The histogram's resolution is 0.1 %, and stamps are whole µs.
  const differenceUs = Math.abs((mean.latencyUs ?? 0) - (latencyUs.mean ?? 0));
  expect(differenceUs).toBeLessThan(1 + 0.001 * (latencyUs.mean ?? 0));
}

test.each([
  ['a feed', []],
  ['a chat', ['chat']],
])('%s: the stages of every delivery add up to its latency, and of a poll its wait is one', async (_what, more) => {
  const transports = ['-t', `short-polling:intervalMs=${INTERVAL_MS}`, '-t', 'grpc', '-t', 'websocket'];
  const report = await measured([...more, ...QUICK, '--probes', '3', ...transports]);
  const [polling, ...pushed] = report.transports.map(completed);
  for (const run of [polling, ...pushed]) if (run) expectToAddUp(run);
  const { turnUs, latencyUs } = polling?.attribution.mean ?? {};
  expect(turnUs).toBeGreaterThan((INTERVAL_MS * 1_000) / 4);
  expect(latencyUs).toBeGreaterThan(turnUs ?? 0);
  // No push is fresher than half the mean gap between messages, 20 ms, would be if they came evenly.
  for (const run of pushed) expect(run.stalenessMs.mean).toBeGreaterThan(5);
  expect(polling?.stalenessMs.mean).toBeGreaterThan(INTERVAL_MS / 4);
});

test('a transport that does not say which connection reads: no stages, and why', async () => {
  const { transports } = await measured([...QUICK, '--probes', '2', '-t', `${FAKE}:delayMs=1`]);
  const { attribution, notMeasured } = completed(transports[0]);
  expect(attribution.mean.latencyUs).toBeNull();
  expect(notMeasured.attribution).toMatch(/has no stamp of 200 of 200 deliveries/);
});
