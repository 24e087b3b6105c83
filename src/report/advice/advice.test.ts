import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../scenario/scenario.js';
import { evidenceFrom, shippedRows } from '../../testing/candidates.js';
import { EXAMPLE_ROWS, exampleReport } from '../../testing/example-report.js';
import { type Figures, measuredReport, measuredRow } from '../../testing/measured-rows.js';
import type { Passage, ProxiesReport } from '../proxies/schema.js';
import type { Report } from '../schema.js';
import { advise } from './advice.js';
import { type Answers, ASSUMED, type Sources } from './answers.js';
import { obstacleOf } from './candidate.js';
import type { PassageEvidence } from './passages.js';
import type { Advice } from './schema.js';

const { shortPolling, longPolling, sse, webSocket, grpc, tcp } = EXAMPLE_ROWS;
const SOURCES: Sources = {
  bidirectional: 'given',
  toleratesMs: 'scenario',
  binary: 'given',
  restrictiveProxies: 'assumed',
  browser: 'assumed',
};

let rows: readonly Row[] = [];
beforeAll(async () => {
  rows = await shippedRows('server');
});

function advised(changes: Partial<Answers>, report: Report | null, others: readonly Report[] = []): Advice {
  return advise({
    answers: { ...ASSUMED, toleratesMs: 200, ...changes },
    sources: SOURCES,
    candidates: rows,
    scenario: null,
    ...ASKED,
    evidence: report && evidenceFrom(report, rows),
    otherEvidence: others.map((other) => evidenceFrom(other, rows, 'other.json')),
  });
}

const ASKED = {
  made: {
    tool: { name: 'rtbench', version: '0.1.0' },
    startedAt: '2026-01-02T03:04:05.000Z',
    command: 'rtbench advise',
  },
  commands: {
    advice: 'rtbench advise --measure',
    sweep: 'rtbench sweep --vary rate=1/s..100/s',
    capacity: 'rtbench capacity',
  },
};

const labels = (advice: Advice) => advice.advised.map(({ label }) => label);
const fast = (changes: Partial<Figures>): Figures => ({ p99Ms: 2, cpuUs: 12, bytes: 204, ...changes });

describe('without a result', () => {
  it('goes by facts alone, and says so', () => {
    const advice = advised({}, null);
    expect(labels(advice)).toEqual(['SSE']);
    expect(advice).toMatchObject({ basis: 'facts', agreement: null, evidence: null });
    expect(advice.because).toBe('question 2: Use SSE');
    expect(advice.options.flatMap(({ p99Us, serverCpuUsPerMessage }) => [p99Us, serverCpuUsPerMessage])).toEqual(
      Array(10).fill(null),
    );
  });

  it('names nothing where nothing that ships can do it', () => {
    const noPolls = rows.filter(({ profile }) => profile.delivery === 'push');
    const request = { sources: SOURCES, candidates: noPolls, scenario: null, evidence: null, ...ASKED };
    const advice = advise({ ...request, answers: { ...ASSUMED, restrictiveProxies: true } });
    expect([advice.advised, advice.because]).toEqual([[], 'nothing that ships can do all of it']);
  });
});

describe('a scenario that is one of the use cases of the guide', () => {
  const written: Sources = { ...SOURCES, bidirectional: 'scenario', binary: 'scenario' };
  const sports = { name: 'live-sports-scores', title: 'Scores' };
  const ask = (changes: Partial<Answers>, sources: Sources, report: Report | null = null) =>
    advise({
      candidates: rows,
      scenario: sports,
      ...ASKED,
      answers: { ...ASSUMED, ...changes },
      sources,
      evidence: report && evidenceFrom(report, rows),
    });

  it('goes by its table before its questions', () => {
    const advice = ask({ toleratesMs: 5_000 }, written);
    expect(labels(advice)).toEqual(['SSE']);
    expect(advice.guide).toMatchObject({
      useCase: { name: 'Live sports scores', recommends: ['SSE'] },
      decides: { number: 3 },
    });
    expect(advice.because).toBe('Live sports scores: SSE');
  });

  it('is none of them any more once an answer was given', () => {
    const advice = ask({ toleratesMs: 5_000 }, { ...written, toleratesMs: 'given' });
    expect([labels(advice), advice.guide.useCase]).toEqual([['Short polling'], null]);
  });

  it('agrees with the table where the measurement does', () => {
    const report = measuredReport([
      measuredRow(shortPolling, fast({ p99Ms: 500, cpuUs: 30 })),
      measuredRow(sse, fast({})),
    ]);
    expect(ask({ toleratesMs: 5_000 }, written, report).agreement?.state).toBe('agrees');
    expect(ask({ toleratesMs: 5_000 }, { ...written, toleratesMs: 'given' }, report).agreement).toEqual({
      state: 'contradicted',
      because: 'Short polling is in time, at 2.5 × the server CPU and the same bytes per delivery of SSE',
    });
  });
});

describe('the guide and the measurement', () => {
  it('agree where what the guide means is in time and costs the least', () => {
    const report = measuredReport([
      measuredRow(sse, fast({ cpuUs: 10 })),
      measuredRow(webSocket, fast({ cpuUs: 12, bytes: 204 })),
    ]);
    const advice = advised({}, report);
    expect(labels(advice)).toEqual(['SSE']);
    expect(advice.agreement).toEqual({
      state: 'agrees',
      because: 'SSE is in time at 0.83 × the server CPU and the same bytes per delivery of WebSocket',
    });
    expect(advice.runnerUp).toMatchObject({
      transports: [{ label: 'WebSocket' }],
      because: 'in time; more server CPU than SSE',
    });
  });

  it('agree where it is not told apart from the least', () => {
    const report = measuredReport([measuredRow(sse, fast({ cpuUs: [12, 13, 12] })), measuredRow(webSocket, fast({}))]);
    const advice = advised({}, report);
    expect(labels(advice)).toEqual(['SSE', 'WebSocket']);
    expect(advice.agreement).toEqual({ state: 'agrees', because: 'SSE is not told apart from WebSocket' });
    expect(advice.because).toContain('neither server CPU nor bytes decide');
  });

  it('disagree where another costs less, with how much', () => {
    const cpu = measuredReport([measuredRow(sse, fast({ cpuUs: 24, bytes: 306 })), measuredRow(webSocket, fast({}))]);
    expect(advised({}, cpu).agreement).toEqual({
      state: 'contradicted',
      because: 'SSE is in time, at 2 × the server CPU and 1.5 × the bytes per delivery of WebSocket',
    });
    const bytes = measuredReport([measuredRow(sse, fast({ bytes: 306 })), measuredRow(webSocket, fast({}))]);
    expect(advised({}, bytes).agreement).toEqual({
      state: 'contradicted',
      because:
        'SSE is in time, at about the same server CPU (not told apart) and 1.5 × the bytes per delivery of WebSocket',
    });
  });

  it.each([
    [200, 'agrees'],
    [200.1, 'contradicted'],
  ] as const)('stand by the delay that is tolerated: p99 %d ms of 200 ms, %s', (p99Ms, state) => {
    const report = measuredReport([
      measuredRow(sse, fast({ p99Ms: [10, p99Ms, 10], cpuUs: 6 })),
      measuredRow(webSocket, fast({})),
    ]);
    expect(advised({}, report).agreement?.state).toBe(state);
  });

  it('disagree where what it means is too late', () => {
    const report = measuredReport([measuredRow(sse, fast({ p99Ms: 320 })), measuredRow(webSocket, fast({}))]);
    expect(advised({}, report).agreement).toEqual({
      state: 'contradicted',
      because: 'SSE misses 200 ms: p99 320 ms',
    });
  });

  it('facts alone decide where nothing is sound, and the notes say why', () => {
    const advice = advised({}, measuredReport([measuredRow(sse, fast({ verdict: 'invalid' }))]));
    expect(advice).toMatchObject({ basis: 'facts', evidence: null, agreement: null });
    expect(labels(advice)).toEqual(['SSE']);
    expect(advice.notes[0]).toBe('In result.json nothing that can do it was measured soundly.');
  });

  it('cannot be held against each other where it was not measured, not soundly, or nothing was in time', () => {
    const without = measuredReport([measuredRow(webSocket, fast({}))]);
    expect(advised({}, without).agreement).toEqual({ state: 'open', because: 'what the guide means was not measured' });
    const unsound = measuredReport([measuredRow(sse, fast({ verdict: 'invalid' })), measuredRow(webSocket, fast({}))]);
    expect(advised({}, unsound).agreement).toEqual({
      state: 'open',
      because: 'SSE has no place: its figures are invalid',
    });
    const late = measuredReport([measuredRow(sse, fast({ p99Ms: 320 }))]);
    const advice = advised({}, late);
    expect(advice.agreement).toMatchObject({ state: 'open' });
    expect([labels(advice), advice.because]).toEqual([
      [],
      'nothing that was measured stayed within 200 ms in every round',
    ]);
  });
});

describe('what cannot do it', () => {
  const report = () =>
    measuredReport([
      measuredRow(shortPolling, fast({ p99Ms: 500, cpuUs: 5 })),
      measuredRow(longPolling, fast({ cpuUs: 60, bytes: 630 })),
      measuredRow(webSocket, fast({})),
      measuredRow(grpc, fast({ cpuUs: 6, bytes: 100 })),
      measuredRow(tcp, fast({ cpuUs: 1, bytes: 1 })),
    ]);

  it('is not advised, however cheap, and stands with its reason', () => {
    const advice = advised({}, report());
    expect(labels(advice)).toEqual(['WebSocket']);
    expect(advice.options.filter(({ place }) => place === null)).toMatchObject([
      { label: 'gRPC stream', p99Us: null, reason: expect.stringMatching(/^no browser reaches it/) },
    ]);
    expect(labels(advised({ browser: false }, report()))).toEqual(['gRPC stream']);
    expect(labels(advised({ restrictiveProxies: true }, report()))).toEqual(['Long polling']);
  });

  it('is not advised where nothing is known of it', () => {
    const own = { ...measuredRow(webSocket, fast({ cpuUs: 1 })), transport: 'mine', label: 'Mine' };
    const advice = advised({}, measuredReport([own, measuredRow(sse, fast({}))]));
    expect(labels(advice)).toEqual(['SSE']);
    expect(advice.options.at(-1)).toMatchObject({ label: 'Mine', reason: 'what it can do is not known here' });
  });

  it('tells what would change the answer, with figures', () => {
    expect(advised({}, report()).changes.slice(0, 3)).toEqual([
      'If 500 ms were tolerated: Short polling, at 0.42 × the server CPU and the same bytes per delivery of WebSocket.',
      'If it had to work through restrictive proxies: Long polling.',
      'If no browser had to reach it: gRPC stream, at 0.5 × the server CPU and 0.49 × the bytes per delivery of WebSocket.',
    ]);
    expect(advised({ toleratesMs: 600 }, report()).changes).toContain('If less than 500 ms were tolerated: WebSocket.');
  });

  it('tells who would be in time too, where that changes nothing else', () => {
    const late = measuredRow(shortPolling, fast({ p99Ms: 497, cpuUs: 24, bytes: 249 }));
    expect(advised({}, measuredReport([late, measuredRow(webSocket, fast({}))])).changes[0]).toBe(
      'If 500 ms were tolerated, Short polling would do too, at 2 × the server CPU and 1.2 × the bytes per delivery of WebSocket.',
    );
  });

  it('tells of other loads that lead elsewhere only where they were measured', () => {
    const busy = measuredReport([measuredRow(sse, fast({ cpuUs: 2 })), measuredRow(webSocket, fast({}))]);
    const workload = { ...busy.scenario.workload, clients: 500, ratePerSecond: 300 };
    const other = { ...busy, scenario: { ...busy.scenario, workload } };
    expect(advised({}, report(), [other]).changes).toContain(
      'At 500 clients and 300 messages/s it was SSE (other.json).',
    );
    expect(advised({}, report(), []).changes.join()).not.toContain('it was');
  });
});

describe('notes', () => {
  const notes = (changes: Partial<Answers>, report: Report) => advised(changes, report).notes.join(' ');

  it('say where what was measured is not what was asked', () => {
    const report = exampleReport();
    expect(notes({}, report)).not.toMatch(/Only the server published|Bodies were|tolerates/);
    expect(notes({ bidirectional: true }, report)).toContain('Only the server published in what was measured');
    expect(notes({ binary: true }, report)).toContain(
      'Bodies were text in what was measured, and here they are binary',
    );
    expect(notes({ toleratesMs: 600 }, report)).toContain('rows were held against 600 ms instead');
  });

  it('say that one round tells no CPU apart', () => {
    expect(notes({}, measuredReport([measuredRow(sse, fast({ rounds: 1 }))]))).toContain('bytes decided alone');
  });
});

it('what was measured faster than life is held against the delay as fast, the questions against that of life', () => {
  const plain = measuredReport([
    measuredRow(shortPolling, fast({ p99Ms: 500 })),
    measuredRow(sse, fast({ cpuUs: 20 })),
  ]);
  const report = { ...plain, scenario: { ...plain.scenario, scale: 60, toleratesMs: 600 } };
  const advice = advised({ toleratesMs: 36_000 }, report);
  expect(labels(advice)).toEqual(['Short polling']);
  expect(advice.guide.decides.number).toBe(3);
  expect(advice.notes).toContain(
    'Measured 60 times as fast as in life: 600 ms here stand for 36 s, and so for every delay; network and CPU did not get faster.',
  );
  expect(labels(advised({ toleratesMs: 24_000 }, report))).toEqual(['SSE']);
});

describe('restrictive proxies', () => {
  const passage = (middlebox: string, configuration: string, outcome: 'delivered' | 'dead'): Passage => ({
    middlebox,
    configuration,
    mends: [],
    transport: 'long-polling',
    label: 'Long polling',
    group: 'web',
    deliveredBy: 'pull',
    inProcess: false,
    settings: {},
    outcome,
    reason: null,
    connectMs: 1,
    firstMessageMs: 1,
    delayMs: null,
    published: 5,
    delivered: 5,
    bursts: 5,
    heldBackBytes: null,
    survivedSilence: null,
    notMeasured: {},
  });
  const tried = (passages: readonly Passage[]) => ({
    file: 'proxies.json',
    // Of the report only the passages count.
    report: { passages } as unknown as ProxiesReport,
  });
  const asked = (passages: PassageEvidence | null) =>
    advise({
      answers: { ...ASSUMED, restrictiveProxies: true },
      sources: SOURCES,
      candidates: rows,
      scenario: null,
      evidence: null,
      passages,
      ...ASKED,
    });

  it('says what was seen behind those that were tried as they are', () => {
    const advice = asked(
      tried([
        passage('direct', 'none', 'delivered'),
        passage('nginx', 'default', 'delivered'),
        passage('nginx', 'documented', 'dead'),
        passage('hostile', 'buffer', 'delivered'),
        passage('hostile', 'gzip', 'dead'),
        { ...passage('haproxy', 'default', 'dead'), transport: 'sse' },
        { ...passage('haproxy', 'default', 'dead'), settings: { holdMs: 1 } },
      ]),
    );
    expect(labels(advice)).toEqual(['Long polling']);
    expect(advice.inFavour).toContain('behind nginx and hostile buffer: delivered (proxies.json)');
    expect(advice.against).toContain('behind hostile gzip: dead (proxies.json)');
    expect(advice.notes.join()).not.toContain('no proxy was tried');
  });

  it('says that none was tried', () => {
    expect(asked(null).notes.join()).toContain('no proxy was tried');
  });
});

it.each([
  [249, /Short polling was measured with a poll every 500 ms; below 249 ms it might be in time, and cost more/],
  [500, /^(?!.*with a poll every)/],
  [1_000, /Short polling was measured with a poll every 500 ms; every 1 s would do, and cost less/],
])('of an interval that does not fit %d ms the notes say what would', (toleratesMs, expected) => {
  const report = measuredReport([measuredRow(shortPolling, fast({})), measuredRow(sse, fast({}))]);
  expect(advised({ toleratesMs }, report).notes.join(' ')).toMatch(expected);
});

describe('for all answers and figures', () => {
  const any = fc.record({
    bidirectional: fc.boolean(),
    toleratesMs: fc.integer({ min: 1, max: 5_000 }),
    binary: fc.boolean(),
    restrictiveProxies: fc.boolean(),
    browser: fc.boolean(),
  });
  const figures = fc.record({
    p99Ms: fc.integer({ min: 1, max: 5_000 }),
    cpuUs: fc.integer({ min: 1, max: 100 }),
    bytes: fc.integer({ min: 100, max: 500 }),
  });
  const examples = [shortPolling, longPolling, sse, webSocket, grpc, tcp];
  const several = fc.array(figures, { minLength: examples.length, maxLength: examples.length });

  it('the advice names no row that cannot do it, or is late', () => {
    fc.assert(
      fc.property(any, several, (answers, all) => {
        const report = measuredReport(examples.map((example, index) => measuredRow(example, all[index] ?? fast({}))));
        const advice = advised(answers, report);
        for (const { label, transport } of advice.advised) {
          const row = rows.find((one) => one.transport === transport) ?? expect.fail(transport);
          expect(obstacleOf(row, answers)).toBeUndefined();
          expect(row.profile.group).not.toBe('control');
          const option = advice.options.find((one) => one.label === label);
          if (advice.basis === 'facts') continue;
          expect(option?.tolerance).toBe('within');
          expect(option?.p99Us ?? 0).toBeLessThanOrEqual(answers.toleratesMs * 1_000);
        }
        expect(advice.options).toHaveLength(examples.length - 1);
      }),
    );
  });
});
