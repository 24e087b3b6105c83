import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { MIN_EFFECT, pairedLogRatios, separates, spreadOf } from './statistics.js';

const ratios = (...values: number[]) => values.map(Math.log);

describe('spreadOf', () => {
  it('gives median and range of what was measured', () => {
    expect(spreadOf([3, null, 1, 10])).toEqual({ median: 3, min: 1, max: 10 });
    expect(spreadOf([4, 2])).toEqual({ median: 3, min: 2, max: 4 });
  });

  it('is null where nothing was measured', () => {
    expect(spreadOf([null, null])).toEqual({ median: null, min: null, max: null });
    expect(spreadOf([])).toEqual({ median: null, min: null, max: null });
  });
});

describe('separates', () => {
  it('needs three pairs, whatever their size', () => {
    expect(separates(ratios(9, 9))).toBe(false);
    expect(separates(ratios(9, 9, 9))).toBe(true);
  });

  it('needs every pair on the same side', () => {
    expect(separates(ratios(2, 2, 0.5))).toBe(false);
    expect(separates(ratios(0.5, 0.4, 0.6))).toBe(true);
  });

  it('needs every pair beyond the margin', () => {
    expect(separates(ratios(2, 2, 1 + MIN_EFFECT - 0.001))).toBe(false);
    expect(separates(ratios(2, 2, 1 + MIN_EFFECT + 0.001))).toBe(true);
  });

  it('does not depend on which row comes first', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -2, max: 2, noNaN: true })), (logRatios) => {
        expect(separates(logRatios)).toBe(separates(logRatios.map((ratio) => -ratio)));
      }),
    );
  });

  it('is never brought about by a pair that disagrees', () => {
    const beyond = fc.double({ min: 0.1, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(beyond, { minLength: 3 }),
        fc.double({ min: -2, max: 0, noNaN: true }),
        (agreeing, other) => {
          expect(separates(agreeing)).toBe(true);
          expect(separates([...agreeing, other])).toBe(false);
        },
      ),
    );
  });
});

describe('pairedLogRatios', () => {
  const cpu = (run: { server: { cpuUsPerMessage: number | null } }) => run.server.cpuUsPerMessage;
  const run = (round: number, cpuUsPerMessage: number | null) => {
    const base = exampleRun(EXAMPLE_ROWS.tcp, round);
    return { ...base, server: { ...base.server, cpuUsPerMessage } };
  };

  it('pairs by round, not by place', () => {
    const a = { rounds: [run(2, 40), run(0, 10)] };
    const b = { rounds: [run(0, 5), run(1, 1), run(2, 10)] };
    expect(pairedLogRatios(a, b, cpu)).toEqual([Math.log(2), Math.log(4)]);
  });

  it('leaves out rounds that either row lacks, did not complete or did not measure', () => {
    const a = { rounds: [run(0, null), run(1, 2), { state: 'failed' as const, round: 2, reason: 'x' }, run(3, 0)] };
    const b = { rounds: [run(0, 1), run(1, 1), run(2, 1), run(3, 1)] };
    expect(pairedLogRatios(a, b, cpu)).toEqual([Math.log(2)]);
  });
});
