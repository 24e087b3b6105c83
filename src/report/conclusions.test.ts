import { describe, expect, it } from 'vitest';
import {
  EXAMPLE_ROWS,
  EXAMPLE_SCENARIO,
  type ExampleRow,
  exampleReport,
  exampleResults,
  exampleRun,
  exampleRuns,
} from '../testing/example-report.js';
import { changedRuns } from '../testing/example-reports.js';
import { conclusions } from './conclusions.js';
import type { Verdict } from './schema.js';

const { shortPolling, longPolling, sse, webSocket, grpc, tcp } = EXAMPLE_ROWS;
const judged = (example: ExampleRow, verdict: Verdict) =>
  exampleResults(
    example,
    changedRuns(example, () => ({ verdict, reasons: ['a reason'] })),
  );
const withP99 = (example: ExampleRow, p99sMs: readonly number[]) =>
  exampleResults(
    example,
    changedRuns(example, (run) => ({ latencyUs: { ...run.latencyUs, p99: (p99sMs[run.round] ?? 0) * 1_000 } })),
  );
const withCpu = (example: ExampleRow, cpusUs: readonly number[]) =>
  exampleResults(
    example,
    changedRuns(example, (run) => ({ server: { ...run.server, cpuUsPerMessage: cpusUs[run.round] ?? null } })),
  );
const withBytes = (example: ExampleRow, down: number) =>
  exampleResults(
    example,
    changedRuns(example, (run) => ({ bytes: { ...run.bytes, perMessage: { up: 0, down } } })),
  );
const sentences = (...rows: ReturnType<typeof exampleResults>[]) => conclusions(exampleReport({ rows }));
const about = (topic: RegExp, texts: readonly string[]) => texts.filter((text) => topic.test(text));

it('says of the example what a decision takes, tolerance first', () => {
  expect(conclusions(exampleReport())).toMatchInlineSnapshot(`
    [
      "Fast enough at 100 clients and 120 messages/s: Long polling (p99 5.67 ms), SSE (p99 1.88 ms), WebSocket (p99 1.81 ms) and gRPC stream (p99 2.84 ms), within 200 ms in every round.",
      "Too slow: Short polling, p99 495–496 ms; a message waits for the next poll, one every 500 ms.",
      "Latency does not decide between those 4: all stay inside 200 ms, so no difference between them matters here.",
      "Fewest bytes per delivery, both directions, for 200 B of payload: WebSocket 204 B; then gRPC stream 216 B, SSE 226 B and Long polling 633 B.",
      "Server CPU per delivery at 100 clients and 120 messages/s: SSE 13.1 µs and WebSocket 12.6 µs are not told apart; Long polling 58.4 µs and gRPC stream 27.3 µs take more in every round.",
      "gRPC stream is not reachable from a browser: a choice between services only.",
    ]
  `);
});

describe('tolerated delay', () => {
  it('calls a row borderline when its rounds disagree, and ranks it with none', () => {
    const texts = sentences(withP99(sse, [150, 250, 160]), exampleResults(webSocket), exampleResults(longPolling));
    expect(texts[1]).toBe('Borderline: SSE, p99 150–250 ms: some rounds were within 200 ms, some were not.');
    expect(about(/Fewest|CPU/, texts).join()).not.toContain('SSE');
  });

  it('says so when no row is within it, and still tells the rows apart', () => {
    const texts = sentences(withP99(sse, [300, 310, 320]), withP99(webSocket, [900, 1_200, 1_100]));
    expect(texts.slice(0, 3)).toEqual([
      'Of the ranked techniques none stayed within 200 ms in every round at 100 clients and 120 messages/s.',
      'Too slow: SSE, p99 300–320 ms.',
      'Too slow: WebSocket, p99 900–1,200 ms.',
    ]);
    expect(about(/^Latency/, texts)).toEqual([]);
    expect(about(/^Fewest/, texts)).toHaveLength(1);
  });

  it('blames the poll interval only when p99 is about as long', () => {
    expect(sentences(exampleResults(shortPolling))[1]).toMatch(
      /; a message waits for the next poll, one every 500 ms\.$/,
    );
    expect(sentences(withP99(shortPolling, [900, 900, 900]))[1]).toBe('Too slow: Short polling, p99 900 ms.');
    expect(sentences(withP99(longPolling, [400, 400, 400]))[1]).toBe('Too slow: Long polling, p99 400 ms.');
  });
});

describe('latency', () => {
  it('does not decide between rows within the tolerated delay, whichever is lower', () => {
    const [, first, second] = sentences(exampleResults(sse), exampleResults(webSocket));
    expect(first).toBe(
      'Latency does not decide between those 2: all stay inside 200 ms, so no difference between them matters here.',
    );
    expect(second).toMatch(/^Fewest/);
  });
});

describe('one round', () => {
  it('cannot tell rows apart', () => {
    const scenario = { ...EXAMPLE_SCENARIO, rounds: 1 };
    const rows = [webSocket, longPolling].map((example) => exampleResults(example, exampleRuns(example, scenario)));
    const texts = conclusions(exampleReport({ scenario, rows }));
    expect(about(/CPU/, texts)).toEqual([
      'Server CPU per delivery at 100 clients and 120 messages/s: WebSocket 12.6 µs and Long polling 58.4 µs. Which server CPU is lower takes 3 rounds to say, there were 1.',
    ]);
  });
});

describe('bytes', () => {
  it('counts less than 1 % as a tie', () => {
    const tie = about(/^Fewest/, sentences(withBytes(webSocket, 204), withBytes(sse, 206)));
    expect(tie).toEqual([
      'Fewest bytes per delivery, both directions, for 200 B of payload: WebSocket 204 B and SSE 206 B.',
    ]);
    const apart = about(/^Fewest/, sentences(withBytes(webSocket, 204), withBytes(sse, 207)));
    expect(apart[0]).toContain('WebSocket 204 B; then SSE 207 B.');
  });

  it('names the fewest that a browser reaches when the fewest of all is not among them', () => {
    const texts = sentences(withBytes(grpc, 190), withBytes(webSocket, 204), withBytes(sse, 226));
    expect(about(/^Fewest/, texts)).toEqual([
      'Fewest bytes per delivery, both directions, for 200 B of payload: gRPC stream 190 B; then WebSocket 204 B and SSE 226 B.',
      'Fewest of those a browser reaches: WebSocket 204 B.',
    ]);
  });
});

describe('server CPU', () => {
  it('has a least only where every pair of rounds agrees', () => {
    const agreed = sentences(withCpu(webSocket, [10, 11, 12]), withCpu(sse, [13, 14, 15]));
    expect(about(/CPU/, agreed)).toEqual([
      'Least server CPU per delivery at 100 clients and 120 messages/s: WebSocket 11 µs, lower in every round than SSE 14 µs.',
    ]);
    const once = sentences(withCpu(webSocket, [10, 11, 16]), withCpu(sse, [13, 14, 15]));
    expect(about(/CPU/, once)).toEqual([
      'Server CPU per delivery at 100 clients and 120 messages/s: WebSocket 11 µs and SSE 14 µs. The rounds do not agree on a lowest server CPU.',
    ]);
  });
});

describe('server CPU from 6 rounds on', () => {
  const scenario = { ...EXAMPLE_SCENARIO, rounds: 6 };
  const withCpus = (example: ExampleRow, cpusUs: readonly number[]) =>
    exampleResults(
      example,
      cpusUs.map((cpuUsPerMessage, round) => {
        const run = exampleRun(example, round, scenario);
        return { ...run, server: { ...run.server, cpuUsPerMessage } };
      }),
    );
  const onCpu = (...rows: ReturnType<typeof exampleResults>[]) =>
    about(/CPU/, conclusions(exampleReport({ scenario, rows })));

  it('is told apart by less than 10 % where the test has it', () => {
    expect(
      onCpu(withCpus(webSocket, [10, 11, 12, 10, 11, 12]), withCpus(sse, [10.7, 11.8, 12.9, 10.7, 11.9, 12.8])),
    ).toEqual([
      'Least server CPU per delivery at 100 clients and 120 messages/s: WebSocket 11 µs, lower in every round than SSE 11.9 µs.',
    ]);
  });

  it('says over the rounds where not every one of them agrees', () => {
    const ten = [10, 11, 12, 10, 11, 12, 10, 11, 12, 10];
    expect(onCpu(withCpus(webSocket, ten), withCpus(sse, [...ten.slice(1).map((us) => us * 1.2), 9.9]))).toEqual([
      expect.stringContaining('lower over the rounds than'),
    ]);
  });

  it('says how far apart two may be that are not told apart', () => {
    expect(onCpu(withCpus(webSocket, [10, 11, 12, 10, 11, 12]), withCpus(sse, [10, 12, 11, 11, 10, 13]))).toEqual([
      expect.stringMatching(/ are not told apart: SSE takes 0\.9\d–1\.\d\d times what WebSocket takes \(95 %\)\.$/),
    ]);
  });
});

describe('rows that are not ranked', () => {
  it('names them and why, and uses none of their figures', () => {
    const texts = sentences(
      judged(longPolling, 'saturated'),
      judged(sse, 'invalid'),
      judged(webSocket, 'suspect'),
      exampleResults(grpc, [{ state: 'failed', round: 0, reason: 'x' }]),
      exampleResults(shortPolling, [{ state: 'aborted', round: 0, reason: 'interrupted' }]),
      exampleResults(tcp),
    );
    expect(texts).toEqual([
      'Fast enough at 100 clients and 120 messages/s: WebSocket (p99 1.81 ms), within 200 ms in every round.',
      'Not ranked: Long polling (saturated), SSE (invalid), gRPC stream (failed) and Short polling (aborted).',
    ]);
  });

  it('never names the control', () => {
    expect(conclusions(exampleReport()).join(' ')).not.toContain('TCP');
  });
});
