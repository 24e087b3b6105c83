import { probit } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.js';
import { steadyStateOf } from './steady-state.js';

const draw = randomStream(5, 'windows');
const noise = () => Math.exp(0.4 * probit(Math.min(1 - 1e-9, Math.max(1e-9, draw()))));

/** 300 latencies that follow a course over [0, 1), with noise. */
const aWindow = (course: (at: number) => number) =>
  Array.from({ length: 300 }, (_, index) => 1_000 * course(index / 300) * noise());

/** How many of 200 windows are called unsteady. */
const unsteady = (course: () => (at: number) => number) =>
  Array.from({ length: 200 }, () => steadyStateOf(aWindow(course()))).filter((state) => state?.reached === false)
    .length;

it('asks nothing of fewer than 100 messages', () => {
  expect(steadyStateOf(new Array(99).fill(1))).toBeNull();
  expect(steadyStateOf(new Array(100).fill(1))).toEqual({ points: 100, transientShare: 0, drift: 1, reached: true });
});

it('cuts off a transient', () => {
  const state = steadyStateOf(Array.from({ length: 200 }, (_, index) => (index < 40 ? 5_000 : 1_000 + (index % 7))));
  expect(state).toEqual({ points: 200, transientShare: 0.2, drift: expect.closeTo(1, 1), reached: true });
});

describe('of windows with noise', () => {
  it('a steady one is let alone, and so is one with a stall', () => {
    expect(unsteady(() => () => 1)).toBe(0);
    const stall = () => {
      const from = draw();
      return (at: number) => (at >= from && at < from + 0.1 ? 15 : 1);
    };
    expect(unsteady(stall)).toBeLessThan(12);
  });

  it('one whose level changes in its middle is found', () => {
    expect(unsteady(() => (at) => (at < 0.6 ? 1.6 : 1))).toBeGreaterThan(180);
    expect(unsteady(() => (at) => (at < 0.6 ? 1 : 2.5))).toBeGreaterThan(100);
  });
});
