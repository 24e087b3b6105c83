import { describe, expect, it } from 'vitest';
import { guideReport } from '../../testing/guide-example.js';
import { capacityOf, sweepOf } from '../../testing/load-documents.js';
import { capacityReportSchema } from '../capacity/schema.js';
import { reportSchema } from '../schema.js';
import { sweepReportSchema } from '../sweep/schema.js';
import { type LoadDocument, loadsFrom } from './loads.js';

const REPORT = guideReport();
const SUBJECT = {
  scenario: REPORT.scenario,
  environment: REPORT.environment,
  tool: REPORT.tool,
  rows: REPORT.transports,
};
const CAPACITY = capacityOf(REPORT, { SSE: { pass: 300, fail: 400 } });
const SWEEP = sweepOf(REPORT, { SSE: [300, 10] });

type Kind = typeof CAPACITY | typeof SWEEP;
const documents = (...reports: Kind[]): LoadDocument[] =>
  reports.map((report, index) => ({ file: `${index}.json`, report }));
const elsewhere = (changes: object) => ({ ...CAPACITY, scenario: { ...CAPACITY.scenario, ...changes } });
const loaded = (changes: object) => elsewhere({ workload: { ...CAPACITY.scenario.workload, ...changes } });
const machine = (changes: object) => ({ ...CAPACITY, environment: { ...CAPACITY.environment, ...changes } });

it('the made-up documents are such documents', () => {
  expect(capacityReportSchema.parse(CAPACITY)).toEqual(CAPACITY);
  expect(sweepReportSchema.parse(SWEEP)).toEqual(SWEEP);
});

it('takes what is said of each row, and says why nothing is of the others; a report holds it', () => {
  const loads = loadsFrom(documents(CAPACITY, SWEEP), SUBJECT);
  expect(loads.capacity).toMatchObject([
    { file: '0.json', find: 'clients', p99Ms: 200, apart: [], rows: [{ label: 'SSE', pass: 300, fail: 400 }] },
  ]);
  expect(loads.growth).toMatchObject({
    file: '1.json',
    clients: [25, 50, 100, 200, 400],
    rows: [{ label: 'SSE', usPerClient: 300, standardErrorUs: 10, exponent: { value: 0.9 } }],
  });
  expect(loads.capacity[0]?.failed).toContainEqual({ label: 'WebSocket', reason: 'it is not in 0.json' });
  const report = { ...REPORT, guide: { facts: [], extra: null, loads } };
  expect(reportSchema.parse(JSON.parse(JSON.stringify(report))).guide?.loads).toEqual(loads);
});

it('rows are matched by transport and settings, whatever their label', () => {
  const transports = CAPACITY.transports.map((row) => ({ ...row, label: 'Server-Sent Events' }));
  expect(loadsFrom(documents({ ...CAPACITY, transports }), SUBJECT).capacity[0]?.rows[0]?.label).toBe('SSE');
  const others = SUBJECT.rows.map((row) => (row.label === 'SSE' ? { ...row, settings: { heartbeatMs: 500 } } : row));
  const set = CAPACITY.transports.map((row) => ({ ...row, settings: { heartbeatMs: 0 } }));
  const loads = loadsFrom(documents({ ...CAPACITY, transports: set }), { ...SUBJECT, rows: others });
  expect(loads.capacity[0]?.rows).toEqual([]);
  expect(loads.capacity[0]?.failed).toContainEqual({
    label: 'SSE',
    reason: 'in 0.json it has other settings (heartbeatMs=0)',
  });
});

it('what is not compared: windows, rounds, the delay that is tolerated, and what was searched over', () => {
  const { workload } = CAPACITY.scenario;
  const longer = { ...workload, clients: 7, durationMs: 99, warmupMs: 9 };
  expect(() => loadsFrom(documents(elsewhere({ rounds: 9, toleratesMs: 9, workload: longer })), SUBJECT)).not.toThrow();
});

it('other versions are noted', () => {
  const libraries = { ...CAPACITY.environment.libraries, ws: '1.0.0' };
  const { apart } = loadsFrom(documents(machine({ node: 'v99', libraries })), SUBJECT).capacity[0] ?? { apart: [] };
  expect(apart).toEqual([
    expect.stringMatching(/^node: v99 against v/),
    expect.stringMatching(/^libraries\.ws: 1\.0\.0 against /),
  ]);
});

describe('refused', () => {
  it.each<[title: string, reports: Kind[], message: RegExp]>([
    [
      'another machine',
      [machine({ cores: 64 })],
      /0\.json: it is of another load or machine \(cores: 64 against \d+\)/,
    ],
    ['another rate', [loaded({ ratePerSecond: 7 })], /workload\.ratePerSecond: 7 against \d+/],
    ['another size', [loaded({ sizeBytes: 7 })], /sizeBytes: 7 against/],
    ['TLS', [elsewhere({ tls: true })], /tls: true against false/],
    ['distance', [elsewhere({ network: { rttMs: 50 } })], /network(\.rttMs)?: .*50.* against none/],
    [
      'other clients, by a search over the rate',
      [{ ...loaded({ clients: 7 }), find: 'rate' }],
      /workload\.clients: 7 against/,
    ],
    [
      'a sweep over something else',
      [{ ...SWEEP, vary: { variable: 'rate', values: [1, 2, 3] } }],
      /a sweep over the rate.*--vary clients/,
    ],
    ['two of the same', [CAPACITY, CAPACITY], /1\.json: there is another capacity by clients already/],
    ['two sweeps', [SWEEP, SWEEP], /1\.json: there is another sweep over clients/],
  ])('%s', (_title, reports, message) => {
    expect(() => loadsFrom(documents(...reports), SUBJECT)).toThrow(message);
  });
});
