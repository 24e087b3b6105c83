import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../scenario/load.js';
import type { Scenario } from '../scenario/scenario.js';
import { assignRoles } from './roles.js';

const { scenario: base } = loadScenario('default', {}, 2);

function scenarioOf(clients: number, probes: number, workers: number): Scenario {
  return { ...base, probes, workers, workload: { ...base.workload, clients } };
}

function firstNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

const scenario = fc
  .record({ clients: fc.integer({ min: 1, max: 300 }), workers: fc.integer({ min: 1, max: 8 }), share: fc.double() })
  .chain(({ clients, workers }) =>
    fc.integer({ min: 1, max: clients }).map((probes) => scenarioOf(clients, probes, workers)),
  );
const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('every client', () => {
  it('is in exactly one process', () => {
    fc.assert(
      fc.property(scenario, seed, (given, from) => {
        const { probe, crowds } = assignRoles(given, from);
        const all = [...probe, ...crowds.flat()].sort((a, b) => a - b);
        expect(all).toEqual(firstNumbers(given.workload.clients));
      }),
    );
  });

  it('connects once, in the order of the indices', () => {
    fc.assert(
      fc.property(scenario, seed, (given, from) => {
        expect(assignRoles(given, from).connectOrder.flat()).toEqual(firstNumbers(given.workload.clients));
      }),
    );
  });

  it('connects in a group of probes only or of others only, as few groups as that takes', () => {
    fc.assert(
      fc.property(scenario, seed, (given, from) => {
        const { probe, connectOrder } = assignRoles(given, from);
        const kinds = connectOrder.map((group) => new Set(group.map((client) => probe.includes(client))));
        for (const [index, kind] of kinds.entries()) {
          expect(kind.size).toBe(1);
          expect(kind).not.toEqual(kinds[index + 1]);
        }
      }),
    );
  });
});

describe('processes', () => {
  it('hold as many probes as asked for; crowds share the others evenly and none is empty', () => {
    fc.assert(
      fc.property(scenario, seed, (given, from) => {
        const { probe, crowds } = assignRoles(given, from);
        const others = given.workload.clients - given.probes;
        expect(probe).toHaveLength(given.probes);
        expect(crowds).toHaveLength(Math.min(given.workers, others));
        for (const { length } of crowds) {
          expect(length).toBeGreaterThan(0);
          expect(Math.abs(length - others / crowds.length)).toBeLessThan(1);
        }
      }),
    );
  });

  it('are the same for the same seed, and others for another', () => {
    fc.assert(
      fc.property(scenario, seed, (given, from) => {
        expect(assignRoles(given, from)).toEqual(assignRoles(given, from));
      }),
    );
    const drawn = firstNumbers(20).map((from) => assignRoles(scenarioOf(1_000, 5, 2), from).probe.join());
    expect(new Set(drawn).size).toBe(20);
  });
});

describe('slow readers', () => {
  it('are as many as asked for, in no other process, none of them a probe, and connect in their places', () => {
    const share = fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100);
    fc.assert(
      fc.property(scenario, share, seed, (given, of, from) => {
        const slow = { ...given, slowReaders: { share: of, bytesPerSecond: 0 } };
        const { workload, probes } = given;
        const roles = assignRoles(slow, from);
        const count = Math.max(1, Math.round(of * workload.clients));
        expect(roles.slow).toHaveLength(Math.min(count, workload.clients - probes));
        const all = [...roles.probe, ...roles.crowds.flat(), ...roles.slow].sort((a, b) => a - b);
        expect(all).toEqual(firstNumbers(workload.clients));
        expect(roles.probe).toEqual(assignRoles(given, from).probe);
        expect(roles.connectOrder).toEqual(assignRoles(given, from).connectOrder);
      }),
    );
  });
});

describe('probes', () => {
  const SEEDS = 3_000;

  /** Chi-squared over its degrees of freedom: near 1 for counts as chance makes them when all are equally likely. */
  function unevenness(counts: readonly number[]): number {
    const expected = SEEDS / counts.length;
    return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / (counts.length - 1);
  }

  function countBy(keys: readonly string[], keyOf: (probe: readonly number[]) => string, given: Scenario): number[] {
    const counts = new Map(keys.map((key) => [key, 0]));
    for (let from = 0; from < SEEDS; from++) {
      const key = keyOf(assignRoles(given, from).probe);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts.values()];
  }

  it('of one are spread evenly over the order of subscribing', () => {
    const counts = countBy(firstNumbers(20).map(String), String, scenarioOf(20, 1, 1));
    expect(counts).toHaveLength(20);
    expect(unevenness(counts)).toBeLessThan(4);
  });

  it('of two are any pair, all alike', () => {
    const pairs = firstNumbers(6).flatMap((a) => firstNumbers(a).map((b) => `${b},${a}`));
    const counts = countBy(pairs, (probe) => probe.join(), scenarioOf(6, 2, 1));
    expect(counts).toHaveLength(15);
    expect(unevenness(counts)).toBeLessThan(4);
  });
});
