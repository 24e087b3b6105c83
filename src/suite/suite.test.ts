import { describe, expect, it } from 'vitest';
import type { CompletedRun } from '../report/schema.js';
import { loadScenario } from '../scenario/load.js';
import { makePlan } from '../scenario/plan.js';
import type { Plan, Row } from '../scenario/scenario.js';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import tcp from '../transports/tcp/index.js';
import { SuiteControl } from './control.js';
import { endBefore } from './ending.js';
import type { SuiteEvent } from './events.js';
import type { RunOptions } from './run.js';
import { runSuite, type SuiteResults } from './suite.js';

const MACHINE = { descriptors: 20_000, platform: 'linux' };

function planOf(labels: readonly string[], rounds: number): Plan {
  const rows = labels.map((label): Row => {
    return {
      transport: 'tcp',
      module: 'file:///tcp.js',
      label,
      settings: {},
      profile: tcp.profile,
      worstWaitMs: 0,
      noticesMs: null,
    };
  });
  return makePlan({ ...loadScenario('default', {}, 2).scenario, rounds }, rows, MACHINE);
}

/** Runs a suite whose runs do as `carryOut` says, and keeps what it told. */
async function conduct(plan: Plan, carryOut: (options: RunOptions) => Promise<CompletedRun>, abort?: AbortController) {
  const events: SuiteEvent[] = [];
  const saved: number[] = [];
  const results = await runSuite({
    plan,
    signal: (abort ?? new AbortController()).signal,
    pinned: true,
    wire: true,
    onEvent: (event) => events.push(event),
    onResult: async (soFar: SuiteResults) => {
      await new Promise((resolve) => setImmediate(resolve));
      saved.push(soFar.flat().length);
    },
    carryOut,
  });
  return { results, events, saved };
}

const fine = async ({ run }: RunOptions) => exampleRun(EXAMPLE_ROWS.webSocket, run.round);

function typesOf(events: readonly SuiteEvent[]): string[] {
  return events.map(({ type }) => type);
}

describe('a suite', () => {
  it('carries out every run of the plan in its order, one after the other', async () => {
    const plan = planOf(['one', 'two', 'three'], 2);
    const started: number[] = [];
    let running = 0;
    const { results } = await conduct(plan, async (options) => {
      started.push(options.run.index);
      expect(++running).toBe(1);
      expect(options).toMatchObject({ plan, pinned: true, wire: true });
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return fine(options);
    });
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
    expect(results.map((rounds) => rounds.map(({ state, round }) => [state, round]))).toEqual(
      Array.from({ length: 3 }, () => [
        ['completed', 0],
        ['completed', 1],
      ]),
    );
  });

  it('tells of it in order, with times that do not go back', async () => {
    const plan = planOf(['one', 'two'], 1);
    const progress = { connected: 1, published: 2, delivered: 3, expected: 4, latency: null, serverCpuShare: null };
    const { events } = await conduct(plan, (options) => {
      options.onStep('start');
      options.onStep('measure');
      options.onProgress(progress);
      return fine(options);
    });
    const aRun = ['runStarted', 'step', 'step', 'progress', 'runEnded'];
    expect(typesOf(events)).toEqual(['planned', ...aRun, ...aRun, 'ended']);
    expect(events[0]).toEqual({ type: 'planned', atMs: 0, plan });
    expect(events.slice(1, 6)).toMatchObject([
      { run: plan.runs[0] },
      { run: plan.runs[0], step: 'start' },
      { run: plan.runs[0], step: 'measure' },
      { run: plan.runs[0], progress },
      { run: plan.runs[0], result: { state: 'completed' } },
    ]);
    expect(events.at(-1)).toMatchObject({ interrupted: false });
    const times = events.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('hands over all results so far after each run, and waits until they are saved', async () => {
    const saved: number[] = [];
    const plan = planOf(['one', 'two'], 2);
    await runSuite({
      plan,
      signal: new AbortController().signal,
      pinned: false,
      wire: false,
      onEvent: () => {},
      onResult: async (soFar) => {
        await new Promise((resolve) => setImmediate(resolve));
        saved.push(soFar.flat().length);
      },
      carryOut: async (options) => {
        expect(saved).toHaveLength(options.run.index);
        return fine(options);
      },
    });
    expect(saved).toEqual([1, 2, 3, 4]);
  });

  it('does not go on when results cannot be saved', async () => {
    let runs = 0;
    const conducted = runSuite({
      plan: planOf(['one', 'two'], 1),
      signal: new AbortController().signal,
      pinned: false,
      wire: false,
      onEvent: () => {},
      onResult: () => Promise.reject(new Error('the disk is full')),
      carryOut: (options) => {
        runs++;
        return fine(options);
      },
    });
    await expect(conducted).rejects.toThrow('the disk is full');
    expect(runs).toBe(1);
  });
});

describe('rounds: auto', () => {
  const auto = (budgetMs: number) => ({ budgetMs });
  const openEnded = () => {
    const plan = planOf(['one', 'two'], 3);
    return makePlan({ ...plan.scenario, auto: auto(3_600_000) }, plan.rows, MACHINE);
  };
  const noisy = async ({ run }: RunOptions) => exampleRun(EXAMPLE_ROWS.webSocket, run.round);
  const steady = async ({ run }: RunOptions) => ({ ...exampleRun(EXAMPLE_ROWS.webSocket, 0), round: run.round });

  it('ends after the sixth round where every row is precise by then', async () => {
    const { results, events } = await conduct(openEnded(), steady);
    expect(results.map((rounds) => rounds.length)).toEqual([6, 6]);
    expect(events.at(-1)).toMatchObject({ type: 'ended', interrupted: false, by: 'precision' });
  });

  it('goes on with whole rounds until it is precise', async () => {
    const { results, events } = await conduct(openEnded(), async (options) =>
      options.run.round < 3 ? noisy(options) : steady(options),
    );
    const [one, two] = results.map((rounds) => rounds.length);
    expect(one).toBe(two);
    expect(one).toBeGreaterThan(5);
    expect(events.at(-1)).toMatchObject({ by: 'precision' });
  });

  it('starts no round that would not end within the budget, but has six', () => {
    const plan = openEnded();
    const short = { ...plan, scenario: { ...plan.scenario, auto: auto(65_000) } };
    const { webSocket, longPolling } = EXAMPLE_ROWS;
    const apart = Array.from({ length: 6 }, (_, round) => exampleRun(round % 2 === 0 ? webSocket : longPolling, round));
    const results = [apart, []];
    const endingAt = (index: number, atMs: number) => {
      const run = short.runs[index];
      if (run === undefined) throw new Error(`no run ${index}`);
      return endBefore(run, { plan: short, results, atMs });
    };
    expect(endingAt(10, 1_000_000)).toBeNull();
    expect(endingAt(12, 50_000)).toBeNull();
    expect(endingAt(12, 60_000)).toBe('budget');
    expect(endingAt(13, 60_000)).toBeNull();
  });

  it('a plan with a number of rounds ends with them, however precise', async () => {
    const { results, events } = await conduct(planOf(['one'], 8), steady);
    expect(results[0]).toHaveLength(8);
    expect(events.at(-1)).toMatchObject({ by: 'rounds' });
  });
});

it('a run that fails is a result with its reason, and the others go on', async () => {
  const { results, events, saved } = await conduct(planOf(['one', 'two'], 2), async (options) => {
    if (options.run.index === 1) throw new Error('server process was ended by SIGKILL');
    return fine(options);
  });
  const states = results.flat().map(({ state }) => state);
  expect(states.sort()).toEqual(['completed', 'completed', 'completed', 'failed']);
  expect(results.flat().find(({ state }) => state === 'failed')).toEqual({
    state: 'failed',
    round: 0,
    reason: 'server process was ended by SIGKILL',
  });
  expect(typesOf(events).filter((type) => type === 'runEnded')).toHaveLength(4);
  expect(events.at(-1)).toMatchObject({ type: 'ended', interrupted: false });
  expect(saved).toEqual([1, 2, 3, 4]);
});

describe('what is asked of a suite', () => {
  /** Does `ask` in the middle of the run of this index, whose end then waits for an abort where there is one. */
  async function controlled(
    plan: Plan,
    at: number,
    ask: (control: SuiteControl) => void,
    onEvent = (_: SuiteEvent) => {},
  ) {
    const control = new SuiteControl();
    const events: SuiteEvent[] = [];
    const carried: number[] = [];
    const results = await runSuite({
      plan,
      control,
      signal: new AbortController().signal,
      pinned: false,
      wire: false,
      onEvent(event) {
        events.push(event);
        onEvent(event);
      },
      onResult: async () => {},
      carryOut: async (options) => {
        carried.push(options.run.index);
        if (options.run.index === at) ask(control);
        options.signal.throwIfAborted();
        return fine(options);
      },
    });
    return { control, results, events, carried };
  }

  it('a row that is skipped in its second round keeps the first; the others go on', async () => {
    const plan = planOf(['one', 'two'], 3);
    const at = plan.runs.findIndex(({ round, row }) => round === 1 && row === 1);
    const { results, carried, events } = await controlled(plan, at, (control) => control.skip(1));
    expect(results[0]?.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
    const skipped = (round: number) => ({ state: 'aborted', round, reason: 'skipped by you' });
    expect(results[1]).toMatchObject([{ state: 'completed' }, skipped(1), skipped(2)]);
    expect(carried).toHaveLength(5);
    expect(typesOf(events).filter((type) => type === 'runEnded')).toHaveLength(6);
    expect(events.at(-1)).toMatchObject({ type: 'ended', interrupted: false });
  });

  it('a pause lets the run end, and the next one waits until it is taken back', async () => {
    const plan = planOf(['one', 'two'], 1);
    const control: SuiteControl[] = [];
    const { carried, events } = await controlled(
      plan,
      0,
      (given) => {
        control.push(given);
        given.pause();
      },
      ({ type }) => {
        if (type === 'paused') setImmediate(() => control[0]?.resume());
      },
    );
    expect(carried).toEqual([0, 1]);
    expect(typesOf(events)).toEqual([
      'planned',
      'runStarted',
      'pauseAsked',
      'runEnded',
      'paused',
      'resumed',
      'runStarted',
      'runEnded',
      'ended',
    ]);
  });

  it('an abort ends a pause', async () => {
    const control = new SuiteControl();
    const abort = new AbortController();
    control.pause();
    const results = await runSuite({
      plan: planOf(['one'], 1),
      control,
      signal: abort.signal,
      pinned: false,
      wire: false,
      onEvent: ({ type }) => type === 'paused' && setImmediate(() => abort.abort()),
      onResult: async () => {},
      carryOut: () => expect.fail('started'),
    });
    expect(results).toEqual([[]]);
  });

  it('rows that are skipped do not keep rounds: auto from ending', async () => {
    const plan = planOf(['one', 'two'], 3);
    const open = makePlan({ ...plan.scenario, auto: { budgetMs: 3_600_000 } }, plan.rows, MACHINE);
    const steady = exampleRun(EXAMPLE_ROWS.webSocket, 0);
    const control = new SuiteControl();
    const results = await runSuite({
      plan: open,
      control,
      signal: new AbortController().signal,
      pinned: false,
      wire: false,
      onEvent: () => {},
      onResult: async () => {},
      carryOut: async ({ run, signal }) => {
        if (run.round === 1) control.skip(0);
        signal.throwIfAborted();
        return { ...steady, round: run.round };
      },
    });
    expect(results.map((rounds) => rounds.length)).toEqual([6, 6]);
  });
});

describe('an abort', () => {
  it('in the middle of a run keeps what was measured, and starts no more', async () => {
    const abort = new AbortController();
    const plan = planOf(['one', 'two'], 2);
    const { results, events, saved } = await conduct(
      plan,
      ({ run, signal, ...rest }) => {
        if (run.index < 1) return fine({ run, signal, ...rest });
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          abort.abort(new Error('Ctrl-C'));
        });
      },
      abort,
    );
    expect(results[plan.runs[0]?.row ?? -1]).toMatchObject([{ state: 'completed', round: 0 }]);
    expect(results[plan.runs[1]?.row ?? -1]).toEqual([{ state: 'aborted', round: 0, reason: 'interrupted' }]);
    expect(typesOf(events)).toEqual(['planned', 'runStarted', 'runEnded', 'runStarted', 'runEnded', 'ended']);
    expect(events.at(-1)).toMatchObject({ interrupted: true });
    expect(saved).toEqual([1, 2]);
  });

  it('before the first run starts none', async () => {
    const abort = new AbortController();
    abort.abort();
    const { results, events, saved } = await conduct(planOf(['one'], 1), () => expect.fail('started'), abort);
    expect(results).toEqual([[]]);
    expect(typesOf(events)).toEqual(['planned', 'ended']);
    expect(saved).toEqual([]);
  });

  it('between two runs keeps the first whole', async () => {
    const abort = new AbortController();
    const { results, events } = await conduct(
      planOf(['one'], 2),
      async (options) => {
        const result = await fine(options);
        abort.abort();
        return result;
      },
      abort,
    );
    expect(results).toMatchObject([[{ state: 'completed' }]]);
    expect(events.at(-1)).toMatchObject({ type: 'ended', interrupted: true });
  });
});

describe('a run whose instrument failed', () => {
  const invalid = (run: CompletedRun): CompletedRun => ({
    ...run,
    verdict: 'invalid',
    fault: 'instrument',
    reasons: ['late'],
  });

  it('is carried out once more; the second is kept, with the reason', async () => {
    let calls = 0;
    const { results, events } = await conduct(planOf(['one'], 1), async (options) => {
      const run = await fine(options);
      return ++calls === 1 ? invalid(run) : run;
    });
    expect(calls).toBe(2);
    expect(results[0]).toMatchObject([
      { verdict: 'valid', reasons: ['measured a second time, the one before was invalid: late'] },
    ]);
    expect(typesOf(events).filter((type) => type === 'runEnded')).toHaveLength(1);
  });

  it('stays invalid when the second is, and there is no third', async () => {
    let calls = 0;
    const { results } = await conduct(planOf(['one'], 1), async (options) => {
      calls++;
      return invalid(await fine(options));
    });
    expect(calls).toBe(2);
    expect(results[0]).toMatchObject([{ verdict: 'invalid' }]);
  });

  it('is not repeated for messages that nobody sent, or that came beyond the range', async () => {
    let calls = 0;
    await conduct(planOf(['one'], 1), async (options) => {
      calls++;
      return { ...invalid(await fine(options)), fault: 'delivery' };
    });
    expect(calls).toBe(1);
  });

  it('is not repeated for what the transport did: a loss stands', async () => {
    let calls = 0;
    await conduct(planOf(['one'], 1), async (options) => {
      calls++;
      const run = invalid(await fine(options));
      return { ...run, delivery: { ...run.delivery, lost: 1 } };
    });
    expect(calls).toBe(1);
  });
});

describe('a run that is in doubt for what the machine did', () => {
  const suspect = (run: CompletedRun): CompletedRun => ({
    ...run,
    verdict: 'suspect',
    fault: 'instrument',
    reasons: ['the publisher was late, 3 ms at p99: lower --rate'],
  });

  it('is carried out again, at most twice, and the last is kept', async () => {
    let calls = 0;
    const { results } = await conduct(planOf(['one', 'two'], 4), async (options) => {
      const run = await fine(options);
      return ++calls < 3 ? suspect(run) : run;
    });
    expect(calls).toBe(10);
    const note = (time: string) =>
      `measured ${time} time, the one before was suspect: the publisher was late, 3 ms at p99`;
    const all = results.flat().filter(({ state }) => state === 'completed');
    expect(all.map((run) => (run.state === 'completed' ? run.verdict : run.state))).toEqual(Array(8).fill('valid'));
    expect(all.filter((run) => run.state === 'completed' && run.reasons.length > 0)).toMatchObject([
      { reasons: [note('a second'), note('a third')] },
    ]);
  });

  it('not more often in all than a quarter of the plan', async () => {
    let calls = 0;
    const { results } = await conduct(planOf(['one', 'two'], 4), async (options) => {
      calls++;
      return suspect(await fine(options));
    });
    expect(calls).toBe(10);
    expect(results.flat()).toMatchObject(Array(8).fill({ verdict: 'suspect' }));
  });

  it('not in a quick look of one round, nor for what is no fault of the machine', async () => {
    let calls = 0;
    const doubt = async (options: RunOptions) => {
      calls++;
      return suspect(await fine(options));
    };
    await conduct(planOf(['one', 'two', 'three', 'four'], 1), doubt);
    expect(calls).toBe(4);
    await conduct(planOf(['one', 'two'], 2), async (options) => ({
      ...(await doubt(options)),
      fault: 'none' as const,
    }));
    expect(calls).toBe(8);
  });

  it('keeps what was measured where the repeat was interrupted', async () => {
    let calls = 0;
    const abort = new AbortController();
    const { results } = await conduct(
      planOf(['one', 'two'], 2),
      async (options) => {
        if (++calls === 1) return suspect(await fine(options));
        abort.abort();
        throw new Error('interrupted');
      },
      abort,
    );
    expect(results.flat()).toMatchObject([{ verdict: 'suspect' }]);
  });
});

describe('an interleaved round', () => {
  const interleaved = (labels: readonly string[], rounds: number): Plan => {
    const plan = planOf(labels, rounds);
    return { ...plan, scenario: { ...plan.scenario, interleaveMs: 50 } };
  };

  it('carries out its runs side by side, each with a turn of its own, and the next round after it', async () => {
    let running = 0;
    const { results, events } = await conduct(interleaved(['one', 'two', 'three'], 2), async (options) => {
      running++;
      await options.sideBySide?.meet('warmup');
      expect(running).toBe(3);
      expect(options.sideBySide?.turn).toEqual({ index: options.run.index % 3, of: 3, sliceMs: 50 });
      await options.sideBySide?.meet('window');
      running--;
      await new Promise((resolve) => setImmediate(resolve));
      return fine(options);
    });
    expect(results.map((rounds) => rounds.map(({ round }) => round))).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    const aRound = [...Array(3).fill('runStarted'), ...Array(3).fill('runEnded')];
    expect(typesOf(events)).toEqual(['planned', ...aRound, ...aRound, 'ended']);
  });

  it('does not wait for a run that failed', async () => {
    const { results } = await conduct(interleaved(['one', 'two'], 1), async (options) => {
      if (options.run.row === 0) throw new Error('the server died');
      await options.sideBySide?.meet('warmup');
      await options.sideBySide?.meet('window');
      return fine(options);
    });
    expect(results).toMatchObject([[{ state: 'failed', reason: 'the server died' }], [{ state: 'completed' }]]);
  });

  it('is carried out once more as a whole when one of its runs was disturbed', async () => {
    let calls = 0;
    const { results } = await conduct(interleaved(['one', 'two'], 1), async (options) => {
      const run = await fine(options);
      if (++calls > 2 || options.run.row === 0) return run;
      return { ...run, verdict: 'invalid', fault: 'instrument', reasons: ['late'] };
    });
    expect(calls).toBe(4);
    expect(results).toMatchObject([
      [{ verdict: 'valid', reasons: ['measured a second time, with the rows beside it, of which one was disturbed'] }],
      [{ verdict: 'valid', reasons: ['measured a second time, the one before was invalid: late'] }],
    ]);
  });
});
