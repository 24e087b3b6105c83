import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleReport } from '../testing/example-report.js';
import { measuredReport, measuredRow } from '../testing/measured-rows.js';
import { type Choice, cheaperInBoth, choiceOf, chosen, cpuRatio } from './choice.js';
import { reportRow } from './rows.js';
import type { ReportRow } from './schema.js';
import { toleranceOf } from './tolerance.js';

const { shortPolling, longPolling, sse, webSocket, grpc, tcp } = EXAMPLE_ROWS;
const labels = (rows: readonly ReportRow[]) => rows.map(({ label }) => label);
/** Places as one reads them: `SSE = WebSocket`, `Long polling (serverCpu)`. */
const read = ({ places }: Choice) =>
  places.map(({ rows, behind }) => labels(rows).join(' = ') + (behind === null ? '' : ` (${behind.by})`));

describe('the rule', () => {
  it('puts who is in time first, whatever it costs', () => {
    const rows = [
      measuredRow(shortPolling, { p99Ms: 495, cpuUs: 4, bytes: 210 }),
      measuredRow(longPolling, { p99Ms: 5, cpuUs: 60, bytes: 630 }),
      measuredRow(sse, { p99Ms: [150, 250, 150], cpuUs: 10, bytes: 220 }),
    ];
    const choice = choiceOf(measuredReport(rows));
    expect(read(choice)).toEqual(['Long polling', 'SSE (tolerance)', 'Short polling (tolerance)']);
    expect(labels(chosen(choice))).toEqual(['Long polling']);
  });

  it('then the least server CPU, and of those that are level the fewest bytes', () => {
    const rows = [
      measuredRow(longPolling, { p99Ms: 5, cpuUs: 60, bytes: 100 }),
      measuredRow(sse, { p99Ms: 2, cpuUs: [14, 15, 12], bytes: 226 }),
      measuredRow(webSocket, { p99Ms: 2, cpuUs: [12, 13, 14], bytes: 204 }),
    ];
    const choice = choiceOf(measuredReport(rows));
    expect(read(choice)).toEqual(['WebSocket', 'SSE (bytes)', 'Long polling (serverCpu)']);
    expect(choice.places.map(({ behind }) => behind?.than?.label)).toEqual([undefined, 'WebSocket', 'WebSocket']);
  });

  it('calls a tie a tie, in the order of the table', () => {
    const rows = [
      measuredRow(sse, { p99Ms: 2, cpuUs: [13, 14, 12], bytes: 205 }),
      measuredRow(webSocket, { p99Ms: 1, cpuUs: [12, 13, 14], bytes: 204 }),
    ];
    expect(read(choiceOf(measuredReport(rows)))).toEqual(['SSE = WebSocket']);
  });

  it('tells no CPU apart by one round: bytes decide', () => {
    const rows = [
      measuredRow(longPolling, { p99Ms: 5, cpuUs: 60, bytes: 630, rounds: 1 }),
      measuredRow(sse, { p99Ms: 2, cpuUs: 12, bytes: 226, rounds: 1 }),
    ];
    expect(read(choiceOf(measuredReport(rows)))).toEqual(['SSE', 'Long polling (bytes)']);
  });

  it('asks the delay that it is given, in place of that of the scenario', () => {
    const report = exampleReport();
    expect(labels(chosen(choiceOf(report)))).not.toContain('Short polling');
    expect(labels(chosen(choiceOf(report, { toleratesMs: 600 })))).toEqual(['Short polling']);
    expect(chosen(choiceOf(report, { toleratesMs: 1 }))).toEqual([]);
  });

  it('leaves out what may not be chosen, as if it had not been measured', () => {
    const accepts = ({ group }: ReportRow) => group === 'web';
    const choice = choiceOf(exampleReport(), { accepts });
    expect(read(choice)).toEqual(['WebSocket', 'SSE (bytes)', 'Long polling (serverCpu)', 'Short polling (tolerance)']);
    expect(choice.unplaced).toEqual([]);
  });
});

describe('rows without a place', () => {
  it('are those that are not sound, with the reason; a control is no choice and has none', () => {
    const failed = reportRow(grpc.row, [{ state: 'failed', round: 0, reason: 'x' }], 3);
    const rows = [
      measuredRow(sse, { p99Ms: 2, cpuUs: 12, bytes: 226, verdict: 'suspect' }),
      measuredRow(longPolling, { p99Ms: 2, cpuUs: 1, bytes: 1, verdict: 'saturated' }),
      measuredRow(webSocket, { p99Ms: 2, cpuUs: 1, bytes: 1, verdict: 'invalid' }),
      failed,
      measuredRow(tcp, { p99Ms: 1, cpuUs: 1, bytes: 1 }),
    ];
    const choice = choiceOf(measuredReport(rows));
    expect(read(choice)).toEqual(['SSE']);
    expect(choice.unplaced.map(({ row, reason }) => `${row.label}: ${reason}`)).toEqual([
      'Long polling: its figures are saturated',
      'WebSocket: its figures are invalid',
      'gRPC stream: it failed',
    ]);
  });

  it('are those that lack a cost which others have; one that all lack decides nothing', () => {
    const bare = measuredRow(sse, { p99Ms: 2, cpuUs: null, bytes: 1 });
    const choice = choiceOf(measuredReport([bare, measuredRow(webSocket, { p99Ms: 2, cpuUs: 12, bytes: 204 })]));
    expect(read(choice)).toEqual(['WebSocket']);
    expect(choice.unplaced.map(({ reason }) => reason)).toEqual(['its server CPU per delivery was not measured']);
    const both = [bare, measuredRow(webSocket, { p99Ms: 2, cpuUs: null, bytes: 204 })];
    expect(read(choiceOf(measuredReport(both)))).toEqual(['SSE', 'WebSocket (bytes)']);
  });
});

describe('cpuRatio', () => {
  const cheap = measuredRow(sse, { p99Ms: 2, cpuUs: 10, bytes: 200, rounds: 6 });
  const dear = measuredRow(longPolling, { p99Ms: 2, cpuUs: [19, 20, 21, 20, 19, 21], bytes: 200, rounds: 6 });
  const late = measuredRow(shortPolling, { p99Ms: 900, cpuUs: 1, bytes: 200, rounds: 6 });

  it('reads the same from both sides', () => {
    const choice = choiceOf(measuredReport([cheap, dear, late]));
    const [up, down] = [cpuRatio(choice, dear, cheap), cpuRatio(choice, cheap, dear)];
    expect(up).toMatchObject({ different: true, ratio: expect.closeTo(2, 2) });
    expect(up?.interval?.low).toBeCloseTo(1.9, 6);
    expect(down).toMatchObject({ different: true, ratio: expect.closeTo(0.5, 2) });
    expect(down?.interval?.high).toBeCloseTo(1 / 1.9, 6);
  });

  it('is not there for rows of different tolerance', () => {
    expect(cpuRatio(choiceOf(measuredReport([cheap, late])), late, cheap)).toBeUndefined();
  });
});

describe('cheaperInBoth', () => {
  const own = { p99Ms: 2, cpuUs: 12, bytes: 204 };
  const cheaper = (other: Parameters<typeof measuredRow>[1]) => {
    const row = measuredRow(sse, own);
    const report = measuredReport([row, measuredRow(webSocket, other)]);
    return labels(cheaperInBoth(choiceOf(report), row));
  };
  it.each<[title: string, other: Parameters<typeof measuredRow>[1], expected: string[]]>([
    ['less CPU and fewer bytes', { p99Ms: 2, cpuUs: 8, bytes: 180 }, ['WebSocket']],
    ['less CPU alone', { p99Ms: 2, cpuUs: 8, bytes: 220 }, []],
    ['fewer bytes alone', { p99Ms: 2, cpuUs: 16, bytes: 180 }, []],
    ['CPU that the rounds do not tell apart', { p99Ms: 2, cpuUs: [8, 12.5, 8], bytes: 180 }, []],
    ['bytes within 1 %', { p99Ms: 2, cpuUs: 8, bytes: 202.5 }, []],
    ['both, and too late', { p99Ms: 900, cpuUs: 8, bytes: 180 }, []],
  ])('%s', (_title, other, expected) => {
    expect(cheaper(other)).toEqual(expected);
  });
});

describe('for all reports', () => {
  const figure = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: 3, maxLength: 3 });
  const figures = fc.record({ p99Ms: figure(100, 300), cpuUs: figure(8, 20), bytes: figure(200, 206) });
  const NONE = { p99Ms: 100, cpuUs: 8, bytes: 200 };
  const examples = [shortPolling, longPolling, sse, webSocket, grpc, tcp];
  const reports = fc
    .array(figures, { minLength: examples.length, maxLength: examples.length })
    .map((all) => measuredReport(examples.map((example, index) => measuredRow(example, all[index] ?? NONE))));

  it('every sound technique has exactly one place, and no control has one', () => {
    fc.assert(
      fc.property(reports, (report) => {
        const placed = choiceOf(report).places.flatMap(({ rows }) => labels(rows));
        expect(placed.sort()).toEqual(labels(report.transports.filter(({ group }) => group !== 'control')).sort());
      }),
    );
  });

  it('nobody who is late is chosen, and nobody stands before one who is in time', () => {
    fc.assert(
      fc.property(reports, (report) => {
        const choice = choiceOf(report);
        for (const row of chosen(choice)) expect(toleranceOf(row, 200)).toBe('within');
        const order = ['within', 'borderline', 'over', 'unknown'];
        const seen = choice.places.map(({ tolerance }) => order.indexOf(tolerance));
        expect(seen).toEqual([...seen].sort());
      }),
    );
  });

  it('nothing costs less in both than what has the first place', () => {
    fc.assert(
      fc.property(reports, (report) => {
        const choice = choiceOf(report);
        for (const row of choice.places[0]?.rows ?? []) expect(cheaperInBoth(choice, row)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('the order of the rows changes no place and no tie', () => {
    const placesOf = (choice: Choice) => choice.places.map(({ rows, behind }) => [labels(rows).sort(), behind?.by]);
    fc.assert(
      fc.property(reports, fc.integer({ min: 1, max: 5 }), (report, by) => {
        const { transports } = report;
        const turned = { ...report, transports: [...transports.slice(by), ...transports.slice(0, by)].reverse() };
        expect(placesOf(choiceOf(turned))).toEqual(placesOf(choiceOf(report)));
      }),
    );
  });

  it('what a place is behind by, the row it is behind of shows', () => {
    const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[1] ?? 0;
    fc.assert(
      fc.property(reports, (report) => {
        for (const { rows, behind } of choiceOf(report).places) {
          for (const row of rows) {
            if (behind === null || behind.than === null) continue;
            const of = (one: typeof row) =>
              median(
                one.rounds.map((run) => {
                  if (run.state !== 'completed') return 0;
                  return (behind.by === 'bytes' ? run.bytes.perMessage.down : run.server.cpuUsPerMessage) ?? 0;
                }),
              );
            expect(of(row)).toBeGreaterThan(of(behind.than));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
