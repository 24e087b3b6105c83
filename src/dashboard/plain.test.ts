import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { CompletedRun } from '../report/schema.js';
import { EXAMPLE_ROWS, exampleRun, withoutLatency } from '../testing/example-report.js';
import { EventScript, examplePlan } from '../testing/suite-events.js';
import { openPlain } from './plain.js';

const sse = exampleRun(EXAMPLE_ROWS.sse, 0);
const webSocket = exampleRun(EXAMPLE_ROWS.webSocket, 0);

function linesOf(script: EventScript): string[] {
  const stream = new PassThrough({ encoding: 'utf8' });
  const plain = openPlain(stream);
  for (const event of script.events) plain.onEvent(event);
  return (stream.read() ?? '').split('\n').slice(0, -1);
}

it('says what will happen, then a line when a run is over', () => {
  const script = new EventScript(examplePlan(['sse', 'webSocket'], 6))
    .run(0, 4_660, sse)
    .start(1)
    .step(1, 'connect')
    .step(1, 'measure')
    .progress(1, 15_000, 790)
    .wait(5_240)
    .end(1, webSocket);
  expect(linesOf(script)).toEqual([
    'Broadcast: one feed to many readers: 12 runs (2 rows × 6 rounds) · 100 clients · 120 messages/s of 200 B · about 1 min',
    '[ 1/12] round 1 · SSE · p50 0.82 ms · p99 1.88 ms · 226 B/msg · valid · 4.7 s · about 50 s left',
    '[ 2/12] round 1 · WebSocket · p50 0.79 ms · p99 1.81 ms · 204 B/msg · valid · 5.2 s · about 50 s left',
  ]);
});

it('rounds without a number are at most so many, and the rest at most so long', () => {
  const fixed = examplePlan(['sse', 'webSocket'], 8);
  const plan = { ...fixed, scenario: { ...fixed.scenario, auto: { budgetMs: 75_000 } } };
  const script = new EventScript(plan).run(0, 4_660, sse).run(1, 5_240, webSocket);
  expect(linesOf(script)).toEqual([
    'Broadcast: one feed to many readers: at most 16 runs (2 rows × 6–8 rounds) · 100 clients · 120 messages/s of 200 B · at most 1 min 15 s',
    '[  1/≤16] round 1 · SSE · p50 0.82 ms · p99 1.88 ms · 226 B/msg · valid · 4.7 s · at most 1 min 10 s left',
    '[  2/≤16] round 1 · WebSocket · p50 0.79 ms · p99 1.81 ms · 204 B/msg · valid · 5.2 s · at most 1 min 5 s left',
  ]);
});

it('the last line has nothing left, and the end adds none', () => {
  const script = new EventScript(examplePlan(['sse'], 1)).run(0, 4_000, sse).finish();
  expect(linesOf(script)).toEqual([
    'Broadcast: one feed to many readers: one run (one row × one round) · 100 clients · 120 messages/s of 200 B · about 5 s',
    '[1/1] round 1 · SSE · p50 0.82 ms · p99 1.88 ms · 226 B/msg · valid · 4 s',
  ]);
});

it('a run without figures says why, on one line', () => {
  const failed = { state: 'failed', round: 0, reason: 'the server process ended:\n  Error: in use\n' } as const;
  const aborted = { state: 'aborted', round: 0, reason: 'interrupted' } as const;
  const saturated: CompletedRun = { ...withoutLatency(sse), verdict: 'saturated', reasons: ['the server fell behind'] };
  const script = new EventScript(examplePlan(['sse'], 3))
    .run(0, 900, failed)
    .run(1, 900, saturated)
    .run(2, 40, aborted);
  expect(linesOf(script).slice(1)).toEqual([
    '[1/3] round 1 · SSE · failed: the server process ended: Error: in use · 900 ms · about 2 s left',
    '[2/3] round 2 · SSE · p50 – · p99 – · 226 B/msg · saturated (the server fell behind) · 900 ms · about 1 s left',
    '[3/3] round 3 · SSE · aborted: interrupted · 0 ms',
  ]);
});

it('bytes that were not measured are not zero', () => {
  const unmeasured = { ...sse, bytes: { ...sse.bytes, perMessage: { up: null, down: null } } };
  const script = new EventScript(examplePlan(['sse'], 1)).run(0, 4_000, unmeasured);
  expect(linesOf(script)[1]).toContain(' · – B/msg · ');
});
