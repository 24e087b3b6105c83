import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompletedRun } from '../report/schema.js';
import type { SuiteEvent } from '../suite/events.js';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { EventScript, examplePlan } from '../testing/suite-events.js';
import { fold, nextRow, outcomeOf, type View } from './store.js';
import { doneShare, leftMs } from './time-left.js';

const plan = examplePlan(['sse', 'webSocket'], 2);
const script = () => new EventScript(plan);
const sse = (round: number) => exampleRun(EXAMPLE_ROWS.sse, round);
const webSocket = (round: number) => exampleRun(EXAMPLE_ROWS.webSocket, round);

function viewAfter(events: readonly SuiteEvent[]): View {
  const view = events.reduce<View | null>(fold, null);
  if (view === null) throw new Error('no view: the script has no plan');
  return view;
}

describe('what is under way', () => {
  it('there is no view before a plan', () => {
    expect(fold(null, { type: 'ended', atMs: 5, interrupted: true, by: 'interruption' })).toBeNull();
  });

  it('a run is current from its start to its end, with its last step and progress', () => {
    const started = script().wait(100).start(0);
    expect(viewAfter(started.events).current).toEqual({
      run: { index: 0, round: 0, row: 0 },
      startedAtMs: 100,
      step: null,
      progress: null,
      deliveriesPerSecond: null,
      progressAtMs: 100,
    });
    const measuring = started.step(0, 'connect').step(0, 'measure').progress(0, 100, 700).progress(0, 200, 710);
    expect(viewAfter(measuring.events).current).toMatchObject({
      step: 'measure',
      progress: { delivered: 200, expected: 30_000, latency: { p50Us: 710 } },
    });
    expect(viewAfter(measuring.end(0, sse(0)).events)).toMatchObject({ current: null, doneRuns: 1, state: 'running' });
  });

  it('deliveries a second are those between two looks at the window', () => {
    const rateOf = (events: EventScript) => viewAfter(events.events).current?.deliveriesPerSecond;
    const first = script().start(0).wait(400).progress(0, 0, null);
    expect(rateOf(first)).toBeNull();
    expect(rateOf(first.wait(500).progress(0, 700, 700))).toBe(1_400);
    expect(rateOf(first.wait(250).progress(0, 800, 700))).toBe(400);
  });

  it.each([
    [false, 'ended'],
    [true, 'interrupted'],
  ] as const)('interrupted %s: the state is %s, and nothing is left to do', (interrupted, state) => {
    const view = viewAfter(script().start(0).wait(2_000).finish(interrupted).events);
    expect(view).toMatchObject({ state, current: null, atMs: 2_000 });
    expect(leftMs(view, 2_000)).toBe(0);
  });
});

describe('what was asked of the suite', () => {
  it('a pause is asked for, lasts, and is over; its time is no time of the budget', () => {
    const auto = { ...plan, scenario: { ...plan.scenario, auto: { budgetMs: 100_000 }, rounds: 20 } };
    const open = examplePlan(['sse', 'webSocket'], 20);
    const asked = new EventScript({ ...open, scenario: auto.scenario })
      .start(0)
      .ask('pauseAsked')
      .wait(5_000)
      .end(0, sse(0));
    expect(viewAfter(asked.events)).toMatchObject({ pause: 'asked', waitedMs: 0 });
    const waiting = asked.ask('paused');
    expect(viewAfter(waiting.events)).toMatchObject({ pause: 'waiting' });
    expect(leftMs(viewAfter(waiting.events), 65_000)).toBe(95_000);
    const resumed = waiting.wait(60_000).ask('resumed');
    expect(viewAfter(resumed.events)).toMatchObject({ pause: 'none', waitedMs: 60_000 });
    expect(leftMs(viewAfter(resumed.events), 65_000)).toBe(95_000);
  });

  it('a pause that is taken back before it begins has taken no time', () => {
    const view = viewAfter(script().start(0).ask('pauseAsked').wait(3_000).ask('resumed').events);
    expect(view).toMatchObject({ pause: 'none', waitedMs: 0 });
  });

  it('a row that is skipped takes no more time, comes next no more, and keeps what it has', () => {
    const skipped = script().run(0, 4_000, sse(0)).start(1).skip(1).wait(100);
    skipped.end(1, { state: 'aborted', round: 0, reason: 'skipped by you' });
    const view = viewAfter(skipped.events);
    expect([...view.skipped]).toEqual([1]);
    expect(leftMs(view, skipped.atMs)).toBe(4_000);
    expect(nextRow(view)).toBe(0);
    expect(nextRow(viewAfter(skipped.start(2).events))).toBeNull();
    expect(view.rows[1]).toMatchObject({ tookMs: [], soFar: { state: 'aborted' } });
  });
});

describe('rows so far', () => {
  it('a row has nothing to show before its first round is over', () => {
    const view = viewAfter(script().run(0, 4_000, sse(0)).events);
    expect(view.rows.map((row) => row.soFar?.label ?? null)).toEqual(['SSE', null]);
  });

  it('the p99 of two rounds that are each too short for one', () => {
    const short = (round: number): CompletedRun => {
      const run = sse(round);
      return { ...run, samples: { ...run.samples, publishes: 200 }, latencyUs: { ...run.latencyUs, p99: null } };
    };
    const first = script().run(0, 4_000, short(0));
    expect(viewAfter(first.events).rows[0]?.soFar).toMatchObject({ latencyUs: { p99: null } });
    const second = first.run(1, 4_000, webSocket(0)).run(2, 4_000, short(1));
    expect(viewAfter(second.events).rows[0]?.soFar).toMatchObject({ latencyUs: { p99: expect.any(Number) } });
  });

  it('a valid row has no reason, however many rounds are to come', () => {
    const row = viewAfter(script().run(0, 4_000, sse(0)).events).rows[0]?.soFar;
    expect(row).toMatchObject({ state: 'completed', verdict: 'valid', reasons: [] });
  });

  it.each([
    ['suspect', { ...sse(1), verdict: 'suspect' as const, reasons: ['the publisher was late'] }],
    ['failed', { state: 'failed' as const, round: 1, reason: 'the server process ended' }],
    ['valid', { state: 'aborted' as const, round: 1, reason: 'interrupted' }],
  ])('a valid round and another make a row that is %s', (outcome, second) => {
    const view = viewAfter(script().run(0, 4_000, sse(0)).run(2, 900, second).events);
    const soFar = view.rows[0]?.soFar;
    expect(soFar && outcomeOf(soFar)).toBe(outcome);
    expect(soFar?.rounds).toHaveLength(2);
  });
});

describe('time left', () => {
  it("is the plan's estimate before any run is over, less what the current run has taken", () => {
    const view = viewAfter(script().start(0).events);
    expect(leftMs(view, 0)).toBe(20_000);
    expect(leftMs(view, 2_000)).toBe(18_000);
  });

  it('is learned from the runs that are over: a row from itself, a new row from the others', () => {
    const first = script().run(0, 3_000, sse(0));
    expect(leftMs(viewAfter(first.events), first.atMs)).toBe(3 * 3_000);
    const second = first.run(1, 7_000, webSocket(0));
    expect(leftMs(viewAfter(second.events), second.atMs)).toBe(3_000 + 7_000);
  });

  it('a run that takes longer than expected leaves the time of the others', () => {
    const view = viewAfter(script().run(0, 3_000, sse(0)).run(1, 7_000, webSocket(0)).start(2).events);
    expect(leftMs(view, 10_000 + 60_000)).toBe(7_000);
  });

  it('with rounds: auto is what the budget leaves, and at least the six rounds that there are in any case', () => {
    const fixed = examplePlan(['sse', 'webSocket'], 20);
    const left = (budgetMs: number, ...tookMs: readonly number[]) => {
      const events = new EventScript({ ...fixed, scenario: { ...fixed.scenario, auto: { budgetMs } } });
      for (const [index, ms] of tookMs.entries()) events.run(index, ms, index % 2 === 0 ? sse(0) : webSocket(0));
      return leftMs(viewAfter(events.events), events.atMs);
    };
    expect(left(100_000)).toBe(100_000);
    expect(left(100_000, 5_000)).toBe(95_000);
    expect(left(30_000, 5_000)).toBe(11 * 5_000);
    expect(left(1_000_000, 5_000)).toBe(39 * 5_000);
  });

  it('is none, and the share whole, when the suite ends before its plan', () => {
    const view = viewAfter(script().run(0, 3_000, sse(0)).finish().events);
    expect([leftMs(view, 3_000), doneShare(view, 3_000)]).toEqual([0, 1]);
  });

  it('share and time left agree at both ends, and the share never falls', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 60_000 }), { minLength: 4, maxLength: 4 }), (tookMs) => {
        const all = script();
        for (const [index, ms] of tookMs.entries()) {
          all
            .start(index)
            .wait(ms / 2)
            .step(index, 'measure')
            .wait(ms / 2);
          all.end(index, { state: 'failed', round: 0, reason: 'an example' });
        }
        all.finish();
        let before = 0;
        for (let count = 1; count <= all.events.length; count++) {
          const view = viewAfter(all.events.slice(0, count));
          const share = doneShare(view, view.atMs);
          expect(share).toBeGreaterThanOrEqual(before);
          expect(share).toBeLessThanOrEqual(1);
          expect(leftMs(view, view.atMs)).toBeGreaterThanOrEqual(0);
          before = share;
        }
        expect(before).toBe(1);
      }),
    );
  });
});
