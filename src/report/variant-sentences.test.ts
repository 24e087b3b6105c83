import { expect, it } from 'vitest';
import { EXAMPLE_ROWS } from '../testing/example-report.js';
import { measuredRow } from '../testing/measured-rows.js';
import type { CompletedRow } from './schema.js';
import { variantSentences } from './variant-sentences.js';

const { sse, webSocket } = EXAMPLE_ROWS;

function row(
  label: string,
  cpuUs: number | readonly number[],
  bytes: number,
  example: keyof typeof EXAMPLE_ROWS = 'webSocket',
): CompletedRow {
  return { ...measuredRow(EXAMPLE_ROWS[example], { p99Ms: 5, cpuUs, bytes }), label };
}

it('sets a variant against the first row of its technique, in bytes and in CPU', () => {
  const rows = [
    row('SSE', 10, 227, 'sse'),
    row('WebSocket', [10, 11, 12], 204),
    row('WebSocket deflate=true', [15, 16.5, 18], 102),
  ];
  expect(variantSentences(rows)).toEqual([
    'A variant, not another technique: WebSocket deflate=true against WebSocket: 0.50 times the bytes and 1.50 times the server CPU, per delivery.',
  ]);
});

it('calls no difference what the rounds do not agree on, nor 1 % of the bytes', () => {
  const rows = [row('WebSocket', [10, 10, 10], 204), row('WebSocket ids=true', [8, 12, 10], 205)];
  expect(variantSentences(rows)).toEqual([
    'A variant, not another technique: WebSocket ids=true against WebSocket: as many bytes and server CPU that the rounds do not tell apart, per delivery.',
  ]);
});

it('has nothing to say where every row is a technique of its own', () => {
  expect(sse.row.transport).not.toBe(webSocket.row.transport);
  expect(variantSentences([row('SSE', 10, 227, 'sse'), row('WebSocket', 10, 204)])).toEqual([]);
});
