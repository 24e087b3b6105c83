import { expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { EventScript, examplePlan } from '../testing/suite-events.js';
import { caveatsOf } from './caveats.js';
import { fold, type View } from './store.js';

it('counts reasons that differ in their figures alone, and says once what several rows have', () => {
  const script = new EventScript(examplePlan(['sse', 'webSocket'], 1));
  const stalls = ['the probe stood still for 0.10 s from 0.1 s', 'the probe stood still for 0.86 s from 1.4 s'];
  const late = 'the publisher was late';
  script.run(0, 5_000, { ...exampleRun(EXAMPLE_ROWS.sse, 0), verdict: 'invalid', reasons: [...stalls, late] });
  script.run(1, 5_000, { ...exampleRun(EXAMPLE_ROWS.webSocket, 0), verdict: 'suspect', reasons: [late] });
  const view = script.events.reduce<View | null>(fold, null);
  expect(view && caveatsOf(view).map(({ labels, text }) => `${labels}: ${text}`)).toEqual([
    'SSE: (2 times) the probe stood still for 0.10 s from 0.1 s',
    'SSE and WebSocket: the publisher was late',
  ]);
});
