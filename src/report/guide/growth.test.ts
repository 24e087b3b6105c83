import { expect, it } from 'vitest';
import { exampleReport } from '../../testing/example-report.js';
import { growthOf } from './growth.js';

const row = (() => {
  const found = exampleReport().transports.find(({ group }) => group === 'rpc');
  if (found?.state !== 'completed') throw new Error('the example has no such row');
  return found;
})();

/** The example's own rounds, at 100 clients, are what the line goes through at its end. */
const own = row.rounds.map((run) => (run.state === 'completed' ? (run.server.cpuShare ?? 0) : 0));

it('is the slope of each round, and the factor between the fewest and the most', () => {
  const points = own.flatMap((cpuShare, round) =>
    [25, 50].map((clients) => ({ clients, round, cpuShare: (cpuShare * clients) / 100 })),
  );
  const growth = growthOf(row, 100, points);
  expect(growth?.clients).toEqual({ from: 25, to: 100 });
  expect(growth?.factor).toBeCloseTo(4, 9);
  for (const [round, share] of own.entries())
    expect(growth?.usPerClient.get(round)).toBeCloseTo((1_000_000 * share) / 100, 6);
});

it('a server that takes the same for any number of clients has a slope of nothing', () => {
  const points = own.map((cpuShare, round) => ({ clients: 25, round, cpuShare }));
  const growth = growthOf(row, 100, points);
  expect([...(growth?.usPerClient.values() ?? [])].map(Math.round)).toEqual([0, 0, 0]);
});

it('takes points of other numbers of clients', () => {
  expect(growthOf(row, 100, [])).toBeNull();
  expect(growthOf(row, 100, [{ clients: 100, round: 0, cpuShare: 0.1 }])).toBeNull();
});
