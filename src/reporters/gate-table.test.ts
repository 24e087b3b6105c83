import { describe, expect, it } from 'vitest';
import { exampleGate, exampleNoise } from '../testing/example-gate.js';
import { renderGateTable } from './gate-table.js';
import { renderNoiseTable } from './noise-table.js';

const REGRESSION = exampleGate({ ratios: [1.1, 1.005, 1], invalid: [2] });
const PASS = exampleGate({ ratios: [0.9, 0.9, 0.7] });
const INCONCLUSIVE = exampleGate({ ratios: [1, 1, 1.09] });

describe('the table of a gate', () => {
  it.each([60, 80, 110])('of %i columns', async (width) => {
    const text = [REGRESSION, PASS, INCONCLUSIVE, exampleGate({ ratios: [1.1], interrupted: true })]
      .map((report) => renderGateTable(report, { width, color: false }))
      .join('\n');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    await expect(text).toMatchFileSnapshot(`snapshots/gate-${width}.txt`);
  });

  it('says the verdict first, in its colour', () => {
    expect([REGRESSION, PASS, INCONCLUSIVE].map(({ verdict }) => verdict)).toEqual([
      'regression',
      'pass',
      'inconclusive',
    ]);
    const [, first = ''] = renderGateTable(REGRESSION, { width: 80, color: true }).split('\n');
    expect(first).toBe('\u001b[31m  regression: more in server CPU per delivery\u001b[39m');
  });

  it('names a pair that is not used, and why', () => {
    expect(renderGateTable(REGRESSION, { width: 110, color: false })).toContain(
      '• pair 3: head is invalid: the publisher was late, 12 ms at p99',
    );
  });
});

describe('the table of noise', () => {
  it.each([75, 100])('of %i columns', async (width) => {
    const text = [exampleNoise(), exampleNoise(1)].map((report) => renderNoiseTable(report, { width, color: false }));
    await expect(text.join('\n')).toMatchFileSnapshot(`snapshots/noise-${width}.txt`);
  });
});
