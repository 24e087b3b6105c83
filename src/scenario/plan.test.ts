import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { GUIDE_USE_CASES } from '../report/guide/guide.js';
import { loadScenario } from './load.js';
import { type Machine, makePlan } from './plan.js';
import type { Row, Scenario, Workload } from './scenario.js';

const MACHINE: Machine = { descriptors: 20_000, platform: 'linux' };

function row(label: string, uplink: Row['profile']['uplink'] = 'same-connection', worstWaitMs = 0): Row {
  return {
    transport: label,
    module: `file:///${label}.js`,
    label,
    settings: {},
    worstWaitMs,
    noticesMs: null,
    profile: {
      name: label,
      title: label,
      summary: '',
      group: 'web',
      protocol: '',
      connection: '',
      delivery: 'push',
      uplink,
      framing: 'binary',
      reconnect: 'by-client',
      browser: 'built-in',
      resume: 'always',
    },
  };
}

const SIX_ROWS = [
  row('polling', 'separate-request', 500),
  row('long polling', 'separate-request'),
  row('sse', 'separate-request'),
  row('websocket'),
  row('grpc'),
  row('tcp'),
];

function scenario(workload: Partial<Workload> = {}, rest: Partial<Omit<Scenario, 'workload'>> = {}): Scenario {
  const base = loadScenario('default', {}, 2).scenario;
  return { ...base, ...rest, workload: { ...base.workload, ...workload } };
}

function problemsOf(given: Scenario, rows: readonly Row[] = SIX_ROWS, machine = MACHINE): readonly string[] {
  try {
    makePlan(given, rows, machine);
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
}

describe('the order of runs', () => {
  const cases = fc.record({
    rows: fc.integer({ min: 1, max: 8 }),
    rounds: fc.integer({ min: 1, max: 8 }),
    seed: fc.integer({ min: 0, max: 2_147_483_647 }),
  });

  function order({ rows, rounds, seed }: { rows: number; rounds: number; seed: number }) {
    const labels = Array.from({ length: rows }, (_, index) => row(`row ${index}`));
    return makePlan(scenario({}, { rounds, seed }), labels, MACHINE).runs;
  }

  it('has each row once in each round, indexed in order', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const runs = order(given);
        expect(runs.map((run) => run.index)).toEqual(runs.map((_, index) => index));
        expect(runs.map((run) => run.round)).toEqual(runs.map((_, index) => Math.floor(index / given.rows)));
        for (let round = 0; round < given.rounds; round++) {
          const rows = runs.filter((run) => run.round === round).map((run) => run.row);
          expect(rows.sort((a, b) => a - b)).toEqual(Array.from({ length: given.rows }, (_, index) => index));
        }
      }),
    );
  });

  it('is a function of the seed, and more rounds leave the first as they are', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const runs = order(given);
        expect(order(given)).toEqual(runs);
        expect(order({ ...given, rounds: given.rounds + 1 }).slice(0, runs.length)).toEqual(runs);
      }),
    );
  });

  it('differs from round to round and from seed to seed', () => {
    const rounds = (seed: number): readonly string[] => {
      const runs = order({ rows: 6, rounds: 3, seed });
      return [0, 1, 2].map((round) => runs.flatMap((run) => (run.round === round ? [run.row] : [])).join());
    };
    expect(new Set(rounds(1)).size).toBe(3);
    expect(rounds(2)).not.toEqual(rounds(1));
  });

  it('puts every row in every place about as often', () => {
    const rows = 4;
    const times = Array.from({ length: rows }, () => Array.from({ length: rows }, () => 0));
    for (let seed = 0; seed < 400; seed++) {
      for (const run of order({ rows, rounds: 1, seed })) {
        const places = times[run.row] ?? [];
        places[run.index] = (places[run.index] ?? 0) + 1;
      }
    }
    // 400 draws at 1/4: 100 ± 8.7; the seeds are fixed, so this is the same every time.
    for (const count of times.flat()) expect(Math.abs(count - 100)).toBeLessThan(35);
  });
});

describe('sizes', () => {
  it('of the default over six rows', () => {
    const plan = makePlan(scenario(), SIX_ROWS, MACHINE);
    expect(plan).toMatchObject({
      sockets: 100,
      addresses: ['127.0.0.1'],
      history: { messages: 1_000, bytes: 200_000 },
      estimatedMs: 3 * (6 * (900 + 40 + 1_000 + 2_500) + 2 * 500),
      notes: [],
    });
    expect(plan.runs).toHaveLength(18);
  });

  it('of time grow where every client shakes hands', () => {
    const { estimatedMs } = makePlan(scenario({}, { rounds: 1, tls: true }), [row('tcp')], MACHINE);
    expect(estimatedMs).toBe(900 + 200 + 1_000 + 2_500);
  });

  it('of the history grow with rate and longest wait', () => {
    const rows = [row('slow', 'same-connection', 5_000), row('fast')];
    expect(makePlan(scenario({ ratePerSecond: 1_000 }), rows, MACHINE).history).toEqual({
      messages: 12_000,
      bytes: 2_400_000,
    });
  });

  it('of the history are smaller for large bodies at a low rate', () => {
    const { history } = makePlan(scenario({ ratePerSecond: 5, sizeBytes: 1_048_576 }), SIX_ROWS, MACHINE);
    expect(history).toEqual({ messages: 256, bytes: 268_435_456 });
  });

  it('count a second socket where clients publish by a request of their own', () => {
    const publish = 'clients' as const;
    expect(makePlan(scenario({ publish }), SIX_ROWS, MACHINE).sockets).toBe(200);
    expect(makePlan(scenario({ publish }), [row('websocket')], MACHINE).sockets).toBe(100);
  });

  it.each([
    [4_000, 'linux', 1],
    [4_001, 'linux', 2],
    [12_000, 'linux', 3],
    [12_000, 'darwin', 1],
    [12_000, 'win32', 1],
    [100_000, 'linux', 8],
  ])('%i sockets on %s take %i addresses', (clients, platform, count) => {
    const plan = makePlan(scenario({ clients }), [row('sse')], { descriptors: null, platform });
    expect(plan.addresses).toEqual(Array.from({ length: count }, (_, index) => `127.0.0.${index + 1}`));
  });
});

describe('notes', () => {
  it('say which rows get no percentiles, and what would help', () => {
    expect(makePlan(scenario({ durationMs: 2_499 }), SIX_ROWS, MACHINE).notes).toEqual([
      'polling: a window of 2.5 s holds fewer than 5 of its intervals of 500 ms, too few for percentiles: ' +
        'use --duration 2500ms or a shorter interval',
    ]);
  });
});

describe('slow readers', () => {
  const stopped = { slowReaders: { share: 0.1, bytesPerSecond: 0 } };

  it('that leave less unread than the kernel takes are told so', () => {
    const [note] = makePlan(scenario({ durationMs: 2_500 }, stopped), [SIX_ROWS[3] as Row], MACHINE).notes;
    expect(note).toMatch(
      /^slow readers: the window leaves [\d.]+ KiB of each unread, and the kernel takes up to about/,
    );
  });

  it('that leave more have no note', () => {
    const much = scenario({ sizeBytes: 65_536, durationMs: 2_500, clients: 10 }, { ...stopped, probes: 2 });
    expect(makePlan(much, [SIX_ROWS[3] as Row], MACHINE).notes).toEqual([]);
  });
});

describe('a plan is refused when', () => {
  it.each<[string, Scenario, readonly Row[], string]>([
    [
      'there are more probes than clients',
      scenario({ clients: 3 }),
      SIX_ROWS,
      '`probes` is 5 of 3 `clients`: lower `probes` or raise --clients',
    ],
    [
      'more clients are slow than are no probes',
      scenario({}, { probes: 60, slowReaders: { share: 0.5, bytesPerSecond: 0 } }),
      SIX_ROWS,
      '`slowReaders` makes 50 of 100 clients slow, and 60 of them are probes, which must not be: lower its share or `probes`, or raise --clients',
    ],
    [
      'slow readers publish',
      scenario({ publish: 'clients' }, { slowReaders: { share: 0.1, bytesPerSecond: 0 } }),
      SIX_ROWS,
      '`slowReaders` is for `publish: server`: slow readers that publish as well would be two questions',
    ],
    [
      'a preset that is over TLS is to go without',
      scenario({}, { preset: 'web', tls: false }),
      SIX_ROWS,
      '`preset: web` is over TLS: leave out `tls: false`',
    ],
    [
      'something with times of its own is in a scaled scenario',
      scenario(
        {},
        { scale: 60, whenFull: { policy: 'disconnect', afterMs: 1_000, behindMessages: 10, bufferBytes: 1_048_576 } },
      ),
      SIX_ROWS,
      'what the server does with full clients would go on as in life in a scenario scaled by 60: use --scale 1 with that',
    ],
    [
      'a scale makes too many messages',
      scenario({ ratePerSecond: 120_000, clients: 1, durationMs: 10, warmupMs: 0 }, { scale: 1_000, probes: 1 }),
      [row('tcp')],
      'a scale of 1000 makes the rate 120,000/s, above 100,000/s: lower --scale or --rate',
    ],
    [
      'a channel is without a client',
      scenario({ channels: 101 }),
      SIX_ROWS,
      '`channels` is 101 for 100 `clients`, and each needs one: lower `channels` or raise --clients',
    ],
    [
      'bodies are smaller than their envelope',
      scenario({ sizeBytes: 47 }),
      SIX_ROWS,
      '`size` is 47 B: the envelope alone takes 48 B, use that or more',
    ],
    [
      'the window is empty',
      scenario({ ratePerSecond: 0.25 }),
      SIX_ROWS,
      'at 0.25/s no message falls into a window of 2.5 s: raise --rate or --duration',
    ],
    [
      'clients cannot publish',
      scenario({ publish: 'clients' }),
      [row('download', 'none'), row('sse')],
      'download has no uplink, and here clients publish: leave it out or use `publish: server`',
    ],
    ['there is nothing to run', scenario(), [], 'no transport to run: name one with --transport'],
    [
      'descriptors do not suffice',
      scenario({ clients: 19_937 }),
      SIX_ROWS,
      '19,937 clients need 20,001 open files in the server process, and 20,000 are allowed: raise it (ulimit -n 20001) or lower --clients',
    ],
    [
      'descriptors do not suffice for uplinks',
      scenario({ clients: 10_000, publish: 'clients' }),
      SIX_ROWS,
      '10,000 clients need 20,064 open files in the server process, and 20,000 are allowed: raise it (ulimit -n 20064) or lower --clients',
    ],
    [
      'the history would be too large',
      scenario({ clients: 5, ratePerSecond: 200, sizeBytes: 1_048_576 }),
      SIX_ROWS,
      "the server's history would take 600 MiB at 200/s of 1048576 B, above 256 MiB: lower --rate or --size, or the longest poll interval",
    ],
    [
      'the ledger would be too large',
      scenario({ clients: 10_000, ratePerSecond: 2_001 }),
      SIX_ROWS,
      '50,025,000 deliveries to keep account of in one window, above 50,000,000: lower --clients, --rate or --duration',
    ],
    [
      'the ledger of the warm-up would be too large',
      scenario({ clients: 100, ratePerSecond: 2_000, warmupMs: 300_000 }),
      SIX_ROWS,
      '60,000,000 deliveries to keep account of in one warm-up, above 50,000,000: lower --clients, --rate or --warmup',
    ],
    [
      'the schedule would be too large',
      scenario({ clients: 5, ratePerSecond: 10_000, warmupMs: 250_000, durationMs: 251_000 }),
      SIX_ROWS,
      '5,010,000 messages in one run, above 5,000,000: lower --rate, --duration or --warmup',
    ],
  ])('%s', (_, given, rows, problem) => {
    expect(problemsOf(given, rows)).toEqual([problem]);
  });

  it('more than one thing is wrong, with all of them', () => {
    expect(problemsOf(scenario({ clients: 3, channels: 9, sizeBytes: 1, ratePerSecond: 0.1 }), [])).toHaveLength(5);
  });

  it('not by what is just enough', () => {
    expect(problemsOf(scenario({ clients: 19_936 }))).toEqual([]);
    expect(problemsOf(scenario({ clients: 5, channels: 5, sizeBytes: 48, ratePerSecond: 0.4 }))).toEqual([]);
    expect(problemsOf(scenario({ clients: 10_000, ratePerSecond: 2_000 }))).toEqual([]);
    expect(
      problemsOf(scenario({ clients: 10_000, ratePerSecond: 20_000, channels: 'private', publish: 'clients' })),
    ).toEqual([
      '10,000 clients need 20,064 open files in the server process, and 20,000 are allowed: raise it (ulimit -n 20064) or lower --clients',
    ]);
    expect(problemsOf(scenario({ clients: 100_000 }), SIX_ROWS, { descriptors: null, platform: 'linux' })).toEqual([]);
  });
});

describe('rounds: auto', () => {
  const auto = (budgetMs: number) => makePlan(scenario({}, { auto: { budgetMs } }), SIX_ROWS, MACHINE);
  const roundMs = 6 * (900 + 40 + 1_000 + 2_500) + 2 * 500;

  it('plans as many rounds as fit into the budget, one to spare, in the order that a number of rounds has', () => {
    const plan = auto(10.5 * roundMs);
    expect(plan.scenario.rounds).toBe(11);
    expect(plan.runs).toEqual(makePlan(scenario({}, { rounds: 11 }), SIX_ROWS, MACHINE).runs);
    expect(plan.notes).toEqual([]);
  });

  it('plans six whatever the budget, and says so', () => {
    const plan = auto(60_000);
    expect(plan.scenario.rounds).toBe(6);
    expect(plan.notes).toEqual([
      '6 rounds take about 2 min 46 s, more than the budget of 1 min: there are 6 all the same, fewer give no interval',
    ]);
  });

  it('plans no more than a scenario may have', () => {
    expect(auto(86_400_000).scenario.rounds).toBe(1_000);
  });
});

it.each<readonly [name: string, seconds: number]>([
  ['default', 90],
  ['chat', 105],
  ['echo', 105],
  ['deploy', 200],
  ['slow-readers', 170],
  ...GUIDE_USE_CASES.map(({ scenario: name }) => [name, 130] as const),
])('the shipped scenario %s takes six rows at most %i s', (name, seconds) => {
  const plan = makePlan(loadScenario(name, {}, 2).scenario, SIX_ROWS, MACHINE);
  expect(plan.estimatedMs).toBeLessThanOrEqual(seconds * 1_000);
  expect(plan.notes).toEqual([]);
});
