import { expect, test } from 'vitest';
import { z } from 'zod';
import { EXPECT_FIGURES } from '../scenario/expect-figures.js';
import { type Operator, parseLimit, type Threshold } from '../scenario/threshold.js';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { judgedExpectations } from './expectations.js';
import { expectationsSentence, expectationText } from './expectations-wording.js';
import { reportRow } from './rows.js';
import { type ReportRow, type RunResult, rowSchema } from './schema.js';

const { webSocket, sse, shortPolling, grpc, tcp } = EXAMPLE_ROWS;

function rowOf(example: (typeof EXAMPLE_ROWS)[keyof typeof EXAMPLE_ROWS], rounds = 3): ReportRow {
  const runs = Array.from({ length: rounds }, (_, round) => exampleRun(example, round));
  return reportRow(example.row, runs, rounds);
}

function of(path: string, value: string | number, row: Threshold['row'] = null): Threshold {
  return { ...parseLimit(path, value), row };
}

const texts = (thresholds: readonly Threshold[], rows: readonly ReportRow[]) =>
  judgedExpectations(thresholds, rows).map((one) => `${one.verdict}: ${expectationText(one)}`);

test('every row but the controls is held against a threshold for all, with the figure named', () => {
  const all = [of('latencyUs.p99', '<5ms'), of('delivery.lost', 0)];
  expect(texts(all, [rowOf(webSocket), rowOf(shortPolling), rowOf(tcp)])).toEqual([
    'met: WebSocket: latencyUs.p99 is 1.84 ms, expected < 5.00 ms',
    'met: WebSocket: delivery.lost is 0, expected = 0',
    'missed: Short polling: latencyUs.p99 is 496 ms, expected < 5.00 ms',
    'met: Short polling: delivery.lost is 0, expected = 0',
  ]);
});

test('a threshold for one transport is for its rows with these settings, a control too', () => {
  const only = (transport: string, settings = {}) =>
    of('bytes.perMessage.down', '<=204', { spec: transport, transport, settings });
  const rows = [rowOf(webSocket), rowOf(sse), rowOf(tcp)];
  const labels = (threshold: Threshold) => judgedExpectations([threshold], rows).map(({ label }) => label);
  expect(labels(only('websocket'))).toEqual(['WebSocket']);
  expect(labels(only('websocket', { deflate: false }))).toEqual(['WebSocket']);
  expect(labels(only('websocket', { deflate: true }))).toEqual([]);
  expect(labels(only('tcp'))).toEqual(['TCP (floor)']);
});

test('what was not measured is no pass, with the reason', () => {
  const memory = of('server.rssPerClientBytes', '<1MiB');
  const [judged] = judgedExpectations([memory], [rowOf(grpc)]);
  expect(judged).toMatchObject({ verdict: 'not measured', actual: null, reason: expect.stringMatching(/./) });
  expect(texts([of('uplink.lost', 0)], [rowOf(sse)])[0]).toContain('not measured: SSE: uplink.lost is not measured');
});

test('a row that failed, or is invalid by its instrument, has met nothing; what it lost is a figure still', () => {
  const failed: RunResult = { state: 'failed', round: 0, reason: 'the server exited with 1' };
  const broken = { ...exampleRun(sse, 0), verdict: 'invalid' as const, reasons: ['the publisher was late'] };
  const row = (run: RunResult) => reportRow(sse.row, [run], 1);
  const lost = of('delivery.lost', 0);
  expect(texts([lost], [row(failed)])[0]).toMatch(/^not measured: .*failed: .*the server exited with 1/);
  expect(texts([lost], [row({ ...broken, fault: 'instrument' })])[0]).toMatch(/^not measured: .*the row is invalid/);
  const delivery = { ...broken.delivery, lost: 7, delivered: (broken.delivery.expected ?? 0) - 7 };
  expect(texts([lost], [row({ ...broken, delivery, fault: 'delivery' })])[0]).toMatch(
    /^missed: SSE: delivery.lost is 7, expected = 0 \(the row is invalid/,
  );
});

test('a limit inside the interval of the figure is said, and one outside is not', () => {
  const row = rowOf(webSocket, 6);
  if (row.state !== 'completed') throw new Error('not completed');
  const { low, high } = row.interval.latencyUs.p99;
  const judge = (limit: number) =>
    judgedExpectations([{ path: 'latencyUs.p99', operator: '<', limit, row: null }], [row])[0];
  expect(judge(((low ?? 0) + (high ?? 0)) / 2)?.reason).toContain('on both sides of the limit');
  expect(judge((high ?? 0) + 1)).toMatchObject({ verdict: 'met', reason: null });
  expect(judge((low ?? 0) - 1)).toMatchObject({ verdict: 'missed', reason: null });
});

test('a figure that reads as its limit and misses it shows all its digits', () => {
  const text = (operator: Operator) =>
    expectationText({
      ...{ transport: 'sse', label: 'SSE', settings: {}, path: 'bytes.perMessage.down', interval: null, reason: null },
      ...{ operator, limit: 130, actual: 130.001, verdict: 'missed' as const },
    });
  expect(text('<=')).toBe('SSE: bytes.perMessage.down is 130 B (130.001 against 130), expected <= 130 B');
});

test('the sentence counts each kind', () => {
  const thresholds = [of('latencyUs.p99', '<5ms'), of('server.rssPerClientBytes', '<1MiB')];
  const judged = judgedExpectations(thresholds, [rowOf(webSocket), rowOf(shortPolling), rowOf(grpc)]);
  expect(expectationsSentence(judged)).toBe('Expected: of 6 thresholds one is missed and one is not measured.');
  expect(expectationsSentence(judged.slice(0, 2))).toBe('Expected: all 2 thresholds are met.');
});

test('every figure that a threshold may be about is one of a row in result.json', () => {
  const schema = z.toJSONSchema(rowSchema, { io: 'input', unrepresentable: 'any' });
  const unknown = [...EXPECT_FIGURES.keys()].filter((path) => !typesAt(schema, path.split('.')).has('number'));
  expect(unknown).toEqual([]);
});

/** Types that a JSON Schema allows below a path, through all its alternatives. */
function typesAt(schema: unknown, [key, ...rest]: readonly string[]): Set<string> {
  const {
    anyOf = [],
    oneOf = [],
    properties = {},
    type,
  } = schema as {
    anyOf?: unknown[];
    oneOf?: unknown[];
    properties?: Record<string, unknown>;
    type?: string | string[];
  };
  const found = [...anyOf, ...oneOf].flatMap((one) => [...typesAt(one, key === undefined ? [] : [key, ...rest])]);
  if (key === undefined) found.push(...[type ?? []].flat().map((one) => (one === 'integer' ? 'number' : one)));
  if (key !== undefined && properties[key] !== undefined) found.push(...typesAt(properties[key], rest));
  return new Set(found);
}
