import { expect, test } from 'vitest';
import { parseLimit } from '../../scenario/threshold.js';
import { changedReport } from '../../testing/example-comparison.js';
import { exampleReport } from '../../testing/example-report.js';
import { checkAgainst } from '../baseline/difference.js';
import type { Baseline } from '../baseline/schema.js';
import { compareReports } from '../compare/compare.js';
import { judgedExpectations } from '../expectations.js';
import type { GateReport } from '../gate/schema.js';
import type { Findings } from './findings.js';
import { findingsOfCheck } from './of-check.js';
import { findingsOfComparison } from './of-comparison.js';
import { findingsOfGate } from './of-gate.js';
import { findingsOfReport } from './of-report.js';

const lines = ({ list }: Findings) => list.map(({ outcome, subject, name }) => `${outcome}: ${subject}: ${name}`);

test('of a run: rows, and what came of their thresholds', () => {
  const report = exampleReport();
  const thresholds = [{ ...parseLimit('latencyUs.p99', '<5ms'), row: null }];
  const expectations = judgedExpectations(thresholds, report.transports);
  const [first, ...others] = report.transports;
  if (first === undefined) throw new Error('no row');
  const invalid = { ...first, verdict: 'invalid' as const, reasons: ['the publisher was late'] };
  const found = lines(findingsOfReport({ ...report, expectations, transports: [invalid, ...others] }));
  expect(found.slice(0, 4)).toEqual([
    'not measured: Short polling: measured',
    'failed: Short polling: latencyUs.p99 < 5.00 ms',
    'passed: Long polling: measured',
    expect.stringMatching(/: Long polling: latencyUs.p99 < 5.00 ms$/),
  ]);
});

function baseline(bytes: Readonly<Record<string, number>>): Baseline {
  return {
    schemaVersion: 1,
    kind: 'baseline',
    tool: { name: 'rtbench', version: '0.1.0' },
    node: 'v20.20.0',
    libraries: {},
    rows: Object.entries(bytes).map(([label, down]) => ({
      ...{ transport: label.toLowerCase(), label, settings: {} },
      figures: { 'message 100 B': { down, up: 0 } },
    })),
  };
}

test('of the exact tier: every figure, the rows that are gone, and those that nothing is held against', () => {
  const [base, head] = [
    baseline({ SSE: 110, WebSocket: 102, gRPC: 120 }),
    baseline({ SSE: 110, WebSocket: 103, TCP: 1 }),
  ];
  const findings = findingsOfCheck(checkAgainst(base, head), head);
  expect(lines(findings)).toEqual([
    'passed: SSE: message 100 B down',
    'passed: SSE: message 100 B up',
    'failed: WebSocket: message 100 B down',
    'passed: WebSocket: message 100 B up',
    'undecided: TCP: baseline',
    'not measured: gRPC: measured',
  ]);
  expect(findings.list[2]?.text).toBe('WebSocket: message 100 B down is 103 B, and 102 B in the baseline');
});

test('of two results: what is worse has failed', () => {
  const side = (file: string, report: ReturnType<typeof changedReport>) => ({ file, report });
  const rows = ['webSocket'] as const;
  const base = side('a', changedReport({}, 6, [...rows]));
  const head = side('b', changedReport({ webSocket: { bytesDown: 20 } }, 6, [...rows]));
  const findings = findingsOfComparison(compareReports(base, head));
  expect(lines(findings)[0]).toBe('failed: WebSocket: bytes down per delivery');
  expect(findings.list[0]?.text).toMatch(/is 204 B in base, 224 B in head, ratio 1.10: worse$/);
  expect(lines(findings).filter((line) => line.startsWith('failed'))).toHaveLength(1);
});

test('of the timing tier: a regression has failed, and what pairs cannot tell is undecided', () => {
  const figure = {
    ...{ name: 'serverCpu', title: 'server CPU', unit: 'µs', path: 'server.cpuUsPerMessage', threshold: 0.05 },
    ...{ noiseFloor: null, baseValue: 10, headValue: 12, ratio: 1.2, interval: { low: 1.1, high: 1.3 }, p: 0.001 },
    ...{ verdict: 'regression', reason: 'beyond 5 %', morePairs: null },
  };
  const undecided = { ...figure, title: 'latency p50', interval: null, verdict: 'inconclusive', headValue: null };
  const report = {
    ...{ label: 'WebSocket', base: { title: 'main' }, head: { title: 'feature' }, startedAt: 'now', durationMs: 1 },
    figures: [figure, undecided],
  } as unknown as GateReport;
  const { title, list } = findingsOfGate(report);
  expect(title).toBe('WebSocket: feature against main');
  expect(list.map(({ outcome, text }) => [outcome, text])).toEqual([
    [
      'failed',
      'WebSocket: server CPU is 10 µs in base, 12 µs in head, ratio 1.200 (1.100–1.300): regression: beyond 5 %',
    ],
    [
      'undecided',
      'WebSocket: latency p50 is 10 µs in base, not measured in head, ratio 1.200: inconclusive: beyond 5 %',
    ],
  ]);
});
