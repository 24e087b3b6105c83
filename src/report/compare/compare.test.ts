import { describe, expect, it } from 'vitest';
import { type Changes, changedReport } from '../../testing/example-comparison.js';
import { EXAMPLE_ROWS, exampleReport, exampleResults } from '../../testing/example-report.js';
import { changedRuns, troubledReport } from '../../testing/example-reports.js';
import type { Report } from '../schema.js';
import { compareReports } from './compare.js';
import { COMPARED_FIGURES } from './figures.js';

const BASE = changedReport();

function compared(head: Report, base: Report = BASE) {
  return compareReports({ file: 'base.json', report: base }, { file: 'head.json', report: head });
}

/** What is told apart, by row and figure. */
function told(head: Report, base: Report = BASE): Record<string, string> {
  return Object.fromEntries(
    compared(head, base).figures.flatMap(({ label, path, verdict }) =>
      verdict === 'worse' || verdict === 'better' ? [[`${label} ${path}`, verdict]] : [],
    ),
  );
}

describe('two results', () => {
  it('that are the same do not differ in anything', () => {
    const { figures, unlike, differs, unmatched } = compared(BASE);
    expect({ unlike, differs, unmatched }).toEqual({ unlike: [], differs: [], unmatched: [] });
    expect(figures).toHaveLength(Object.keys(EXAMPLE_ROWS).length * COMPARED_FIGURES.length);
    expect(figures.filter(({ verdict }) => verdict === 'worse' || verdict === 'better')).toEqual([]);
    expect(figures.every(({ base, head }) => base === head)).toBe(true);
  });

  it('of a server seen from outside and one that is not mean different things, of two such servers not', () => {
    const target = { url: 'http://127.0.0.1:5000', headers: [], endpoints: {}, publish: 'POST /', server: null };
    const outside = { ...BASE, target };
    expect(compared(outside).unlike).toEqual([
      expect.stringMatching(/^measured: .*with its own server.* against .*from outside/),
    ]);
    const other = compared({ ...BASE, target: { ...target, url: 'http://127.0.0.1:6000' } }, outside);
    expect(other.unlike).toEqual([]);
    expect(other.differs).toEqual([expect.stringMatching(/^server: .*5000.* against .*6000/)]);
  });

  it.each<[what: string, changes: Changes, expected: Record<string, string>]>([
    ['latency, beyond what rounds differ by', { latency: 2 }, { 'latencyUs.p50': 'worse', 'latencyUs.p99': 'worse' }],
    ['latency, less', { latency: 0.5 }, { 'latencyUs.p50': 'better', 'latencyUs.p99': 'better' }],
    ['CPU by a half', { cpu: 1.5 }, { 'server.cpuUsPerMessage': 'worse' }],
    ['CPU by 1 %', { cpu: 1.01 }, {}],
    ['2 % of the bytes', { bytesDown: 6 }, { 'bytes.perMessage.down': 'worse' }],
    ['less than 1 % of the bytes', { bytesDown: 1 }, {}],
  ])('%s', (_, changes, expected) => {
    const label = EXAMPLE_ROWS.sse.row.label;
    expect(told(changedReport({ sse: changes }))).toEqual(
      Object.fromEntries(Object.entries(expected).map(([path, verdict]) => [`${label} ${path}`, verdict])),
    );
  });

  it('the worst stands first, what came from nothing before all else', () => {
    const head = exampleReport({
      scenario: { ...changedReport().scenario },
      rows: [
        exampleResults(EXAMPLE_ROWS.tcp),
        exampleResults(
          EXAMPLE_ROWS.sse,
          changedRuns(EXAMPLE_ROWS.sse, ({ delivery }) => ({
            verdict: 'invalid',
            fault: 'delivery',
            reasons: ['1 lost'],
            delivery: { ...delivery, lost: 1 },
          })),
        ),
      ],
    });
    const { figures } = compared(head);
    expect(figures[0]).toMatchObject({ path: 'delivery.lost', base: 0, head: 3, ratio: null, verdict: 'worse' });
    const two = compared(changedReport({ sse: { latency: 3 }, webSocket: { cpu: 10 } }));
    expect(two.figures.slice(0, 3).map(({ path }) => path)).toEqual([
      'server.cpuUsPerMessage',
      expect.stringContaining('latencyUs'),
      expect.stringContaining('latencyUs'),
    ]);
  });

  it('with fewer than 6 rounds have no verdict on what is timed, and one on what is counted', () => {
    const few = changedReport({ sse: { latency: 3, bytesDown: 50 } }, 3);
    const { figures } = compared(few, changedReport({}, 3));
    const sse = figures.filter(({ transport }) => transport === 'sse');
    expect(sse.find(({ path }) => path === 'latencyUs.p50')).toMatchObject({
      verdict: 'too few rounds',
      interval: null,
      reason: expect.stringContaining('--rounds 6'),
    });
    expect(sse.find(({ path }) => path === 'latencyUs.p50')?.ratio).toBeCloseTo(3, 1);
    expect(sse.find(({ path }) => path === 'bytes.perMessage.down')).toMatchObject({ verdict: 'worse' });
  });

  it('a row that is in one of them only is named and not compared', () => {
    const { unmatched, figures, rows } = compared(
      changedReport({}, 6, ['sse', 'tcp']),
      changedReport({}, 6, ['sse', 'grpc']),
    );
    expect(unmatched).toEqual([
      { side: 'base', label: EXAMPLE_ROWS.grpc.row.label },
      { side: 'head', label: EXAMPLE_ROWS.tcp.row.label },
    ]);
    expect(rows).toEqual([EXAMPLE_ROWS.sse.row.label]);
    expect(new Set(figures.map(({ transport }) => transport))).toEqual(new Set(['sse']));
  });

  it('a row is matched by its settings, whatever their order and its label', () => {
    const rename = (report: Report, settings: Record<string, number>): Report => ({
      ...report,
      transports: report.transports.map((row) => ({ ...row, label: `${row.label} #2`, settings })),
    });
    const one = changedReport({}, 6, ['sse']);
    expect(compared(rename(one, { b: 2, a: 1 }), rename(one, { a: 1, b: 2 })).unmatched).toEqual([]);
    expect(compared(rename(one, { a: 1 }), rename(one, { a: 2 })).unmatched).toHaveLength(2);
  });

  it('rows that failed, or whose instrument did, are not held against anything', () => {
    const head = troubledReport();
    const { figures } = compared(
      head,
      exampleReport({ rows: [exampleResults(EXAMPLE_ROWS.longPolling), exampleResults(EXAMPLE_ROWS.grpc)] }),
    );
    expect(new Set(figures.map(({ verdict }) => verdict))).toEqual(new Set(['not measured']));
    expect(figures.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('EADDRINUSE'));
  });
});

describe('what makes two results unlike', () => {
  const changedScenario = (changes: object): Report => ({ ...BASE, scenario: { ...BASE.scenario, ...changes } });
  const changedMachine = (changes: object): Report => ({ ...BASE, environment: { ...BASE.environment, ...changes } });

  it.each<[what: string, head: Report, expected: RegExp]>([
    [
      'the load',
      changedScenario({ workload: { ...BASE.scenario.workload, clients: 200 } }),
      /^workload\.clients: 100 against 200$/,
    ],
    ['probes', changedScenario({ probes: 9 }), /^probes: 5 against 9$/],
    ['TLS', changedScenario({ tls: true }), /^tls: false against true$/],
    ['a network', changedScenario({ network: { rttMs: 50 } }), /^network: none against \{"rttMs":50\}$/],
    ['cores', changedMachine({ cores: 4 }), /^cores: 2 against 4$/],
    ['the processor', changedMachine({ cpu: 'Other' }), /^cpu: .* against Other$/],
  ])('%s', (_, head, expected) => {
    const { unlike, differs } = compared(head);
    expect(unlike).toEqual([expect.stringMatching(expected)]);
    expect(differs).toEqual([]);
  });

  it('not its words, its rounds, or what may be the change that is looked for', () => {
    expect(compared(changedScenario({ title: 'Other', rounds: 20 })).unlike).toEqual([]);
    const head = changedMachine({ node: 'v24.0.0', libraries: { ...BASE.environment.libraries, ws: '9.0.0' } });
    expect(compared(head)).toMatchObject({
      unlike: [],
      differs: ['node: v20.20.0 against v24.0.0', 'libraries.ws: 8.23.0 against 9.0.0'],
    });
  });
});
