import { expect, it } from 'vitest';
import { exampleReport } from '../testing/example-report.js';
import { distantReport } from '../testing/example-reports.js';
import { caveats } from './caveats.js';
import { conclusions } from './conclusions.js';

const about = (topic: RegExp, texts: readonly string[]) => texts.filter((text) => topic.test(text));

it('says what sets techniques apart over a distance, without the control', () => {
  expect(about(/round trip/i, conclusions(distantReport()))).toMatchInlineSnapshot(`
    [
      "Round trips of 100 ms: until connected 2.0 (Short polling, Long polling, SSE, WebSocket) and 3.0 (gRPC stream); of a message right behind another 0.5 (SSE, WebSocket, gRPC stream) and 1.5 (Long polling); of the first message up 0.5 (WebSocket, gRPC stream) and 1.5 (Short polling, Long polling, SSE).",
    ]
  `);
});

it('names rounds that do not agree, and what no definition explains', () => {
  expect(about(/the round trips/i, caveats(distantReport()))).toMatchInlineSnapshot(`
    [
      "The rounds do not agree on the round trips of gRPC stream (until connected 3.0–3.9, until the first message 3.0–3.9).",
    ]
  `);
});

it('says nothing of round trips where there was no distance', () => {
  const report = exampleReport();
  expect(about(/round trips/i, [...conclusions(report), ...caveats(report)])).toEqual([]);
});
