import { describe, expect, test } from 'vitest';
import type { CompletedRun, ReportRow } from '../report/schema.js';
import { measured } from '../testing/cli.js';

/** Large against what a shared machine is late by. */
const RTT_MS = 100;
const SLACK_MS = 25;
const LOAD = ['--rounds', '1', '--clients', '5', '--probes', '5', '--rate', '20/s', '--duration', '4s', '--no-floor'];
const ROWS = ['websocket', 'sse', 'grpc', 'short-polling:intervalMs=400ms'];

function completed(row: ReportRow | undefined): CompletedRun {
  const run = row?.rounds[0];
  if (run?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return run;
}

describe('a distance of 100 ms', () => {
  test('is measured; a push and a poll come half of it later, a connection takes two of it', async () => {
    const args = [...LOAD, ...ROWS.flatMap((row) => ['-t', row])];
    const near = await measured(args);
    const far = await measured([...args, '--rtt', `${RTT_MS}ms`]);
    expect(far.network?.measuredRttMs?.p50).toBeGreaterThanOrEqual(RTT_MS);
    expect(far.network?.measuredRttMs?.p50).toBeLessThan(RTT_MS + SLACK_MS);
    for (const [index, row] of far.transports.entries()) {
      const here = completed(near.transports[index]);
      const there = completed(row);
      expect(there.delivery).toMatchObject({ delivered: 400, lost: 0, duplicated: 0, reordered: 0 });
      // The same seed: the same messages at the same times, and the same phases of the polls.
      const laterMs = ((there.latencyUs.mean ?? 0) - (here.latencyUs.mean ?? 0)) / 1_000;
      expect({ row: row.label, laterMs: Math.round(laterMs) }).toEqual({
        row: row.label,
        laterMs: expect.toSatisfy((ms: number) => Math.abs(ms - RTT_MS / 2) <= SLACK_MS),
      });
    }
    // TCP's handshake and one request, of what speaks HTTP/1.1.
    for (const { label, connectUs } of far.transports
      .slice(0, 2)
      .map((row) => ({ ...completed(row), label: row.label }))) {
      const connectMs = (connectUs.p50 ?? 0) / 1_000;
      expect({ label, connectMs }).toEqual({
        label,
        connectMs: expect.toSatisfy((ms: number) => ms >= 2 * RTT_MS - 1 && ms <= 2 * RTT_MS + 2 * SLACK_MS),
      });
    }
  });
});
