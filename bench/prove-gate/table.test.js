// @ts-check
import { describe, expect, it } from 'vitest';
import { renderTable } from './table.js';
import { pairsOf, proofOf } from './testing.js';

/** @typedef {import('./proofs.js').Proof} Proof */

const DESIGN = { flags: ['-t', 'websocket'], folder: 'reports/gate' };

/**
 * @param {number} count
 * @param {Partial<Proof>} changes
 */
function gates(count, changes) {
  return Array.from({ length: count }, (_, at) => proofOf({ number: at + 1, ...changes }));
}

/** @param {Readonly<Record<string, readonly Proof[]>>} proofs */
function rowsOf(proofs) {
  const lines = renderTable((name) => proofs[name] ?? [], DESIGN).split('\n');
  return lines.filter((line) => line.startsWith('|') && !line.startsWith('| ---'));
}

describe('the table', () => {
  const alike = pairsOf('cpu', [
    [100, 100],
    [100, 101],
  ]);
  const slower = pairsOf('p99', [
    [100, 112],
    [100, 108],
  ]);
  const injected = { us: 1_200, everyBroadcasts: 20, runs: 16, p50Us: 400, p99Us: 1_500, expectedRatio: 1.1, scale: 1 };

  it('counts gates, bounds what they leave open, and pools kinds', () => {
    const measuredAt = '2026-01-01T10:00:00.000Z';
    expect(
      rowsOf({
        same: gates(40, alike),
        neighbour: [...gates(19, alike), ...gates(1, { ...alike, verdict: 'inconclusive' })],
        'latency-10': gates(3, { ...slower, verdict: 'regression', injected: { ...injected, measuredAt } }),
      }),
    ).toMatchInlineSnapshot(`
      [
        "| what head is | gates | regression | pass | inconclusive | bound, 95 % | pairs | ratio | one run, stored baseline, 10 % | Mann–Whitney, base first | Mann–Whitney, same runs |",
        "| the same | 40 | 0 | 40 | 0 (0.0 %) | false alarms ≤ 7.2 % | 2 | cpu × 1.000 | 0 | 0 | 0 |",
        "| the same, beside a busy neighbour | 20 | 0 | 19 | 1 (5.0 %) | false alarms ≤ 13.9 % | 2 | cpu × 1.000 | 0 | 0 | 0 |",
        "| each message later by 10 % of p99 | 3 | 3 | 0 | 0 (0.0 %) | found ≥ 36.8 % | 2 | p99 × 1.000 | 3 | 0 | 0 |",
        "| together | gates | regression | inconclusive | bound, 95 % | required |",
        "| nothing changed, quiet and beside a neighbour | 60 | 0 | 1 (1.7 %) | false alarms ≤ 4.9 % | ≤ 1 in 60 found, ≤ 10 % inconclusive |",
        "| 10 % more CPU or p99 | 3 | 3 | 0 (0.0 %) | found ≥ 36.8 % | ≥ 57 in 60 found |",
      ]
    `);
  });

  it('has a table of its own for exact figures', () => {
    const exact = { compared: 36, differences: [{}, {}] };
    expect(rowsOf({ byte: gates(20, { verdict: 'regression', exact }) })).toMatchInlineSnapshot(`
      [
        "| exact figures, what head is | checks | failed | passed | bound, 95 % | figures that differed | required |",
        "| one byte more in each message | 20 | 20 | 0 | found ≥ 86.1 % | 2 of 36 | 20 of 20 failed |",
      ]
    `);
  });

  it('says how latencies were made worse', () => {
    const measuredAt = '2026-01-01T10:00:00.000Z';
    const proofs = gates(1, { ...slower, injected: { ...injected, measuredAt } });
    expect(renderTable((name) => (name === 'tail-10' ? proofs : []), DESIGN)).toContain(
      '_10 % more p99, and little else_: by a sleep of the server before every 20th broadcast, 1.20 ms long: as long as it\n' +
        'takes for 10 % by the latencies of a pilot, whose p50 is 0.40 ms and p99 1.50 ms. Its gates have `--figures cpu,p50,p99\n' +
        '--threshold p99=5%`.',
    );
  });

  it('says so where there is nothing', () => {
    expect(renderTable(() => [], DESIGN)).toBe('There is no gate of this design in reports/gate yet.\n');
  });
});
