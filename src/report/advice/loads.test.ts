import { beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../scenario/scenario.js';
import { evidenceFrom, shippedRows } from '../../testing/candidates.js';
import { EXAMPLE_ROWS } from '../../testing/example-report.js';
import { capacityOf, sweepOf } from '../../testing/load-documents.js';
import { measuredReport, measuredRow } from '../../testing/measured-rows.js';
import type { CapacityReport } from '../capacity/schema.js';
import type { Report } from '../schema.js';
import type { SweepCrossing, SweepReport } from '../sweep/schema.js';
import { advise } from './advice.js';
import { type Answers, ASSUMED } from './answers.js';
import { parseAdvice } from './file.js';
import type { Advice } from './schema.js';

const { shortPolling, sse, webSocket, grpc } = EXAMPLE_ROWS;
const COMMANDS = { advice: 'rtbench advise --measure', sweep: 'rtbench sweep', capacity: 'rtbench capacity' };

let rows: readonly Row[] = [];
beforeAll(async () => {
  rows = await shippedRows('server');
});

/** SSE is the best; polls are late, and no browser reaches gRPC. */
function measured(changes: Partial<Report['scenario']> = {}): Report {
  const figures = { p99Ms: 2, bytes: 204 };
  const report = measuredReport([
    measuredRow(shortPolling, { ...figures, p99Ms: 500, cpuUs: 30 }),
    measuredRow(sse, { ...figures, cpuUs: 10 }),
    measuredRow(webSocket, { ...figures, cpuUs: 20 }),
    measuredRow(grpc, { ...figures, cpuUs: 30 }),
  ]);
  return { ...report, scenario: { ...report.scenario, toleratesMs: 200, ...changes } };
}

function adviceWith(
  documents: readonly (SweepReport | CapacityReport)[],
  answers: Partial<Answers> = {},
  report: Report | null = measured(),
): Advice {
  return advise({
    answers: { ...ASSUMED, toleratesMs: 200, ...answers },
    sources: {
      bidirectional: 'given',
      toleratesMs: 'given',
      binary: 'given',
      restrictiveProxies: 'given',
      browser: 'given',
    },
    candidates: rows,
    scenario: null,
    evidence: report && evidenceFrom(report, rows),
    loads: documents.map((document) => ({
      file: `${document.kind}.json`,
      report: document,
      candidates: document.transports.map(({ transport }) => rows.find((row) => row.transport === transport)),
    })),
    commands: COMMANDS,
    made: {
      tool: { name: 'rtbench', version: '0.1.0' },
      startedAt: '2026-01-02T03:04:05.000Z',
      command: 'rtbench advise',
    },
  });
}

const LABELS = ['Short polling', 'SSE', 'WebSocket', 'gRPC stream'] as const;
type Label = (typeof LABELS)[number];

function sweep(
  variable: SweepReport['vary']['variable'],
  values: readonly number[],
  crossings: readonly (Partial<SweepCrossing> & { readonly of: readonly [Label, Label] })[],
  report = measured(),
): SweepReport {
  expect(report.transports.map(({ label }) => label)).toEqual(LABELS);
  return {
    ...sweepOf(report, Object.fromEntries(LABELS.map((label) => [label, [1, 0.1] as const]))),
    vary: { variable, values: [...values] },
    crossings: crossings.map(({ of: [a, b], ...changes }) => ({
      cost: 'serverCpu',
      a: LABELS.indexOf(a),
      b: LABELS.indexOf(b),
      state: 'not told apart',
      at: null,
      low: null,
      high: null,
      extrapolated: false,
      cheaperAtLow: null,
      cheaperAtHigh: null,
      confirmation: null,
      notMeasured: {},
      ...changes,
    })),
  };
}

const RATES = [0.01, 1, 100];
const CROSSED = {
  state: 'crossing',
  at: 0.025,
  low: 0.02,
  high: 0.03,
  cheaperAtLow: 'b',
  cheaperAtHigh: 'a',
  confirmation: { value: 0.025, runs: 3, a: 10_000, b: 10_100, ratio: 0.99, confirmed: true },
} as const;

describe('a sweep', () => {
  it('tells at which rate another costs less, how sure that is, and on which side one is', () => {
    const { changes } = adviceWith([sweep('rate', RATES, [{ of: ['SSE', 'WebSocket'], ...CROSSED }])]);
    expect(changes).toContain(
      'Server CPU: below one message per 40 s (between 1 per 50 s and 1 per 33.3 s not told) WebSocket costs less, above it SSE. Confirmed there by 3 runs of each: SSE 1 % of a core, WebSocket 1.01 % of a core. Here it is 120/s. That is in sweep.json.',
    );
    expect(changes.join()).not.toContain('At other rates');
  });

  it('leaves out what is late, and what cannot do it', () => {
    const crossings = [
      { of: ['Short polling', 'SSE'], ...CROSSED },
      { of: ['SSE', 'gRPC stream'], ...CROSSED },
    ] as const;
    const turns = (answers: Partial<Answers>, report?: Report) =>
      adviceWith([sweep('rate', RATES, crossings)], answers, report)
        .changes.filter((change) => change.startsWith('Server CPU: '))
        .map((change) => /Short polling|gRPC stream/.exec(change)?.[0]);
    expect(turns({})).toEqual([]);
    expect(turns({ browser: false })).toEqual(['gRPC stream']);
    expect(turns({ toleratesMs: 5_000 })).toEqual(['Short polling']);
  });

  it('has points for and against where the order stays', () => {
    const { inFavour, against, changes } = adviceWith([
      sweep(
        'clients',
        [25, 100, 400],
        [
          { of: ['SSE', 'WebSocket'], state: 'throughout', cheaperAtLow: 'a', cheaperAtHigh: 'a' },
          { of: ['SSE', 'WebSocket'], cost: 'bytes', state: 'at one end', cheaperAtHigh: 'b' },
        ],
      ),
    ]);
    expect(inFavour).toContain('less server CPU than WebSocket from 25 to 400 clients (sweep.json)');
    expect(against).toContain(
      'more bytes than WebSocket at 400 clients; at 25 clients they are not told apart (sweep.json)',
    );
    expect(changes).toContain('From 25 to 400 clients no cost of SSE crosses that of WebSocket (sweep.json).');
    expect(changes).toContain('At other rates of messages: not measured; run `rtbench sweep`.');
  });

  it.each([
    [200, 'Polls so rare are later than the 200 ms that are tolerated.'],
    [5_000, 'Polls as rare as every 5 s are tolerated.'],
  ])('over the interval says which one %d ms allow', (toleratesMs, expected) => {
    const at = { ...CROSSED, at: 4_000, low: null, high: null };
    const crossing = { of: ['SSE', 'Short polling'], ...at, cheaperAtLow: 'a', cheaperAtHigh: 'b' } as const;
    const { changes } = adviceWith([sweep('interval', [250, 1_000, 8_000], [crossing])], { toleratesMs });
    const turn = changes.find((change) => change.startsWith('Server CPU: below a poll every 4 s SSE costs less'));
    expect(turn).toContain(expected);
  });
});

it('a scaled sweep speaks of a transport whose period is as in life', () => {
  const scaled = sweep('rate', RATES, [{ of: ['Short polling', 'SSE'], ...CROSSED }], measured({ scale: 60 }));
  const [polls, ...others] = scaled.transports;
  const transports = [...(polls ? [{ ...polls, settings: { ...polls.settings, intervalMs: 8 } }] : []), ...others];
  const { changes, notes } = adviceWith([{ ...scaled, transports }], { toleratesMs: 40_000 }, null);
  expect(changes.join()).toMatch(/below one message per 40 s .* SSE costs less, above it Short polling/);
  expect(notes).toContain('sweep.json was measured 60 times as fast as in life: so are its rates and delays.');
});

describe('a capacity', () => {
  const capacity = (webSocketPass: number) =>
    capacityOf(measured(), {
      SSE: { pass: 500, fail: 550 },
      WebSocket: { pass: webSocketPass, fail: 2 * webSocketPass },
      'gRPC stream': { pass: 5_000, fail: 5_500 },
    });

  it('tells how much it carries, and what carries more', () => {
    const { inFavour, changes } = adviceWith([capacity(900)]);
    expect(inFavour).toContain(
      'how much it carries with p99 within 200 ms and every message delivered: 500 clients pass, 550 clients do not: p99 300 ms, above 200 ms (capacity.json)',
    );
    expect(changes).toContain(
      'At 550 clients SSE does not keep the objective (p99 300 ms, above 200 ms); WebSocket still does at 900 clients (capacity.json).',
    );
    expect(changes.join()).not.toContain('With more clients');
  });

  it('claims nothing of brackets that touch, nor of what the generator could not bring about', () => {
    expect(adviceWith([capacity(540)]).changes.join()).toContain(
      'nothing else that is in time was found to carry more',
    );
    const bound = capacityOf(measured(), { SSE: { pass: 500, fail: 550, failedBy: 'generator' } });
    const { inFavour, changes } = adviceWith([bound]);
    expect(inFavour.join()).toContain('at least 500 clients; at 550 clients the generator gave out first');
    expect(changes.join()).not.toContain('does not keep the objective');
  });

  it('is a point against where nothing passed', () => {
    const none = capacityOf(measured(), { SSE: { state: 'none', pass: null, fail: 25 } });
    const { against, changes } = adviceWith([none]);
    expect(against.join()).toContain('not even 25 clients, p99 300 ms');
    // Late at every level there is: no limit of how much it carries.
    expect(changes.join()).not.toContain('does not keep the objective');
  });
});

describe('notes', () => {
  it('say where load or machine are not those of the result', () => {
    const { notes, loads } = adviceWith([
      sweep('clients', [25, 100, 400], [], measured({ workload: { ...measured().scenario.workload, sizeBytes: 999 } })),
    ]);
    const apart = 'workload.sizeBytes: 999 against 200';
    expect(notes).toContain(`sweep.json is not of the load and machine of result.json: ${apart}.`);
    expect(loads).toMatchObject([{ kind: 'sweep', about: 'clients', file: 'sweep.json', apart: [apart] }]);
  });

  it('say that a document has nothing on it, or asks for another delay', () => {
    const notes = (document: CapacityReport, answers: Partial<Answers> = {}) => adviceWith([document], answers).notes;
    expect(notes(capacityOf(measured(), { WebSocket: { pass: 500, fail: 550 } }))).toContain(
      'capacity.json says nothing of SSE.',
    );
    expect(notes(capacityOf(measured(), { SSE: { pass: 500, fail: 550 } }), { toleratesMs: 100 })).toContain(
      'capacity.json asks for p99 within 200 ms; here 100 ms are tolerated.',
    );
  });
});

it('without any the open questions stand there with the commands that answer them', () => {
  expect(adviceWith([]).changes.slice(-2)).toEqual([
    'At other rates of messages: not measured; run `rtbench sweep`.',
    'With more clients, up to the most it carries: not measured; run `rtbench capacity`.',
  ]);
});

it('facts alone are told of loads too', () => {
  const { basis, changes } = adviceWith([sweep('rate', RATES, [{ of: ['SSE', 'WebSocket'], ...CROSSED }])], {}, null);
  expect(basis).toBe('facts');
  expect(changes.join()).toMatch(/below one message per 40 s .* That is in sweep\.json/);
  expect(changes.join()).not.toContain('Here it is');
});

it('is read again as it was written', () => {
  for (const report of [measured(), null]) {
    const advice = adviceWith([sweep('rate', RATES, [{ of: ['SSE', 'WebSocket'], ...CROSSED }])], {}, report);
    expect(parseAdvice(JSON.stringify(advice), 'advice.json')).toEqual(advice);
  }
});
