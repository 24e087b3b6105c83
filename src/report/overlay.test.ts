import { describe, expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleReport, exampleResults } from '../testing/example-report.js';
import { likeness, ordered, overlay } from './overlay.js';
import type { Report } from './schema.js';

const { sse, webSocket, tcp } = EXAMPLE_ROWS;

function reportOf(
  workload: Partial<Report['scenario']['workload']> = {},
  startedAt = '2026-01-15T10:30:00.000Z',
): Report {
  const report = exampleReport({ rows: [exampleResults(sse), exampleResults(tcp), exampleResults(webSocket)] });
  return {
    ...report,
    startedAt,
    scenario: { ...report.scenario, workload: { ...report.scenario.workload, ...workload } },
  };
}

const report = reportOf();

describe('names', () => {
  it.each([
    ['one file needs none', ['reports/a/result.json'], ['']],
    ['of the file', ['x/before.json', 'x/after.json'], ['before', 'after']],
    ['of its folder', ['reports/a/result.json', 'reports/b/result.json'], ['a', 'b']],
    ['of both', ['a/one.json', 'a/two.json', 'b/one.json'], ['a/one', 'a/two', 'b/one']],
    ['a number, for the same file twice', ['a/result.json', 'a/result.json'], ['result 1', 'result 2']],
    ['not the folder one stands in', ['result.json', './result.json'], ['result 1', 'result 2']],
  ])('%s', (_what, files, names) => {
    expect(overlay(files.map((file) => ({ file, report }))).sources.map(({ name }) => name)).toEqual(names);
  });

  it('are times where everything else is the same', () => {
    const files = [report, reportOf({}, '2026-01-16T08:00:00.000Z')].map((one) => ({
      file: 'a/result.json',
      report: one,
    }));
    expect(overlay(files).sources.map(({ name }) => name)).toEqual(['2026-01-15 10:30', '2026-01-16 08:00']);
  });

  it('stand in the labels of rows, whose verdicts and figures stay as they are', () => {
    const { rows } = overlay([
      { file: 'a.json', report },
      { file: 'b.json', report },
    ]);
    expect(rows.map(({ row }) => row.label)).toEqual([
      'SSE · a',
      'TCP (floor) · a',
      'WebSocket · a',
      'SSE · b',
      'TCP (floor) · b',
      'WebSocket · b',
    ]);
    expect(rows[3]?.row).toEqual({ ...report.transports[0], label: 'SSE · b' });
  });
});

describe('what differs', () => {
  const against = (other: Report) =>
    overlay([
      { file: 'a.json', report },
      { file: 'b.json', report: other },
    ]);

  it('is the workload', () => {
    const shown = against(reportOf({ ratePerSecond: 200, sizeBytes: 1_024, arrivals: { meanSize: 8 } }));
    expect(shown.unlikeWorkload).toEqual([
      'rate: 120/s against 200/s',
      'payload: 200 B of text against 1.00 KiB of text',
      'arrivals: poisson against bursts of 8',
    ]);
    expect(likeness(shown)[0]).toMatch(/^Not the same workload: rate: 120\/s against 200\/s; payload/);
  });

  it('is the machine or a version', () => {
    const environment = { ...report.environment, cpu: 'Another CPU', libraries: { ws: '8.24.0' } };
    const shown = against({ ...report, environment, tool: { ...report.tool, version: '0.2.0' } });
    expect(shown.unlikeWorkload).toEqual([]);
    expect(shown.unlikeMachine).toEqual([
      'CPU: Example CPU @ 2.50GHz against Another CPU',
      'rtbench: 0.1.0 against 0.2.0',
      'libraries: eventsource 4.1.1, undici 7.30.2, ws 8.23.0 against ws 8.24.0',
    ]);
  });

  it('is nothing but the time', () => {
    expect(likeness(against(report))).toEqual([
      'The same workload, machine and versions, measured at different times.',
      expect.stringMatching(/^Nothing is ranked across results/),
    ]);
    expect(likeness(overlay([{ file: 'a.json', report }]))).toEqual([]);
  });
});

describe('techniques', () => {
  const withSettings = (settings: Report['transports'][number]['settings']): Report => ({
    ...report,
    transports: report.transports.slice(0, 1).map((row) => ({ ...row, settings })),
  });
  const techniques = (...reports: Report[]) =>
    overlay(reports.map((one, index) => ({ file: `${index}.json`, report: one }))).rows.map(
      ({ technique }) => technique,
    );

  it('are the same where the settings are', () => {
    expect(techniques(withSettings({ http: 1 }), withSettings({ http: 1 }))).toEqual([0, 0]);
    expect(techniques(withSettings({ http: 1 }), withSettings({ http: 2 }))).toEqual([0, 1]);
  });

  it('are told apart by no setting that one of the two does not have', () => {
    expect(techniques(withSettings({ http: 1 }), withSettings({ http: 1, retryMs: 500 }))).toEqual([0, 0]);
    expect(techniques(withSettings({ http: 1, retryMs: 500 }), withSettings({ http: 1 }))).toEqual([0, 0]);
  });

  it('are two for two rows of one source', () => {
    const [row] = report.transports;
    if (row === undefined) throw new Error('no row');
    expect(techniques({ ...report, transports: [row, row] }, { ...report, transports: [row] })).toEqual([0, 1, 0]);
  });

  it('stand together, controls last', () => {
    const { rows } = overlay([
      { file: 'a.json', report },
      { file: 'b.json', report },
    ]);
    expect(ordered(rows).map(({ row }) => row.label)).toEqual([
      'SSE · a',
      'SSE · b',
      'WebSocket · a',
      'WebSocket · b',
      'TCP (floor) · a',
      'TCP (floor) · b',
    ]);
  });
});

it('refuses to show nothing', () => {
  expect(() => overlay([])).toThrow(/no report/);
});
