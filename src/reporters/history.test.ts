import { expect, test } from 'vitest';
import { historyOfReport, machineOf } from '../report/history.js';
import { exampleReport } from '../testing/example-report.js';
import { HISTORY_HEADER, renderHistory } from './history.js';

const report = exampleReport();

test('a line for each compared figure of each row, with date, commit and machine', () => {
  const points = historyOfReport(report, 'abc123');
  expect(points).toHaveLength(9 * report.transports.length);
  const lines = renderHistory(points, 'csv').split('\n');
  const p99 = lines.find((line) => line.includes(',WebSocket,latencyUs.p99,'));
  expect(HISTORY_HEADER).toBe('date,commit,machine,tool,node,scenario,transport,settings,label,path,value,verdict\n');
  expect(p99).toMatch(
    /^20\S+Z,abc123,[0-9a-f]{12},0\.\d+\.\d+,v20\.20\.0,broadcast,websocket,"?deflate=false,ids=false"?,WebSocket,latencyUs.p99,\d+,valid$/,
  );
});

test('what was not measured, or of a row that failed, is empty and never 0', () => {
  const points = historyOfReport(report, null);
  const memory = points.filter(({ label, path }) => label === 'gRPC stream' && path === 'server.rssPerClientBytes');
  expect(renderHistory(memory, 'csv')).toMatch(/,server\.rssPerClientBytes,,valid\n$/);
  expect(JSON.parse(renderHistory(memory, 'jsonl'))).toMatchObject({ value: null, commit: null });
  const [row] = report.transports;
  if (row === undefined) throw new Error('no row');
  const { transport, label, group, deliveredBy, inProcess, settings } = row;
  const failed = {
    ...{ transport, label, group, deliveredBy, inProcess, settings },
    ...{ state: 'failed' as const, verdict: 'invalid' as const, reasons: ['it exited with 1'], rounds: [] },
  };
  const ofFailed = historyOfReport({ ...report, transports: [failed] }, null);
  expect(new Set(ofFailed.map(({ value, verdict }) => `${value} ${verdict}`))).toEqual(new Set(['null failed']));
});

test('figures with a threshold are in it too', () => {
  const expect_ = [{ path: 'connectUs.p99', operator: '<' as const, limit: 1, row: null }];
  const points = historyOfReport({ ...report, scenario: { ...report.scenario, expect: expect_ } }, null);
  expect(points.filter(({ path }) => path === 'connectUs.p99')).toHaveLength(report.transports.length);
});

test('a machine is told by what changes figures, not by what changes from boot to boot', () => {
  const { environment } = report;
  const other = (changes: object) => machineOf({ ...environment, ...changes });
  expect(other({ memoryBytes: environment.memoryBytes + 4_096, kernel: '6.9.9' })).toBe(machineOf(environment));
  expect(other({ cores: environment.cores + 1 })).not.toBe(machineOf(environment));
  expect(other({ cpu: 'Another' })).not.toBe(machineOf(environment));
});
