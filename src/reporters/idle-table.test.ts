import { stripVTControlCharacters } from 'node:util';
import { expect, it, test } from 'vitest';
import { buildIdleReport } from '../report/idle.js';
import type { IdleReport } from '../report/idle-schema.js';
import { exampleReport } from '../testing/example-report.js';
import { idleMeasurement } from '../testing/idle-measurements.js';
import { NO_HEARTBEAT } from '../transports/heartbeat.js';
import { renderIdleMarkdown } from './idle-markdown.js';
import { renderIdleTable } from './idle-table.js';

function example(interrupted = false): IdleReport {
  const { tool, environment } = exampleReport();
  const pings = idleMeasurement();
  const none = {
    promise: NO_HEARTBEAT,
    promiseScaled: null,
    by: 'settings',
    bytes: { overMs: 2_000, heartbeats: 0, bytes: { up: 0, down: 0 }, connections: 0, theory: null },
    notice: { clientMs: [null, null, null], serverMs: [null, null, null] },
    survival: [
      { timeoutMs: 250, survived: 0 },
      { timeoutMs: 2_000, survived: 1 },
    ],
  } as const;
  const late = { notice: { clientMs: [900, 1_900, null], serverMs: [530, 710, 980] }, unmeasured: {} };
  const seldom = { bytes: null, notice: null, unmeasured: { bytes: 'too seldom', notice: 'none was open' } };
  const label = (text: string) => ({ row: { ...pings.row, label: text } });
  const measurements = [
    pings,
    idleMeasurement(none),
    idleMeasurement({ ...label('WebSocket ids=true,deflate=true'), ...late }),
    idleMeasurement({ ...label('Short polling keepAlive=false'), ...seldom }),
    idleMeasurement({ ...label('Mine'), failure: 'no heartbeat came', bytes: null, notice: null, survival: [] }),
  ];
  return buildIdleReport({
    tool,
    environment,
    command: 'rtbench idle',
    startedAt: new Date('2026-11-24T12:00:00Z'),
    durationMs: 60_000,
    interrupted,
    intervalMs: 500,
    scaledToMs: 25_000,
    watchMs: 5_000,
    auth: null,
    planned: 5,
    measurements: interrupted ? measurements.slice(0, 1) : measurements,
  });
}

const render = (width: number, color = false) => renderIdleTable(example(), { width, color });

it.each([100, 80])('%i columns', async (width) => {
  await expect(render(width)).toMatchFileSnapshot(`snapshots/idle-${width}.txt`);
  const longest = Math.max(
    ...render(width)
      .split('\n')
      .map((line) => line.length),
  );
  expect(longest).toBeLessThanOrEqual(width);
});

test('Markdown', async () => {
  await expect(renderIdleMarkdown(example())).toMatchFileSnapshot('snapshots/idle-markdown.txt');
});

test('what a token adds, and to whom, is said', () => {
  const report: IdleReport = { ...example(), auth: 'cookie' };
  expect(renderIdleTable(report, { width: 100, color: false }).replace(/\s+/g, ' ')).toMatch(
    /Clients show a token \(cookie, or as they can\): a poll each time, in its bytes; the others once/,
  );
});

test('an interruption is said', () => {
  const report = example(true);
  expect(renderIdleTable(report, { width: 100, color: false })).toMatch(/Interrupted/);
  expect(renderIdleMarkdown(report)).toMatch(/Interrupted/);
});

test('only paints with colour', () => {
  expect(stripVTControlCharacters(render(100, true))).toBe(render(100));
});
