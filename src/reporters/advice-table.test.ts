import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { advise } from '../report/advice/advice.js';
import { type Answers, ASSUMED, type Sources } from '../report/advice/answers.js';
import type { Advice } from '../report/advice/schema.js';
import type { Report } from '../report/schema.js';
import type { Row } from '../scenario/scenario.js';
import { evidenceFrom, shippedRows } from '../testing/candidates.js';
import { exampleReport } from '../testing/example-report.js';
import { troubledReport } from '../testing/example-reports.js';
import { renderAdvice } from './advice-table.js';

let rows: readonly Row[] = [];
beforeAll(async () => {
  rows = await shippedRows('server');
});

const SOURCES: Sources = {
  bidirectional: 'scenario',
  toleratesMs: 'given',
  binary: 'scenario',
  restrictiveProxies: 'assumed',
  browser: 'assumed',
};

function adviceOf(changes: Partial<Answers>, report: Report | null, sources = SOURCES): Advice {
  return advise({
    answers: { ...ASSUMED, toleratesMs: 200, ...changes },
    sources,
    candidates: rows,
    made: {
      tool: { name: 'rtbench', version: '0.1.0' },
      startedAt: '2026-01-02T03:04:05.000Z',
      command: 'rtbench advise',
    },
    commands: {
      advice: 'rtbench advise stock-ticker --measure',
      sweep: 'rtbench sweep --vary rate=1/s..9/s',
      capacity: 'rtbench capacity',
    },
    scenario: { name: 'stock-ticker', title: 'Stock ticker' },
    evidence: report && evidenceFrom(report, rows, 'reports/example/result.json'),
  });
}

const render = (advice: Advice, width: number, color = false) => renderAdvice(advice, { width, color });

describe('an advice, as it is read', () => {
  it.each([100, 80, 60])('by a result, %i columns', async (width) => {
    await expect(render(adviceOf({}, exampleReport()), width)).toMatchFileSnapshot(`snapshots/advice-${width}.txt`);
  });

  it('by facts alone', async () => {
    const asWritten: Sources = { ...SOURCES, toleratesMs: 'scenario' };
    await expect(render(adviceOf({}, null, asWritten), 80)).toMatchFileSnapshot('snapshots/advice-facts-80.txt');
  });

  it('where hardly anything is sound', async () => {
    const advice = adviceOf({ restrictiveProxies: true, binary: true }, troubledReport());
    await expect(render(advice, 80)).toMatchFileSnapshot('snapshots/advice-troubled-80.txt');
  });
});

it.each([56, 60, 79, 80, 100, 240])('the width is kept: %i', (width) => {
  for (const report of [exampleReport(), troubledReport(), null]) {
    for (const line of render(adviceOf({}, report), width).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(Math.min(width, 100));
    }
  }
});

it('colour only paints', () => {
  const advice = adviceOf({}, exampleReport());
  expect(render(advice, 80, true)).toContain('\u001b[');
  expect(stripVTControlCharacters(render(advice, 80, true))).toBe(render(advice, 80));
});

it('a figure that was not measured is a dash, never 0', () => {
  const text = render(adviceOf({}, troubledReport()), 100);
  expect(text).toMatch(/gRPC stream +– +– +–/);
});

it('facts beside a sweep are not said to be all there is', () => {
  const advice = adviceOf({}, null);
  const load = { kind: 'sweep', about: 'rate', file: 'sweep.json', startedAt: '', command: '', apart: [] } as const;
  const text = render({ ...advice, loads: [load] }, 100).replace(/\s+/g, ' ');
  expect(text).toContain('there is no result of a run, and sweeps and capacities decide nothing');
  expect(text).not.toContain('nothing was measured');
});
