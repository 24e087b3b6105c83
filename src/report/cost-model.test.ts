import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.js';
import {
  type CostFit,
  type CostObservation,
  type CostTerm,
  fitCost,
  predictCpu,
  separable,
  slopeOverClients,
} from './cost-model.js';

const POINTS = [
  [25, 60],
  [25, 240],
  [100, 60],
  [100, 240],
  [200, 120],
  [200, 30],
] as const;

/** Every publish reaches every client; `polls`: a second and client, alternating so that they can be told apart. */
function amountsOf([clients, rate]: readonly [number, number], index = 0, polls = 0): CostObservation['amounts'] {
  return { client: clients, publish: rate, delivery: clients * rate, poll: clients * polls * (1 + (index % 2)) };
}

function observe(
  costs: Record<CostTerm, number>,
  options: { polls?: number; factor?: (index: number) => number; points?: readonly (readonly [number, number])[] } = {},
): CostObservation[] {
  const { polls = 0, factor = () => 1, points = POINTS } = options;
  return points.map((point, index) => {
    const amounts = amountsOf(point, index, polls);
    const estimates = Object.fromEntries(
      Object.entries(costs).map(([term, us]) => [term, { us, standardErrorUs: 0 }]),
    ) as CostFit['terms'];
    return { point: point.join('x'), amounts, cpuUsPerSecond: predictCpu(estimates, amounts) * factor(index) };
  });
}

function fitted(observations: readonly CostObservation[]): CostFit {
  const fit = fitCost(observations);
  if (typeof fit === 'string') throw new Error(fit);
  return fit;
}

describe('fitCost', () => {
  it('finds the costs that made the figures, whatever they are', () => {
    const cost = fc.double({ min: 1, max: 500, noNaN: true });
    fc.assert(
      fc.property(cost, cost, cost, cost, (client, publish, delivery, poll) => {
        const { terms, left, linear, typicalMiss } = fitted(observe({ client, publish, delivery, poll }, { polls: 2 }));
        expect(left).toEqual({});
        expect(terms.client?.us).toBeCloseTo(client, 4);
        expect(terms.publish?.us).toBeCloseTo(publish, 4);
        expect(terms.delivery?.us).toBeCloseTo(delivery, 4);
        expect(terms.poll?.us).toBeCloseTo(poll, 4);
        expect([linear, typicalMiss < 1e-6]).toEqual([true, true]);
      }),
    );
  });

  it('gives standard errors that cover the truth as often as they should under noise of 3 %', () => {
    const draw = randomStream(7, 'noise');
    // Sum of 12 uniform draws: close to normal, with a variance of 1.
    const normal = () => Array.from({ length: 12 }, draw).reduce((sum, value) => sum + value, -6);
    const truth = { client: 40, publish: 90, delivery: 9, poll: 0 };
    const points = [...POINTS, ...POINTS, ...POINTS, ...POINTS];
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      const { terms } = fitted(observe(truth, { points, factor: () => 1 + 0.03 * normal() }));
      const { us = 0, standardErrorUs = 0 } = terms.delivery ?? {};
      if (Math.abs(us - truth.delivery) < 2 * standardErrorUs) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.99);
  });

  it('counts a miss relative to its point: a quiet point weighs as much as a busy one', () => {
    const truth = { client: 40, publish: 90, delivery: 9, poll: 0 };
    const typical = (at: number) =>
      fitted(observe(truth, { factor: (index) => (index === at ? 1.01 : 1) })).typicalMiss;
    for (const [at] of POINTS.entries()) expect(typical(at)).toBeLessThan(0.01);
    expect(typical(0)).toBeGreaterThan(0.0005);
  });

  it('shows a cost below zero as it is', () => {
    const { terms } = fitted(observe({ client: -5, publish: 80, delivery: 10, poll: 0 }));
    expect(terms.client?.us).toBeCloseTo(-5, 6);
  });

  it('leaves out what there was none of', () => {
    const { terms, left } = fitted(observe({ client: 40, publish: 90, delivery: 9, poll: 0 }));
    expect(terms.poll).toBeUndefined();
    expect(left).toEqual({ poll: 'there was no poll' });
  });

  it('leaves out polls that move in step with the clients, whose cost then contains theirs', () => {
    const observations = POINTS.map(([clients, rate], index) => {
      // Two polls a second and client, give or take what the ends of a window cut off.
      const polls = 2 * clients * (1 + 0.01 * (index % 2));
      const amounts = { client: clients, publish: rate, delivery: clients * rate, poll: polls };
      return {
        point: String(index),
        amounts,
        cpuUsPerSecond: 10 * clients + 90 * rate + 9 * clients * rate + 25 * polls,
      };
    });
    const { terms, left } = fitted(observations);
    expect(left.poll).toBe('moved in step with clients: its cost is in theirs');
    expect(terms.client?.us).toBeGreaterThan(55);
    expect(terms.client?.us).toBeLessThan(65);
  });

  it('says "not linear" of a server that gets cheaper the more it has to do, and where it misses most', () => {
    const observations = observe({ client: 40, publish: 90, delivery: 9, poll: 0 }).map((observation) => ({
      ...observation,
      cpuUsPerSecond: 4_000 * Math.sqrt(observation.amounts.delivery) + 20_000 * Math.sin(observation.amounts.publish),
    }));
    const { linear, largestMiss } = fitted(observations);
    expect(linear).toBe(false);
    expect(largestMiss.share).toBeGreaterThan(0.2);
    expect(observations.map(({ point }) => point)).toContain(largestMiss.point);
  });

  it('does not say so for a miss that is a small part of a core, or of its point', () => {
    const tiny = observe(
      { client: 1, publish: 2, delivery: 0.3, poll: 0 },
      { factor: (index) => (index % 2 ? 1.6 : 0.6) },
    );
    expect(fitted(tiny).linear).toBe(true);
    const busy = observe(
      { client: 40, publish: 90, delivery: 9, poll: 0 },
      { factor: (index) => (index % 2 ? 1.1 : 0.9) },
    );
    expect(fitted(busy).linear).toBe(true);
  });

  it('judges repeats of a point by their mean', () => {
    const truth = { client: 40, publish: 90, delivery: 9, poll: 0 };
    const repeated = [...observe(truth, { factor: () => 1.4 }), ...observe(truth, { factor: () => 0.7 })];
    const apart = repeated.map((observation, index) => ({ ...observation, point: String(index) }));
    expect([fitted(repeated).linear, fitted(apart).linear]).toEqual([true, false]);
  });

  it('refuses as many costs as measurements: no error could be given', () => {
    const three = observe({ client: 40, publish: 90, delivery: 9, poll: 0 }, { points: POINTS.slice(0, 3) });
    expect(fitCost(three)).toBe('too few sound measurements for a model and its errors: 3');
    expect(fitCost([])).toMatch(/too few .*: 0$/);
  });
});

describe('separable', () => {
  it('holds what a design can tell apart', () => {
    const keptOf = (points: readonly (readonly [number, number])[]) =>
      separable(observe({ client: 20, publish: 150, delivery: 10, poll: 0 }, { points })).kept;
    expect(keptOf(POINTS)).toEqual(['client', 'publish', 'delivery']);
    // The same clients everywhere: deliveries are so many times the publishes.
    expect(keptOf([1, 2, 3, 4].map((times) => [100, 50 * times]))).toEqual(['client', 'publish']);
    expect(keptOf([25, 50, 100, 200].map((clients) => [clients, 50]))).toEqual(['client', 'publish']);
  });
});

describe('slopeOverClients', () => {
  it('is what each further client adds, without what the first costs', () => {
    const points = [10, 50, 100, 200].map((clients) => ({ clients, grown: 300_000 + 12_000 * clients }));
    const slope = slopeOverClients(points);
    expect(slope).toMatchObject({ perClient: expect.closeTo(12_000, 3), standardError: expect.closeTo(0, 3) });
  });

  it('has an error that shows the noise, and is below zero where memory fell', () => {
    const points = [10, 50, 100, 200].map((clients, index) => ({
      clients,
      grown: -50 * clients + 9_000 * (index % 2),
    }));
    const slope = slopeOverClients(points);
    if (typeof slope === 'string') throw new Error(slope);
    expect(slope.perClient).toBeLessThan(0);
    expect(slope.standardError).toBeGreaterThan(10);
  });

  it('takes three different numbers of clients', () => {
    const two = [10, 10, 20, 20].map((clients) => ({ clients, grown: clients }));
    expect(slopeOverClients(two)).toBe('a slope takes 3 different numbers of clients, there are 2');
  });
});
