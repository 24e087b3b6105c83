import { describe, expect, it } from 'vitest';
import type { MeasuredPair } from '../../report/gate/pairs.js';
import { loadScenario } from '../../scenario/load.js';
import { makePlan } from '../../scenario/plan.js';
import { EXAMPLE_ROWS, exampleRun } from '../../testing/example-report.js';
import { PUSH } from '../../testing/measurement.js';
import type { RunOptions } from '../run.js';
import { measurePairs, type PairsOptions } from './pairs.js';

function optionsFor(rounds: number, changes: Partial<PairsOptions> = {}): PairsOptions & { ran: string[] } {
  const { scenario } = loadScenario('default', { interleave: '50ms' });
  const rows = ['base', 'head'].map((label) => ({ ...PUSH, label }));
  const plan = makePlan({ ...scenario, rounds }, rows, { descriptors: null, platform: 'linux' });
  const ran: string[] = [];
  return {
    plan,
    signal: new AbortController().signal,
    pinned: false,
    identity: null,
    budgetMs: null,
    onPair: async () => true,
    carryOut: async ({ run }: RunOptions) => {
      ran.push(`${run.round} ${rows[run.row]?.label}`);
      return exampleRun(EXAMPLE_ROWS.webSocket, run.round);
    },
    ...changes,
    ran,
  };
}

describe('pairs', () => {
  it('are base and head in one round each, whose turn comes first being drawn', async () => {
    const pairs: MeasuredPair[] = [];
    const options = optionsFor(12, {
      onPair: async (pair) => {
        pairs.push(pair);
        return true;
      },
    });
    expect(await measurePairs(options)).toBe('rounds');
    expect(options.ran.toSorted()).toHaveLength(24);
    expect(pairs.map(({ round }) => round)).toEqual(Array.from({ length: 12 }, (_, round) => round));
    expect(new Set(pairs.map(({ first }) => first))).toEqual(new Set(['base', 'head']));
  });

  it('end when no more are wanted, and when the next one would not end in time', async () => {
    let left = 3;
    expect(await measurePairs(optionsFor(12, { onPair: async () => --left > 0 }))).toBe('enough');
    expect(left).toBe(0);
    let atMs = 0;
    const onPair = async () => {
      atMs += 300;
      return true;
    };
    const options = optionsFor(12, { budgetMs: 1_000, now: () => atMs, onPair });
    expect(await measurePairs(options)).toBe('budget');
    expect(options.ran).toHaveLength(6);
  });

  it('end with the side and the reason when a run fails', async () => {
    const options = optionsFor(3, {
      carryOut: async ({ run }) => {
        if (run.row === 1) throw new Error('port 80 is in use');
        return exampleRun(EXAMPLE_ROWS.webSocket, 0);
      },
    });
    await expect(measurePairs(options)).rejects.toThrow('head failed: port 80 is in use');
  });

  it('stop after an interruption', async () => {
    const controller = new AbortController();
    const options = optionsFor(3, {
      signal: controller.signal,
      onPair: async () => {
        controller.abort(new Error('interrupted'));
        return true;
      },
    });
    expect(await measurePairs(options)).toBe('interruption');
    expect(options.ran).toHaveLength(2);
  });
});
