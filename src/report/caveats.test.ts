import { describe, expect, it } from 'vitest';
import {
  EXAMPLE_ROWS,
  EXAMPLE_SCENARIO,
  type ExampleRow,
  exampleReport,
  exampleResults,
  exampleRun,
  exampleRuns,
} from '../testing/example-report.js';
import { caveats } from './caveats.js';
import { withheldDistribution } from './distribution.js';
import { roundsOf } from './precision.js';

const { webSocket, sse, longPolling } = EXAMPLE_ROWS;
const withWorkload = (changes: Partial<typeof EXAMPLE_SCENARIO.workload>) =>
  caveats(exampleReport({ scenario: { ...EXAMPLE_SCENARIO, workload: { ...EXAMPLE_SCENARIO.workload, ...changes } } }));
const withRounds = (rounds: number) => {
  const scenario = { ...EXAMPLE_SCENARIO, rounds };
  return caveats(exampleReport({ scenario, rows: [exampleResults(sse, exampleRuns(sse, scenario))] }));
};

it('says of the example what its figures are worth', () => {
  expect(caveats(exampleReport())).toMatchInlineSnapshot(`
    [
      "No memory per client for gRPC stream: memory fell while clients connected.",
      "Loopback has no distance: a network delays every row, most those with a round trip per message.",
      "Short polling: the poll interval sets the latency; the seed spreads the clients' polls over it.",
      "Bytes are TCP payload: no IP or TCP headers, no TLS.",
      "CPU holds at 100 clients and 120 messages/s, for these libraries on Node v20.20.0.",
      "Memory per client is one point, not a slope: it includes what the first client costs.",
      "3 rounds give a range, not a confidence interval, which takes 6.",
    ]
  `);
});

it('says of a server that is not its own what is seen from outside', () => {
  const target = { url: 'http://127.0.0.1:5000', headers: [], endpoints: {}, publish: 'POST /say', server: null };
  const said = (changes: Partial<typeof target> | { server: 'pid' }) =>
    caveats({ ...exampleReport(), target: { ...target, ...changes } }).join('\n');
  expect(said({})).toMatch(/^Measured from outside: .*\nMessages were published by POST \/say, /m);
  expect(said({})).toContain('Loopback has no distance');
  expect(said({})).not.toMatch(/CPU holds|Memory per client is/);
  expect(said({ server: 'pid' })).toContain("CPU holds at 100 clients and 120 messages/s, for this server's processes");
  const remote = said({ url: 'https://example.com' });
  expect(remote).toContain('The way to the server is in every latency, and how long it is was not measured.');
  expect(remote).toContain('TLS records and handshakes included');
});

it('says who shows a token in another way, where no browser can do it so, and what the check leaves out', () => {
  const scenario = { ...EXAMPLE_SCENARIO, auth: 'bearer' as const };
  const auth = {
    way: 'bearer' as const,
    inBrowser: ['cookie' as const],
    openingBytes: { up: 1, down: 0 },
    openingUs: null,
  };
  const shown = (example: ExampleRow, changes = {}) =>
    exampleResults(
      example,
      exampleRuns(example, scenario).map((run) => ({ ...run, auth: { ...auth, ...changes } })),
    );
  const rows = [shown(sse), shown(webSocket, { way: 'cookie' }), shown(longPolling, { inBrowser: null })];
  expect(caveats(exampleReport({ scenario, rows })).filter((text) => /authenticate|token/.test(text))).toEqual([
    "SSE: no browser can authenticate by bearer, only by cookie; Node's clients can.",
    'WebSocket cannot authenticate by bearer: by cookie instead.',
    expect.stringMatching(/^The token is compared/),
  ]);
});

it('says which rows the publisher was late for', () => {
  const late = [0, 1, 2].map((round) => {
    const run = exampleRun(webSocket, round);
    return { ...run, generator: { ...run.generator, scheduleLagUs: { p50: 200, p99: 900, max: 2_000 } } };
  });
  const texts = caveats(exampleReport({ rows: [exampleResults(webSocket, late), exampleResults(longPolling)] }));
  expect(texts[0]).toBe(
    'The publisher itself was late, and its lag is in the latency (*) of WebSocket (200 µs, 25 % of its p50).',
  );
  expect(caveats(exampleReport()).join()).not.toContain('publisher itself');
});

it('calls no publisher late where latency begins at the time of the server', () => {
  const nothing = withheldDistribution('', '').distribution;
  const observed = {
    messages: 400,
    clients: 100,
    silentClients: 0,
    mostOfOneClient: { probes: 400, crowd: 400 },
    perClientPerSecond: 2,
    bodyBytesPerMessage: 100,
    firstMessageUs: nothing,
    firstsBeyondRange: 0,
    gapUs: nothing,
    longestGapUs: 5,
    gapsBeyondRange: 0,
    stamp: null,
  };
  const late = exampleRun(webSocket, 0);
  const run = { ...late, generator: { ...late.generator, scheduleLagUs: { p50: 200, p99: 900, max: 2_000 } } };
  const said = (changes: object) =>
    caveats(exampleReport({ rows: [exampleResults(webSocket, [{ ...run, ...changes }])] }));
  expect(said({}).join()).toContain('publisher itself');
  expect(said({ observed }).join()).not.toContain('publisher itself');
});

it('gives the reason of a missing p99 once for all rows that share it', () => {
  const rows = [webSocket, sse].map((example) => {
    const run = exampleRun(example, 0);
    return exampleResults(example, [{ ...run, samples: { publishes: 120, deliveries: 600 } }]);
  });
  expect(caveats(exampleReport({ rows }))[0]).toBe(
    'No p99 for WebSocket and SSE: needs 299 publishes, there were 120.',
  );
});

describe('uplink', () => {
  it('is in the latency where clients publish', () => {
    expect(withWorkload({ publish: 'clients' })).toContain(
      'Clients publish: latency runs from publish to receive, uplink included.',
    );
  });

  it('makes the latency a round trip where each client hears only itself', () => {
    expect(withWorkload({ publish: 'clients', channels: 'private' }).join()).toContain('latency is the round trip');
  });
});

describe('warm-up', () => {
  it('is said to be short below 10,000 deliveries and 2 s', () => {
    expect(withWorkload({ ratePerSecond: 50 })[1]).toBe(
      'The warm-up was short (5,000 deliveries in 1 s; it takes 10,000, or 2 s): CPU and latency may hold what a server does only once.',
    );
    for (const enough of [{ ratePerSecond: 50, warmupMs: 2_000 }, { ratePerSecond: 100 }]) {
      expect(withWorkload(enough).join()).not.toContain('warm-up');
    }
  });

  it('was not over where most rounds had no steady window', () => {
    const unsteady = (rounds: readonly number[]) =>
      exampleReport({
        rows: [
          exampleResults(
            sse,
            [0, 1, 2].map((round) => {
              const steadyState = {
                points: 300,
                transientShare: 0.6,
                drift: 0.6 + round / 10,
                reached: !rounds.includes(round),
              };
              return { ...exampleRun(sse, round), steadyState };
            }),
          ),
        ],
      });
    expect(caveats(unsteady([0, 2]))[0]).toBe(
      'Latency was not steady through the window of SSE (2 of 3 rounds, second half 0.60–0.80 of the first): a longer --warmup, or a lower --rate, may help.',
    );
    expect(caveats(unsteady([1])).join()).not.toContain('steady');
  });
});

describe('rounds: auto', () => {
  const scenario = { ...EXAMPLE_SCENARIO, rounds: 20, auto: { budgetMs: 300_000 } };
  const ended = (endedBy: 'precision' | 'budget' | 'interruption', rounds: number) =>
    caveats(
      exampleReport({
        scenario,
        endedBy,
        rows: [exampleResults(sse, exampleRuns(sse, { ...scenario, rounds }))],
      }),
    ).at(-1);

  it('says what ended them, and after how many', () => {
    expect(ended('precision', 8)).toMatch(
      /^After 8 rounds p50 and p99 of every row were within ±5 %, which ended them/,
    );
    expect(ended('budget', 8)).toMatch(
      /^The budget of 5 min ended after 8 rounds, short of ±5 %: the widest interval is ±\d\.\d % \(p\d\d of SSE\)\.$/,
    );
    expect(ended('interruption', 3)).toBe('The rounds did not go on to ±5 %: SSE has no interval of its p50 yet.');
  });

  it('are not missing where they were not begun', () => {
    const report = exampleReport({
      scenario,
      endedBy: 'budget',
      rows: [exampleResults(sse, exampleRuns(sse, { ...scenario, rounds: 8 }))],
    });
    expect(report.transports[0]?.reasons).toEqual([]);
    expect(roundsOf(report)).toBe(8);
  });
});

describe('rounds', () => {
  it('are no interval below six', () => {
    expect(withRounds(1).at(-1)).toMatch(/^One round shows no spread/);
    expect(withRounds(5).at(-1)).toBe('5 rounds give a range, not a confidence interval, which takes 6.');
  });

  it('from six on make intervals that say how much they are worth', () => {
    expect(withRounds(6).at(-1)).toBe(
      'Intervals are of 95 % by name: from 6 rounds they hold the true p50 in about 88 of 100 cases, the true p99 in 83.',
    );
    expect(withRounds(20).at(-1)).toMatch(/about 93 of 100 cases, the true p99 in 88\.$/);
  });

  it('may be too few for the test of so many pairs of rows', () => {
    const rows = (rounds: number) => {
      const scenario = { ...EXAMPLE_SCENARIO, rounds };
      return caveats(
        exampleReport({
          scenario,
          rows: [webSocket, sse, longPolling].map((row) => exampleResults(row, exampleRuns(row, scenario))),
        }),
      );
    };
    expect(rows(6).at(-1)).toBe(
      'With 6 rounds and 3 pairs of rows only a difference above 10 % in every round is called one; 7 rounds can tell less.',
    );
    expect(rows(7).join()).not.toContain('pairs of rows');
  });
});

it('says that a network namespace was measured in, and where the bytes of the IP layer are', () => {
  const plain = exampleReport();
  const texts = (network: 'loopback' | 'namespace', source: 'measured' | 'modelled') => {
    const run = exampleRun(sse, 0);
    const ip = run.bytes.ip && { ...run.bytes.ip, source };
    const rows = [exampleResults(sse, [{ ...run, bytes: { ...run.bytes, ip } }])];
    const scenario = { ...EXAMPLE_SCENARIO, rounds: 1 };
    return caveats(exampleReport({ scenario, rows, environment: { ...plain.environment, network } }));
  };
  const about = (text: string) => /IP and TCP headers and acknowledgements|MTU of 1500/.test(text);
  expect(texts('loopback', 'modelled').filter(about)).toEqual([]);
  expect(texts('namespace', 'measured').filter(about)).toHaveLength(2);
  expect(texts('namespace', 'modelled').filter(about)).toHaveLength(1);
});
