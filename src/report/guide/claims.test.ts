import { describe, expect, it } from 'vitest';
import { EXAMPLE_ROWS, EXAMPLE_SCENARIO, type ExampleRow, exampleRuns } from '../../testing/example-report.js';
import { changedRuns } from '../../testing/example-reports.js';
import { EXAMPLE_EXTRA, exampleGuide, guideReport } from '../../testing/guide-example.js';
import { capacityOf, sweepOf } from '../../testing/load-documents.js';
import { reportRow } from '../rows.js';
import type { CompletedRun, Report } from '../schema.js';
import { evidenceOf } from './columns.js';
import { claimsDocument } from './document.js';
import type { FeatureKey } from './feature.js';
import { complexityBy } from './features/complexity.js';
import { FEATURES } from './features/index.js';
import { GUIDE_FEATURES, GUIDE_TECHNIQUES, type GuideTechnique } from './guide.js';
import { loadsFrom } from './loads.js';
import type { GuideExtra, GuideFacts } from './schema.js';
import { claimsSummary, guideTable, judgedClaims } from './table.js';

type RowName = keyof typeof EXAMPLE_ROWS;
type Changes = Partial<Record<RowName, (run: CompletedRun) => Partial<CompletedRun>>>;

/** The example with some of its rounds changed. */
function reportWith(changes: Changes, more: Partial<Report> = {}): Report {
  const example = guideReport();
  const names = Object.keys(EXAMPLE_ROWS) as RowName[];
  const transports = example.transports.map((row, index) => {
    const name = names[index];
    const change = name && changes[name];
    return change ? reportRow(EXAMPLE_ROWS[name].row, changedRuns(EXAMPLE_ROWS[name], change), 3) : row;
  });
  return { ...example, transports, ...more };
}

function cellOf(report: Report, key: FeatureKey, technique: GuideTechnique) {
  const cell = guideTable(report)
    .lines.find((line) => line.key === key)
    ?.cells.find(({ column }) => column.technique === technique);
  if (!cell) throw new Error(`no cell ${key} of ${technique}`);
  return cell;
}

function claim(report: Report, key: FeatureKey, technique: GuideTechnique) {
  const { judgement } = cellOf(report, key, technique);
  if (!judgement) throw new Error(`no claim ${key} of ${technique}`);
  return judgement;
}

const p99 = (us: number) => (run: CompletedRun) => ({ latencyUs: { ...run.latencyUs, p99: us } });
const p50 = (us: number) => (run: CompletedRun) => ({ latencyUs: { ...run.latencyUs, p50: us } });
const cpu = (us: number) => (run: CompletedRun) => ({
  server: { ...run.server, cpuUsPerMessage: us + run.round / 100 },
});

function withExtra(change: Partial<GuideExtra>): Report {
  return guideReport({ ...EXAMPLE_EXTRA, ...change });
}

function withFacts(label: string, change: Partial<GuideFacts>): Report {
  const guide = exampleGuide();
  return reportWith(
    {},
    {
      guide: { ...guide, facts: guide.facts.map((facts) => (facts.label === label ? { ...facts, ...change } : facts)) },
    },
  );
}

/** The rows of one of the extra measurements, that of one label changed. */
function changed<Row extends { label: string }>(rows: readonly Row[], label: string, change: Partial<Row>): Row[] {
  return rows.map((row) => (row.label === label ? { ...row, ...change } : row));
}

describe('the list is whole', () => {
  it('every cell of the guide has a claim with a rule and a reason', () => {
    expect(FEATURES.map(({ key }) => key)).toEqual(GUIDE_FEATURES.map(({ key }) => key));
    for (const { claims } of FEATURES) {
      for (const { technique } of GUIDE_TECHNIQUES) {
        expect(claims[technique].rule.length).toBeGreaterThan(10);
        expect(claims[technique].reason.length).toBeGreaterThan(10);
      }
    }
  });

  it('docs/claims.md is made from it (vitest -u rewrites it)', async () => {
    await expect(claimsDocument()).toMatchFileSnapshot('../../../docs/claims.md');
  });

  it('each claim comes out as one of the three, with what decided', () => {
    for (const report of [guideReport(), guideReport(null), reportWith({}, { transports: [] })]) {
      const claims = judgedClaims(report);
      expect(claims).toHaveLength(48);
      for (const { result, figure } of claims) {
        expect(['holds', 'does not hold', 'not measured']).toContain(result);
        expect(figure).not.toBe('');
        expect(figure).not.toMatch(/undefined|NaN|Infinity|null/);
      }
    }
    expect(claimsSummary(judgedClaims(guideReport()))).toMatch(/^48 claims of the guide: \d+ hold, /);
  });

  it('without the rows there is nothing that holds but what is counted in the sources', () => {
    const results = judgedClaims(reportWith({}, { transports: [] })).filter(({ result }) => result !== 'not measured');
    expect(new Set(results.map(({ feature }) => feature))).toEqual(new Set(['Complexity']));
  });
});

describe('direction, protocol, reconnection: by facts', () => {
  it.each<[FeatureKey, GuideTechnique, string, Partial<GuideFacts>]>([
    ['direction', 'SSE', 'SSE', { uplink: 'same-connection' }],
    ['direction', 'WebSockets', 'WebSocket', { uplink: 'separate-request' }],
    ['protocol', 'Short Polling', 'Short polling', { protocol: 'gRPC' }],
    ['protocol', 'Long Polling', 'Long polling', { protocol: 'gRPC' }],
    ['protocol', 'SSE', 'SSE', { protocol: 'gRPC' }],
    ['protocol', 'WebSockets', 'WebSocket', { protocol: 'HTTP' }],
    ['auto-reconnect', 'Short Polling', 'Short polling', { reconnect: 'built-in' }],
    ['auto-reconnect', 'Long Polling', 'Long polling', { reconnect: 'built-in' }],
    ['auto-reconnect', 'SSE', 'SSE', { reconnect: 'by-client' }],
    ['auto-reconnect', 'WebSockets', 'WebSocket', { reconnect: 'built-in' }],
  ])('%s of %s holds, and does not where %s is otherwise', (key, technique, label, change) => {
    expect(claim(guideReport(), key, technique).result).toBe('holds');
    expect(claim(withFacts(label, change), key, technique).result).toBe('does not hold');
  });

  it.each<[GuideTechnique, RowName]>([
    ['Short Polling', 'shortPolling'],
    ['Long Polling', 'longPolling'],
  ])('direction of %s: who is asked pulls', (technique, name) => {
    expect(claim(guideReport(), 'direction', technique).result).toBe('holds');
    const { row } = EXAMPLE_ROWS[name];
    const pushed = { ...EXAMPLE_ROWS[name], row: { ...row, profile: { ...row.profile, delivery: 'push' as const } } };
    const report = { ...guideReport(), transports: [reportRow(pushed.row, exampleRuns(pushed), 3)] };
    expect(claim(report, 'direction', technique).result).toBe('does not hold');
  });

  it('facts that a result does not hold are not made up', () => {
    const { guide: _, ...old } = guideReport();
    expect(claim(old, 'protocol', 'SSE')).toMatchObject({ result: 'not measured' });
  });
});

describe('connection', () => {
  const accepted = (opening: number, window: number) => (run: CompletedRun) => ({
    connections: { ...run.connections, accepted: { opening, window } },
  });
  it.each<[number, string]>([
    [449, 'does not hold'],
    [450, 'holds'],
  ])('short polling: %i new connections for 500 requests a round', (window, result) => {
    const report = reportWith({ shortPolling: accepted(100, window) });
    expect(claim(report, 'connection', 'Short Polling').result).toBe(result);
  });
  it('long polling on kept connections does not reconnect', () => {
    expect(claim(guideReport(), 'connection', 'Long Polling')).toEqual({
      result: 'does not hold',
      figure: '0 new connections for 86,700 requests in the window',
    });
    const report = reportWith({ longPolling: accepted(100, 28_900) });
    expect(claim(report, 'connection', 'Long Polling').result).toBe('holds');
  });
  it.each<[GuideTechnique, RowName]>([
    ['SSE', 'sse'],
    ['WebSockets', 'webSocket'],
  ])('%s: one each, and no other', (technique, name) => {
    expect(claim(guideReport(), 'connection', technique).result).toBe('holds');
    expect(claim(reportWith({ [name]: accepted(200, 0) }), 'connection', technique).result).toBe('does not hold');
    expect(claim(reportWith({ [name]: accepted(100, 1) }), 'connection', technique).result).toBe('does not hold');
    const back = (run: CompletedRun) => ({
      connections: { ...run.connections, reconnected: 7, accepted: { opening: 100, window: 7 } },
    });
    expect(claim(reportWith({ [name]: back }), 'connection', technique).result).toBe('holds');
  });
});

describe('latency', () => {
  it.each<[number, string]>([
    [550_000, 'holds'],
    [550_600, 'does not hold'],
  ])('short polling with p99 of %i µs, its interval 500 ms', (us, result) => {
    expect(claim(reportWith({ shortPolling: p99(us) }), 'latency', 'Short Polling').result).toBe(result);
  });
  it.each<[GuideTechnique, RowName]>([
    ['Long Polling', 'longPolling'],
    ['SSE', 'sse'],
  ])('%s: 100 ms at p99 of every round', (technique, name) => {
    expect(claim(reportWith({ [name]: p99(100_000) }), 'latency', technique).result).toBe('holds');
    expect(claim(reportWith({ [name]: p99(100_100) }), 'latency', technique).result).toBe('does not hold');
    const once = (run: CompletedRun) => p99(run.round === 1 ? 120_000 : 4_000)(run);
    expect(claim(reportWith({ [name]: once }), 'latency', technique).result).toBe('does not hold');
  });
  it('WebSockets: below those called low, and a tie is not below', () => {
    expect(claim(reportWith({ webSocket: p50(500) }), 'latency', 'WebSockets')).toEqual({
      result: 'holds',
      figure: 'p50 0.50 ms, lower than Long Polling 2.15 ms and SSE 0.82 ms',
    });
    expect(claim(guideReport(), 'latency', 'WebSockets')).toMatchObject({
      result: 'does not hold',
      figure: expect.stringContaining('a tie with SSE'),
    });
    expect(claim(reportWith({ webSocket: p50(1_500) }), 'latency', 'WebSockets')).toMatchObject({
      result: 'does not hold',
      figure: expect.stringContaining('higher than SSE'),
    });
    expect(claim(reportWith({ webSocket: p99(100_100) }), 'latency', 'WebSockets').result).toBe('does not hold');
  });
  it('six rounds are paired: a fifth less within each is less, though the ranges overlap', () => {
    const scenario = { ...EXAMPLE_SCENARIO, rounds: 6 };
    const noise = [1, 1.7, 0.6, 1.4, 0.8, 1.2];
    const rounds = (row: ExampleRow, us: number) =>
      exampleRuns(row, scenario).map((run) =>
        run.state === 'completed'
          ? { ...run, latencyUs: { ...run.latencyUs, p50: us * (noise[run.round] ?? 1) } }
          : run,
      );
    const report = (us: number) =>
      reportWith(
        {},
        {
          transports: [
            reportRow(EXAMPLE_ROWS.longPolling.row, rounds(EXAMPLE_ROWS.longPolling, 2_000), 6),
            reportRow(EXAMPLE_ROWS.sse.row, rounds(EXAMPLE_ROWS.sse, 1_000), 6),
            reportRow(EXAMPLE_ROWS.webSocket.row, rounds(EXAMPLE_ROWS.webSocket, us), 6),
          ],
        },
      );
    expect(claim(report(800), 'latency', 'WebSockets').result).toBe('holds');
    expect(claim(report(980), 'latency', 'WebSockets')).toMatchObject({
      result: 'does not hold',
      figure: expect.stringContaining('tie'),
    });
  });
  it('one round does not say which is lower', () => {
    const scenario = { ...EXAMPLE_SCENARIO, rounds: 1 };
    const transports = Object.values(EXAMPLE_ROWS).map((row) => reportRow(row.row, exampleRuns(row, scenario), 1));
    expect(claim(reportWith({}, { transports }), 'latency', 'WebSockets')).toMatchObject({
      result: 'not measured',
      figure: expect.stringContaining('3 rounds'),
    });
  });
});

describe('server overhead: an order of CPU per delivery', () => {
  const asTheGuideHasIt: Changes = { shortPolling: cpu(90), longPolling: cpu(60), sse: cpu(12), webSocket: cpu(12) };
  it('holds for all where the order is that of the guide; the two called low may tie', () => {
    const report = reportWith(asTheGuideHasIt);
    for (const { technique } of GUIDE_TECHNIQUES)
      expect(claim(report, 'server-overhead', technique).result).toBe('holds');
  });
  it.each<[GuideTechnique, Changes, RegExp]>([
    ['Short Polling', { shortPolling: cpu(50) }, /lower than Long Polling/],
    ['Short Polling', { shortPolling: cpu(60) }, /a tie with Long Polling/],
    ['Long Polling', { longPolling: cpu(95) }, /higher than Short Polling/],
    ['Long Polling', { longPolling: cpu(10) }, /lower than SSE.* and WebSockets/],
    ['SSE', { sse: cpu(60) }, /a tie with Long Polling/],
    ['WebSockets', { webSocket: cpu(61) }, /higher than Long Polling/],
  ])('%s does not where it is not', (technique, change, figure) => {
    expect(claim(reportWith({ ...asTheGuideHasIt, ...change }), 'server-overhead', technique)).toEqual({
      result: 'does not hold',
      figure: expect.stringMatching(figure),
    });
  });
  it('a row that is invalid is nothing to compare with', () => {
    const report = reportWith({ ...asTheGuideHasIt, longPolling: () => ({ verdict: 'invalid', reasons: ['lost'] }) });
    expect(claim(report, 'server-overhead', 'SSE')).toMatchObject({
      result: 'not measured',
      figure: expect.stringContaining('Long Polling'),
    });
    expect(claim(report, 'server-overhead', 'Long Polling')).toEqual({
      result: 'not measured',
      figure: 'the row is invalid',
    });
  });
});

describe('binary data', () => {
  const { binary } = EXAMPLE_EXTRA;
  if (!binary) throw new Error('the example has no exchange');
  it.each<[GuideTechnique, string]>([
    ['Short Polling', 'Short polling'],
    ['Long Polling', 'Long polling'],
    ['WebSockets', 'WebSocket'],
  ])('%s: it came back; where it did not, there is no figure', (technique, label) => {
    expect(claim(guideReport(), 'binary-data', technique).result).toBe('holds');
    const rows = binary.rows.filter((row) => row.label !== label);
    const failed = [{ label, reason: 'a message of 1024 B did not arrive as it was sent' }];
    const report = withExtra({ binary: { ...binary, rows, failed } });
    expect(claim(report, 'binary-data', technique)).toEqual({ result: 'not measured', figure: failed[0]?.reason });
  });
  it.each<[number, string]>([
    [1_366, 'holds'],
    [1_365, 'does not hold'],
  ])('SSE: %i B for 1,024', (down, result) => {
    const rows = changed(binary.rows, 'SSE', { message: { up: 0, down } });
    expect(claim(withExtra({ binary: { ...binary, rows } }), 'binary-data', 'SSE').result).toBe(result);
  });
});

describe('browser support', () => {
  const viaBrowser = { scenario: { ...EXAMPLE_SCENARIO, via: 'browser' as const } };
  it.each(GUIDE_TECHNIQUES)('$technique: known where pages were the probes, and of one browser', ({ technique }) => {
    expect(claim(guideReport(), 'browser-support', technique).result).toBe('not measured');
    const seen = claim(reportWith({}, viaBrowser), 'browser-support', technique);
    expect(seen).toEqual({ result: 'holds', figure: expect.stringContaining('Chromium, the one browser') });
  });
  it.each([
    ['Short Polling', 'Short polling'],
    ['Long Polling', 'Long polling'],
    ['SSE', 'SSE'],
    ['WebSockets', 'WebSocket'],
  ] as const)('%s does not hold where no page can', (technique, label) => {
    const report = withFacts(label, { browser: 'unavailable', browserObstacle: 'a page cannot' });
    expect(claim(report, 'browser-support', technique)).toEqual({ result: 'does not hold', figure: 'a page cannot' });
  });
});

describe('through proxies', () => {
  const { nginx } = EXAMPLE_EXTRA;
  if (!nginx) throw new Error('the example has no nginx');
  const through = (label: string, change: Partial<(typeof nginx.rows)[number]>) =>
    withExtra({ nginx: { ...nginx, rows: changed(nginx.rows, label, change) } });
  it.each([
    ['Short Polling', 'Short polling'],
    ['Long Polling', 'Long polling'],
    ['SSE', 'SSE'],
  ] as const)('%s holds where it passes as it is', (technique, label) => {
    expect(claim(through(label, { outcome: 'delivered' }), 'through-proxies', technique).result).toBe('holds');
    for (const outcome of ['delayed', 'cut', 'dead'] as const) {
      expect(claim(through(label, { outcome }), 'through-proxies', technique).result).toBe('does not hold');
    }
    expect(claim(through(label, { direct: 'delayed' }), 'through-proxies', technique).result).toBe('not measured');
  });
  it('WebSockets: needs a line, and there is one', () => {
    expect(claim(guideReport(), 'through-proxies', 'WebSockets').result).toBe('holds');
    expect(claim(through('WebSocket', { mend: null }), 'through-proxies', 'WebSockets').result).toBe('does not hold');
    expect(
      claim(through('WebSocket', { outcome: 'delivered', mend: null }), 'through-proxies', 'WebSockets').result,
    ).toBe('does not hold');
    expect(claim(through('WebSocket', { direct: 'cut' }), 'through-proxies', 'WebSockets').result).toBe('not measured');
  });
});

describe('scalability: an order of what a client more takes', () => {
  const { growth } = EXAMPLE_EXTRA;
  if (!growth) throw new Error('the example has no growth');
  /** Slopes in µs of CPU a second a client, by label. */
  const grown = (slopes: Readonly<Record<string, number>>) => {
    const rows = growth.rows.map((row) => ({
      ...row,
      points: row.points.map((point) => ({ ...point, cpuShare: (point.clients * (slopes[row.label] ?? 1)) / 1e6 })),
    }));
    const changes = Object.fromEntries(
      Object.entries(EXAMPLE_ROWS).map(([name, { row }]) => [
        name,
        (run: CompletedRun) => ({ server: { ...run.server, cpuShare: (100 * (slopes[row.label] ?? 1)) / 1e6 } }),
      ]),
    );
    return reportWith(changes, { guide: exampleGuide({ ...EXAMPLE_EXTRA, growth: { ...growth, rows } }) });
  };
  const order = { 'Short polling': 900, 'Long polling': 600, SSE: 300, WebSocket: 300 };
  it('holds for all where the order is that of the guide', () => {
    for (const { technique } of GUIDE_TECHNIQUES)
      expect(claim(grown(order), 'scalability', technique).result).toBe('holds');
  });
  it.each<[GuideTechnique, Record<string, number>]>([
    ['Short Polling', { 'Short polling': 500 }],
    ['Long Polling', { 'Long polling': 950 }],
    ['SSE', { SSE: 600 }],
    ['WebSockets', { WebSocket: 700 }],
  ])('%s does not where it is not', (technique, change) => {
    expect(claim(grown({ ...order, ...change }), 'scalability', technique).result).toBe('does not hold');
  });
  it('without the runs with fewer clients it is not known', () => {
    expect(claim(guideReport(null), 'scalability', 'SSE')).toMatchObject({
      result: 'not measured',
      figure: expect.stringContaining('rtbench run --table guide'),
    });
  });
});

describe('scalability, by documents of other loads', () => {
  type Slopes = Parameters<typeof sweepOf>[1];
  const withLoads = (slopes: Slopes | null, bounds: Parameters<typeof capacityOf>[1] | null) => {
    const report = guideReport(null);
    const documents = [
      ...(slopes === null ? [] : [{ file: 'sweep.json', report: sweepOf(report, slopes) }]),
      ...(bounds === null ? [] : [{ file: 'capacity.json', report: capacityOf(report, bounds) }]),
    ];
    const loads = loadsFrom(documents, { ...report, rows: report.transports });
    return guideReport(null, loads);
  };
  const slopes: Slopes = {
    'Short polling': [900, 10],
    'Long polling': [600, 10],
    SSE: [300, 10],
    WebSocket: [300, 10],
  };
  const bounds = {
    'Short polling': { pass: 100, fail: 110 },
    'Long polling': { pass: 200, fail: 220 },
    SSE: { pass: 400, fail: 440 },
    WebSocket: { pass: 410, fail: 800, failedBy: 'generator' as const },
  };

  it.each<[string, Slopes | null, typeof bounds | null]>([
    ['growth', slopes, null],
    ['capacity', null, bounds],
    ['both', slopes, bounds],
  ])('%s in the order of the guide: holds for all', (_title, growth, capacity) => {
    for (const { technique } of GUIDE_TECHNIQUES)
      expect(claim(withLoads(growth, capacity), 'scalability', technique).result).toBe('holds');
  });

  it.each<[title: string, technique: GuideTechnique, Slopes]>([
    ['above', 'Short Polling', { ...slopes, 'Short polling': [500, 10] }],
    ['below', 'SSE', { ...slopes, SSE: [700, 10] }],
    ['within 10 %', 'WebSockets', { ...slopes, WebSocket: [546, 1], 'Long polling': [600, 1] }],
    ['within two standard errors', 'WebSockets', { ...slopes, WebSocket: [300, 150] }],
  ])('growth: %s what the guide grades otherwise, and it does not', (_title, technique, changed) => {
    expect(claim(withLoads(changed, null), 'scalability', technique).result).toBe('does not hold');
    expect(claim(withLoads(changed, bounds), 'scalability', technique).result).toBe('does not hold');
  });

  it('growth: just beyond 10 % and two standard errors it does', () => {
    for (const WebSocket of [
      [544, 1],
      [300, 149],
    ] as const)
      expect(
        claim(withLoads({ ...slopes, WebSocket, 'Long polling': [600, 1] }, null), 'scalability', 'WebSockets').result,
      ).toBe('holds');
  });

  it.each<[title: string, technique: GuideTechnique, typeof bounds]>([
    ['more than one of a better grade', 'Long Polling', { ...bounds, 'Long polling': { pass: 450, fail: 500 } }],
    ['a bracket that touches', 'SSE', { ...bounds, SSE: { pass: 220, fail: 440 } }],
  ])('capacity: %s, and it does not, whatever the growth', (_title, technique, changed) => {
    expect(claim(withLoads(null, changed), 'scalability', technique).result).toBe('does not hold');
    expect(claim(withLoads(slopes, changed), 'scalability', technique).result).toBe('does not hold');
  });

  it('capacity: one client beyond is told apart', () => {
    const report = withLoads(null, { ...bounds, SSE: { pass: 221, fail: 440 } });
    expect(claim(report, 'scalability', 'SSE')).toEqual({
      result: 'holds',
      figure:
        '221 to 440 clients within 200 ms: p99 too late, more than Short Polling 100 to 110 and Long Polling 200 to 220',
    });
  });

  it('what the generator ended says nothing: growth decides, or it was not measured', () => {
    const ended = Object.fromEntries(
      Object.entries(bounds).map(([label, row]) => [label, { ...row, failedBy: 'generator' as const }]),
    );
    expect(claim(withLoads(slopes, ended), 'scalability', 'SSE').result).toBe('holds');
    const alone = withLoads(null, ended);
    expect(claim(alone, 'scalability', 'SSE')).toMatchObject({ result: 'not measured' });
    expect(cellOf(alone, 'scalability', 'SSE').lines).toEqual([
      'carries at least 400 clients within 200 ms: generator-bound at 440',
    ]);
  });

  it('a p99 that is too late at every level is no limit of clients', () => {
    const late = { ...bounds, 'Short polling': { state: 'none' as const, pass: null, fail: 1 } };
    expect(claim(withLoads(null, late), 'scalability', 'SSE').result).toBe('not measured');
    expect(cellOf(withLoads(slopes, late), 'scalability', 'Short Polling').lines.at(-1)).toBe(
      'carries not even 1 client within 200 ms: p99 300 ms, above 200 ms, its own delay and no limit of what it carries',
    );
  });

  it('what the documents do not have is named with the file', () => {
    const { missing } = cellOf(withLoads({ SSE: [1, 1] }, { SSE: { pass: 1, fail: 2 } }), 'scalability', 'WebSockets');
    expect(missing).toEqual([
      'growth: not measured: it is not in sweep.json',
      'capacity: not measured: it is not in capacity.json',
    ]);
  });
});

describe('best for', () => {
  const inScenario = (name: string, changes: Changes = {}) =>
    reportWith(changes, { scenario: { ...EXAMPLE_SCENARIO, name } });
  it.each<[GuideTechnique, string, RowName]>([
    ['Short Polling', 'dashboard-refresh', 'shortPolling'],
    ['Long Polling', 'notification-feed', 'longPolling'],
    ['SSE', 'log-streaming', 'sse'],
    ['WebSockets', 'chat', 'webSocket'],
  ])('%s in %s: fast enough, and nothing that is fast enough is cheaper in both', (technique, scenario, name) => {
    expect(claim(inScenario('broadcast'), 'best-for', technique).result).toBe('not measured');
    const fine = (run: CompletedRun) => ({ ...p99(150_000)(run), ...cpu(1)(run) });
    expect(claim(inScenario(scenario, { [name]: fine }), 'best-for', technique).result).toBe('holds');
    const slow = (run: CompletedRun) => ({ ...p99(200_100)(run), ...cpu(1)(run) });
    expect(claim(inScenario(scenario, { [name]: slow }), 'best-for', technique)).toMatchObject({
      result: 'does not hold',
      figure: expect.stringContaining('200 ms'),
    });
    const dear = (run: CompletedRun) => ({
      ...p99(150_000)(run),
      ...cpu(99)(run),
      bytes: { ...run.bytes, perMessage: { up: 500, down: 500 } },
    });
    expect(claim(inScenario(scenario, { [name]: dear }), 'best-for', technique)).toMatchObject({
      result: 'does not hold',
      figure: expect.stringMatching(/less CPU and fewer bytes/),
    });
  });

  it('which is cheaper is not said of two rounds', () => {
    const report = inScenario('log-streaming', { sse: p99(150_000) });
    const short = (rounds: number) => ({
      ...report,
      transports: report.transports.map((row) => ({
        ...row,
        rounds: row.rounds.slice(0, rounds),
      })) as typeof report.transports,
    });
    expect(claim(short(3), 'best-for', 'SSE').result).not.toBe('not measured');
    expect(claim(short(2), 'best-for', 'SSE')).toEqual({
      result: 'not measured',
      figure: 'which is cheaper takes 3 rounds to say, there were 2',
    });
  });
});

describe('complexity: an order of lines of code in a page', () => {
  const judgeWith = (technique: GuideTechnique, lines: Readonly<Record<string, number>>) => {
    const codes = Object.fromEntries(
      GUIDE_TECHNIQUES.map(({ technique: name, transport }) => {
        const size = { lines: lines[name] ?? 0, states: 0 };
        return [transport, { page: size, node: size }];
      }),
    );
    const evidence = evidenceOf(guideReport());
    const column = evidence.columns.find((candidate) => candidate.technique === technique);
    if (!column) throw new Error('no such column');
    return complexityBy(codes).claims[technique].judge(column, evidence);
  };
  const order = { 'Short Polling': 10, 'Long Polling': 20, SSE: 20, WebSockets: 40 };
  it.each(GUIDE_TECHNIQUES)('$technique holds where the order is that of the guide', ({ technique }) => {
    expect(judgeWith(technique, order).result).toBe('holds');
  });
  it.each<[GuideTechnique, number, RegExp]>([
    ['Short Polling', 17, /a tie with Long Polling \(20\) and a tie with SSE/],
    ['Short Polling', 30, /more than Long Polling/],
    ['Long Polling', 9, /a tie with Short Polling/],
    ['Long Polling', 60, /more than WebSockets/],
    ['SSE', 36, /a tie with WebSockets/],
    ['WebSockets', 12, /a tie with Short Polling.*fewer than/],
  ])('%s with %i lines does not', (technique, lines, figure) => {
    expect(judgeWith(technique, { ...order, [technique]: lines })).toEqual({
      result: 'does not hold',
      figure: expect.stringMatching(figure),
    });
  });
  it('a fifth more is no tie any more', () => {
    expect(judgeWith('Short Polling', { ...order, 'Short Polling': 16 }).result).toBe('holds');
  });
});
