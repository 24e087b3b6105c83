import { expect, test } from 'vitest';
import { DUE, MACHINE, PROBE, PUSH, serverOf, WINDOW, WORKLOAD, worker } from '../testing/measurement.js';
import { nullPaths, reasonFor } from './not-measured.js';
import { combineProxy } from './proxy.js';
import { completedRound } from './round.js';
import type { ProxyMeasurement, RoundMeasurement } from './round-measurement.js';

const PROXY: ProxyMeasurement = { lines: ['proxy_buffering off;'], windowCpuUs: 195_000, memoryBytes: 9_000_000 };

function measured(proxy: ProxyMeasurement | null): RoundMeasurement {
  const server = serverOf(PUSH);
  const accepted = { started: 1, connected: 11, settled: 12, windowEnd: 42, drained: 43, closed: 44 };
  const counted = Object.fromEntries(
    Object.entries(server).map(([mark, sample]) => [
      mark,
      { ...sample, sockets: { accepted: accepted[mark as keyof typeof accepted], open: 0 } },
    ]),
  ) as RoundMeasurement['server'];
  return {
    round: 0,
    row: PUSH,
    workload: WORKLOAD,
    due: DUE,
    window: WINDOW,
    clocksNest: true,
    warmupSettled: true,
    server: counted,
    stamps: null,
    workers: [PROBE, worker('crowd')],
    machine: MACHINE,
    network: null,
    proxy,
  };
}

test('what a proxy costs in the window, and the connections that it opened', () => {
  const run = completedRound(measured(PROXY));
  expect(run.proxy).toEqual({
    lines: ['proxy_buffering off;'],
    connections: { run: 43, window: 30 },
    // 3,900 deliveries in 2 s.
    cpuUsPerMessage: 50,
    cpuShare: 0.0975,
    memoryBytes: 9_000_000,
  });
  expect(Object.keys(run.notMeasured).filter((path) => path.startsWith('proxy'))).toEqual([]);
});

test('what the system does not tell is null with a reason', () => {
  const run = completedRound(measured({ lines: [], windowCpuUs: null, memoryBytes: null }));
  const { proxy, notMeasured } = run;
  const nulls = nullPaths({ proxy });
  expect(nulls).toEqual(['proxy.cpuUsPerMessage', 'proxy.cpuShare', 'proxy.memoryBytes']);
  for (const path of nulls) expect(reasonFor(notMeasured, path)).toMatch(/does not tell/);
});

test('without a proxy there are no figures of one', () => {
  const run = completedRound(measured(null));
  expect(run).not.toHaveProperty('proxy');
  expect(combineProxy([run])).toEqual({});
});

test('over rounds connections are summed, the rest is weighted or the median', () => {
  const one = completedRound(measured(PROXY));
  const other = completedRound(measured({ ...PROXY, windowCpuUs: 390_000, memoryBytes: 11_000_000 }));
  expect(combineProxy([one, other]).proxy).toMatchObject({
    connections: { run: 86, window: 60 },
    cpuUsPerMessage: 75,
    memoryBytes: 10_000_000,
  });
});
