import { expect, test } from 'vitest';
import type { AuthCost } from '../report/auth-schema.js';
import { buildHerdReport, type HerdRun } from '../report/herd.js';
import { exampleReport } from '../testing/example-report.js';
import { herdPlan, herdRun } from '../testing/herd-runs.js';
import { herdChart } from './herd-chart.js';
import { renderHerdMarkdown } from './herd-markdown.js';
import { renderHerdTable } from './herd-table.js';

const TOGETHER = Array.from({ length: 100 }, () => 1_000);
const SPREAD = Array.from({ length: 100 }, (_, client) => 1_000 + client * 5);

function reportOf(runs: readonly HerdRun[], changes: { scale?: number; interrupted?: boolean; auth?: AuthCost } = {}) {
  const { scale = 1, interrupted = false, auth = null } = changes;
  return buildHerdReport({
    tool: { name: 'rtbench', version: '0.0.0' },
    startedAt: new Date('2026-01-02T03:04:05Z'),
    durationMs: 1_000,
    command: 'rtbench herd',
    environment: exampleReport().environment,
    interrupted,
    plan: herdPlan(
      runs.map(({ policy }) => policy.spec),
      { scale, auth: auth && 'bearer' },
    ),
    auth,
    runs,
  });
}

const RUNS = [herdRun('exponential', TOGETHER), herdRun('exponential-jitter', SPREAD)];

test('the chart puts measured above theory, on one scale for all', () => {
  const [together, theory, spread, , axis, legend] = herdChart(reportOf(RUNS), 80);
  // Bins of 30 ms: all of them in the one of 990 to 1,020 ms, the second that is shown.
  const bar = `·█${'·'.repeat(16)}`;
  expect([together, theory]).toEqual([`exponential         ${bar}`, `(theory)            ${bar}`]);
  expect(spread).toBe(`exponential-jitter  ·${'▁'.repeat(17)}`);
  expect(axis).toBe('                    960 ms       1.5 s');
  expect(legend).toBe('Accepts by time after the loss, 30 ms a character, █ is 100, · none.');
});

test('the chart fits the width it is given', () => {
  for (const line of herdChart(reportOf(RUNS), 44)) expect(line.startsWith('Accepts') || line.length <= 45).toBe(true);
});

test('the table has theory below each figure, and marks what is in doubt', () => {
  const text = renderHerdTable(reportOf([...RUNS, herdRun('fixed', SPREAD)]), { width: 110, color: false });
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith('  exponential '));
  expect(lines[at]).toMatch(/^ {2}exponential +1,000 +1× +1 +0 +502 ms +502 ms +502 ms +50 ms$/);
  expect(lines[at + 1]).toMatch(/^ +\(1,000\) +\(1×\) +\(1\) +\(500 ms\) +\(500 ms\) +\(500 ms\) +500 µs each$/);
  expect(text).toMatch(/ {2}fixed \* +200 /);
  expect(text).toMatch(/fixed \(suspect\): the peak is below/);
  for (const line of lines.filter((each) => !each.startsWith('  Again'))) expect(line.length).toBeLessThanOrEqual(110);
});

test('a scaled herd says so, and an interrupted one', () => {
  const scaled = herdRun('exponential', TOGETHER, { scale: 0.1 });
  const text = renderHerdTable(reportOf([scaled], { scale: 0.1, interrupted: true }), { width: 200, color: false });
  expect(text.replace(/\n {2}/g, ' ')).toMatch(/Scaled: every time of the policies is multiplied by 0\.1/);
  expect(text).toMatch(/Interrupted: not every policy was measured/);
});

test('a herd that authenticates says how, what it adds, and what it leaves out, in both formats', () => {
  const auth = { way: 'bearer', inBrowser: ['cookie'], openingBytes: { up: 73, down: 0 }, openingUs: null } as const;
  const report = reportOf(RUNS, { auth: { ...auth, inBrowser: ['cookie'] } });
  for (const text of [renderHerdTable(report, { width: 110, color: false }), renderHerdMarkdown(report)]) {
    const plain = text.replace(/\s+/g, ' ');
    expect(plain).toMatch(/Each attempt shows a token \(bearer\), 73 B more up and 0 B down for an opening\./);
    expect(plain).toMatch(/no browser can authenticate by bearer, only by cookie; Node's clients can\./);
    expect(plain).toMatch(/The token is compared/);
  }
  expect(renderHerdMarkdown(reportOf(RUNS))).not.toMatch(/token/);
});

test('Markdown has the same table, and the chart as it stands', () => {
  const text = renderHerdMarkdown(reportOf(RUNS));
  expect(text).toMatch(/^\| exponential \| 1,000 \(1,000\) \| 1× \(1×\) \| 1 \(1\) \| 0 \|/m);
  // Everything of the chart that the table has, in a block of its own so that its columns stay.
  const [, chart] = /```text\n([^`]*)\n```/.exec(text) ?? [];
  expect(chart?.split('\n')).toEqual(herdChart(reportOf(RUNS), 100));
  expect(chart).toMatch(/^exponential {9}·+█·+\n/);
});
