import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { HERD_ROW } from '../testing/herd-runs.js';
import { type HerdRequest, makeHerdPlan } from './herd-plan.js';

const MACHINE = { descriptors: 20_000, platform: 'linux' };

function planOf(request: Partial<HerdRequest> = {}, machine = MACHINE) {
  return makeHerdPlan({ policies: [], ...request }, HERD_ROW, machine);
}

function problemsOf(request: Partial<HerdRequest>, machine = MACHINE): readonly string[] {
  try {
    planOf(request, machine);
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
}

describe('makeHerdPlan', () => {
  it('has 2,000 clients under five policies where nothing is said', () => {
    const plan = planOf();
    expect(plan).toMatchObject({ clients: 2_000, awayMs: 2_000, leave: 'kill', windowMs: 1_000, scale: 1, workers: 1 });
    expect(plan.policies.map(({ spec }) => spec)).toEqual([
      'immediate',
      'fixed',
      'exponential',
      'exponential-jitter',
      'full-jitter',
    ]);
    expect(plan.addresses).toEqual(['127.0.0.1']);
  });

  it('takes a way to authenticate, and names what is none or what the transport cannot', () => {
    expect([planOf().auth, planOf({ auth: 'bearer' }).auth]).toEqual([null, 'bearer']);
    expect(problemsOf({ auth: 'basic' })).toEqual([
      '--auth: must be `bearer`, `cookie`, `query` or `first-message`, got `basic`',
    ]);
    const { auth: _, ...profile } = HERD_ROW.profile;
    expect(() => makeHerdPlan({ policies: [], auth: 'bearer' }, { ...HERD_ROW, profile }, MACHINE)).toThrow(
      /WebSocket does not authenticate/,
    );
  });

  it('refuses clients that share a connection: they would come back as one', () => {
    const row = { ...HERD_ROW, profile: { ...HERD_ROW.profile, sharesConnection: true as const } };
    expect(() => makeHerdPlan({ policies: [] }, row, MACHINE)).toThrow(/one connection together, which is no herd/);
  });

  it('scales the policies, and the window where that makes it shorter, but not what was asked for', () => {
    const plan = planOf({ scale: '0.1', away: '300ms' });
    expect([plan.windowMs, plan.awayMs, plan.policies[1]?.waitRange(1)]).toEqual([
      100,
      300,
      { lowMs: 100, highMs: 100 },
    ]);
    expect(planOf({ scale: '5' }).windowMs).toBe(1_000);
    expect(planOf({ scale: '0.1', window: '40ms' }).windowMs).toBe(40);
  });

  it('takes each policy once, and spreads many clients over addresses', () => {
    expect(planOf({ policies: ['fixed:1s', 'fixed'] }).policies).toHaveLength(1);
    expect(planOf({ clients: '9000' }).addresses).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3']);
  });

  it('names every problem at once', () => {
    const problems = problemsOf({ clients: 'many', away: '2', leave: 'slam', scale: '0', policies: ['fixedd'] });
    expect(problems).toEqual([
      '--scale: must be a number from 0.01 to 10, got `0`',
      '--leave: must be kill or close, got `slam`',
      '--clients: must be a whole number from 1 to 32,000, got `many`',
      expect.stringMatching(/^--policy: `fixedd` is not a reconnection policy; did you mean `fixed`/),
      '--away: must be a duration with a unit such as 250ms, 5s or 2m, from 0ms to 600s, got `2`',
    ]);
  });

  it('refuses what the machine cannot carry', () => {
    expect(problemsOf({}, { descriptors: 1_024, platform: 'linux' })).toEqual([
      '--clients: 2,000 need 2,064 open files in the server process, and 1,024 are allowed: raise it (ulimit -n 2064) or lower --clients',
    ]);
  });
});
