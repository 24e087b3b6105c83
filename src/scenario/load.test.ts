import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { makeSchedule } from '../load/schedule.js';
import { type LoadedScenario, listScenarios, loadScenario, type Overrides } from './load.js';
import { SCENARIO_KEYS } from './schema.js';
import { SLOW_READERS_ACCEPTED } from './slow-readers.js';
import { WHEN_FULL_ACCEPTED } from './when-full.js';

const KNOWN_KEYS = `known keys: ${SCENARIO_KEYS.join(', ')}`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtbench-scenario-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(yaml: string, overrides?: Overrides): LoadedScenario {
  const path = join(folder, 'my scenario.yaml');
  writeFileSync(path, yaml);
  return loadScenario(path, overrides, 4);
}

/** The problems, with `FILE` for the file's path. */
function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error.problems.map((problem) => problem.replaceAll(folder, 'DIR'));
    throw error;
  }
  return [];
}

describe('values', () => {
  it('are the defaults where the file says nothing', () => {
    const expected = {
      name: 'my-scenario',
      title: 'my-scenario',
      question: 'Which transport delivers this workload in time, and at what cost?',
      workload: {
        clients: 100,
        publish: 'server',
        channels: 1,
        ratePerSecond: 120,
        sizeBytes: 200,
        payload: 'text',
        arrivals: 'poisson',
        uplink: null,
        warmupMs: 1_000,
        durationMs: 2_500,
      },
      scale: 1,
      toleratesMs: 250,
      rounds: 3,
      auto: null,
      seed: 1,
      workers: 3,
      probes: 5,
      tls: false,
      interleaveMs: null,
      preset: null,
      network: null,
      auth: null,
      whenFull: { policy: 'wait', bufferBytes: 1_048_576 },
      slowReaders: null,
      via: null,
      heartbeatMs: null,
      faults: null,
      expect: [],
    };
    expect(load('').scenario).toEqual(expected);
    expect(load('# only a comment\n').scenario).toEqual(expected);
    expect(load('{}').scenario).toEqual(expected);
    expect(load('').transports).toEqual([]);
  });

  it('are read with their units', () => {
    const yaml = `
name: mine
title: Mine
question: Which?
clients: 60
probes: 12
publish: clients
channels: private
rate: 90/min
size: 1KiB
payload: binary
arrivals: periodic
tolerates: 0.3s
warmup: 0s
duration: 2m
rounds: 1
seed: 7
workers: 2
transports:
  - sse
  - websocket:deflate=true,ids=true
`;
    const { scenario, transports } = load(yaml);
    expect(scenario).toEqual({
      name: 'mine',
      title: 'Mine',
      question: 'Which?',
      workload: {
        clients: 60,
        publish: 'clients',
        channels: 'private',
        ratePerSecond: 1.5,
        sizeBytes: 1_024,
        payload: 'binary',
        arrivals: 'periodic',
        uplink: null,
        warmupMs: 0,
        durationMs: 120_000,
      },
      scale: 1,
      toleratesMs: 300,
      rounds: 1,
      auto: null,
      seed: 7,
      workers: 2,
      probes: 12,
      tls: false,
      interleaveMs: null,
      preset: null,
      network: null,
      auth: null,
      whenFull: { policy: 'wait', bufferBytes: 1_048_576 },
      slowReaders: null,
      via: null,
      heartbeatMs: null,
      faults: null,
      expect: [],
    });
    expect(transports.map(({ spec, where }) => [spec, where.replace(folder, 'DIR')])).toEqual([
      ['sse', 'DIR/my scenario.yaml:20'],
      ['websocket:deflate=true,ids=true', 'DIR/my scenario.yaml:21'],
    ]);
  });

  it.each([
    ['', {}, false, null],
    ['tls: true', {}, true, null],
    ['', { tls: true }, true, null],
    ['tls: false', { tls: true }, true, null],
    ['preset: web', {}, true, 'web'],
    ['', { preset: 'web' }, true, 'web'],
    ['preset: web\ntls: false', {}, false, 'web'],
  ] as const)('TLS of %j with flags %o', (yaml, flags, tls, preset) => {
    expect(load(yaml, flags).scenario).toMatchObject({ tls, preset });
  });

  it('leave one core to the others with workers: auto, and never none', () => {
    expect(loadScenario('default', {}, 8).scenario.workers).toBe(7);
    expect(loadScenario('default', {}, 1).scenario.workers).toBe(1);
  });
});

describe('problems of a file', () => {
  it.each<[string, string]>([
    [
      'rate: fast',
      ':1: `rate` must be a rate such as 20/s, 6/min or a number (messages a second), above 0 and up to 100,000/s, got "fast"',
    ],
    [
      'rate: 0',
      ':1: `rate` must be a rate such as 20/s, 6/min or a number (messages a second), above 0 and up to 100,000/s, got 0',
    ],
    [
      '\n\nrate:',
      ':3: `rate` must be a rate such as 20/s, 6/min or a number (messages a second), above 0 and up to 100,000/s, got nothing',
    ],
    [
      'size: 47B',
      ':1: `size` must be a size such as 200, 200B, 1KiB or 1MiB, from 48 B (the envelope) to 1.00 MiB, got "47B"',
    ],
    [
      'duration: 2500',
      ':1: `duration` must be a duration with a unit such as 250ms, 5s or 2m, from 10ms to 3600s, got 2500',
    ],
    [
      'warmup: -1s',
      ':1: `warmup` must be a duration with a unit such as 250ms, 5s or 2m, from 0ms to 600s, or `auto`, got "-1s"',
    ],
    ['clients: 0', ':1: `clients` must be a whole number from 1 to 100,000, got 0'],
    ['clients: 2.5', ':1: `clients` must be a whole number from 1 to 100,000, got 2.5'],
    ['clients: "100"', ':1: `clients` must be a whole number from 1 to 100,000, got "100"'],
    ['clients: .nan', ':1: `clients` must be a whole number from 1 to 100,000, got NaN'],
    ['clients: [1]', ':1: `clients` must be a whole number from 1 to 100,000, got [1]'],
    ['channels: all', ':1: `channels` must be a whole number from 1 to 100,000, or `private`, got "all"'],
    ['workers: many', ':1: `workers` must be a whole number from 1 to 64, or `auto`, got "many"'],
    ['publish: nobody', ':1: `publish` must be `server` or `clients`, got "nobody"'],
    ['payload: json', ':1: `payload` must be `text` or `binary`, got "json"'],
    [
      'arrivals: uniform',
      ':1: `arrivals` must be `poisson`, `periodic`, or bursts of a mean size from 1 up such as `bursts:8`, got "uniform"',
    ],
    [
      'arrivals: bursts:0',
      ':1: `arrivals` must be `poisson`, `periodic`, or bursts of a mean size from 1 up such as `bursts:8`, got "bursts:0"',
    ],
    ['scale: 0', ':1: `scale` must be a whole number from 1 to 3,600, got 0'],
    ['tls: yes', ':1: `tls` must be `true` or `false`, got "yes"'],
    ['preset: mobile', ':1: `preset` must be `web`, got "mobile"'],
    ['name: My Chat', ':1: `name` must be lower-case letters and digits, joined by hyphens, got "My Chat"'],
    ['title: 5', ':1: `title` must be a text, got 5'],
    [
      'transports: sse',
      ':1: `transports` must be a list of one or more transports such as [sse, "websocket:deflate=true"], got "sse"',
    ],
    [
      'transports: []',
      ':1: `transports` must be a list of one or more transports such as [sse, "websocket:deflate=true"], got []',
    ],
    [
      'transports:\n  - sse\n  - websocket: true',
      ':3: `transports[1]` must be a transport such as sse or "websocket:deflate=true", got {"websocket":true}',
    ],
    ['client: 5', `:1: unknown key \`client\`; did you mean \`clients\`? ${KNOWN_KEYS}`],
    ['colour: red', `:1: unknown key \`colour\`; ${KNOWN_KEYS}`],
    ['- clients', ':1: must hold keys with values, such as `clients: 100`'],
    ['just text', ':1: must hold keys with values, such as `clients: 100`'],
    ['clients: 1\nclients: 2', ':2:1: Map keys must be unique'],
    ['rate: !speed 5', ':1:7: Unresolved tag: !speed'],
    ['? [a]\n: 1', ':1:3: With stringKeys, all keys must be strings'],
    ['rate: *nobody', ': Unresolved alias (the anchor must be set before the alias): nobody'],
  ])('%j', (yaml, problem) => {
    expect(problemsOf(() => load(yaml))).toEqual([`DIR/my scenario.yaml${problem}`]);
  });

  it('are all told at once, by line, and those of flags after them', () => {
    const yaml = 'rats: 1\nseed: x\nclients: 10\ntransports: [sse, 5]\nrounds: 0\n';
    const problems = problemsOf(() => load(yaml, { size: '1', rate: 'fast' }));
    expect(problems.map((problem) => /^\S+ ?\S+/.exec(problem)?.[0])).toEqual([
      'DIR/my scenario.yaml:1:',
      'DIR/my scenario.yaml:2:',
      'DIR/my scenario.yaml:4:',
      'DIR/my scenario.yaml:5:',
      '--rate: `fast`',
      '--size: `1`',
    ]);
  });

  it('include a bad value that a flag overrides', () => {
    expect(problemsOf(() => load('clients: none', { clients: '5' }))).toHaveLength(1);
  });

  it('are what the YAML parser says, at line and column', () => {
    const problems = problemsOf(() => load('clients: 5\nrate: "20/s\nsize: [1\n'));
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^DIR\/my scenario\.yaml:\d+:\d+: \S/);
  });

  it('never end in anything but a usage error', () => {
    const value = fc.oneof(fc.constantFrom('5', '5s', '20/s', 'auto', '[]', '{}', '&a *a', '|', '!!set'), fc.string());
    const line = fc.tuple(fc.constantFrom(...SCENARIO_KEYS, '__proto__', '? [a]'), value);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (entries) => {
        problemsOf(() => load(entries.map(([key, text]) => `${key}: ${text}`).join('\n')));
      }),
    );
  });
});

describe('a scenario that is not there', () => {
  it('is told with those there are', () => {
    const names = listScenarios()
      .map(({ name }) => name)
      .join(', ');
    expect(problemsOf(() => loadScenario('chatt'))).toEqual([
      `unknown scenario \`chatt\`; did you mean \`chat\`? there are ${names}, or give the path of a file such as ./mine.yaml`,
    ]);
    expect(problemsOf(() => loadScenario('weather'))).toEqual([
      `unknown scenario \`weather\`; there are ${names}, or give the path of a file such as ./mine.yaml`,
    ]);
  });

  it('is told with its path', () => {
    const [problem] = problemsOf(() => loadScenario(join(folder, 'none.yaml')));
    expect(problem).toContain('DIR/none.yaml: cannot be read (ENOENT');
    expect(problem).toContain('shipped scenarios are given by name alone: chat, collaborative-editing, ');
    expect(problemsOf(() => loadScenario(`${folder}/`))).toHaveLength(1);
  });
});

describe('flags', () => {
  it('override the file, and the rest stays', () => {
    const { scenario } = load('clients: 10\nprobes: 2\nrate: 5/s', {
      clients: '20',
      rate: '20/s',
      size: '1KiB',
      duration: '5s',
      warmup: '250ms',
      rounds: '1',
      seed: '9',
      workers: 'auto',
      tolerates: '1s',
    });
    expect(scenario).toMatchObject({
      workload: { clients: 20, ratePerSecond: 20, sizeBytes: 1_024, durationMs: 5_000, warmupMs: 250 },
      rounds: 1,
      seed: 9,
      workers: 3,
      toleratesMs: 1_000,
      probes: 2,
    });
  });

  it('replace the list of transports', () => {
    expect(load('transports: [sse]', { transports: ['tcp', 'grpc'] }).transports).toEqual([
      { spec: 'tcp', where: '--transport' },
      { spec: 'grpc', where: '--transport' },
    ]);
  });

  it('make clients slow, and say what the server does about it', () => {
    const { scenario } = load('whenFull: wait', { slowReaders: '20%:2KiB/s', whenFull: 'drop-oldest:keep=5' });
    expect(scenario.slowReaders).toEqual({ share: 0.2, bytesPerSecond: 2_048 });
    expect(scenario.whenFull).toEqual({ policy: 'drop-oldest', keepMessages: 5, bufferBytes: 1_048_576 });
  });

  it('lower the probes with the clients', () => {
    expect(load('probes: 20', { clients: '3' }).scenario.probes).toBe(3);
    expect(load('probes: 20\nclients: 3').scenario.probes).toBe(20);
  });

  it.each<[Overrides, string]>([
    [
      { rate: 'fast' },
      '--rate: `fast` is not a rate such as 20/s, 6/min or a number (messages a second), above 0 and up to 100,000/s',
    ],
    [
      { size: '1KB' },
      '--size: `1KB` is not a size such as 200, 200B, 1KiB or 1MiB, from 48 B (the envelope) to 1.00 MiB',
    ],
    [{ duration: '5' }, '--duration: `5` is not a duration with a unit such as 250ms, 5s or 2m, from 10ms to 3600s'],
    [{ clients: '-1' }, '--clients: `-1` is not a whole number from 1 to 100,000'],
    [{ clients: '1e3' }, '--clients: `1e3` is not a whole number from 1 to 100,000'],
    [{ clients: '' }, '--clients: `` is not a whole number from 1 to 100,000'],
    [{ rounds: '0' }, '--rounds: `0` is not a whole number from 1 to 1,000, or `auto`'],
    [
      { rounds: 'auto', budget: '5' },
      '--budget: `5` is not a duration with a unit such as 250ms, 5s or 2m, from 1s to 86400s',
    ],
    [{ slowReaders: '10%' }, `--slow-readers: \`10%\` is not ${SLOW_READERS_ACCEPTED}`],
    [{ whenFull: 'drop' }, `--when-full: \`drop\` is not ${WHEN_FULL_ACCEPTED}`],
    [{ seed: '2147483648' }, '--seed: `2147483648` is not a whole number from 0 to 2,147,483,647'],
    [{ workers: 'all' }, '--workers: `all` is not a whole number from 1 to 64, or `auto`'],
    [{ transports: [''] }, '--transport: `` is not a transport such as sse or "websocket:deflate=true"'],
  ])('%j', (overrides, problem) => {
    expect(problemsOf(() => load('', overrides))).toEqual([problem]);
  });
});

describe('warmup: auto', () => {
  const warmupMs = (yaml: string, overrides?: Overrides) => load(yaml, overrides).scenario.workload.warmupMs;

  it('lasts as long as 10,000 deliveries, from one second to two', () => {
    expect(warmupMs('clients: 100\nrate: 80/s')).toBe(1_250);
    expect(warmupMs('clients: 100\nrate: 80/s\nchannels: 2')).toBe(2_000);
    expect(warmupMs('clients: 1000')).toBe(1_000);
    expect(warmupMs('clients: 100\nrate: 80/s\npublish: clients\nchannels: private')).toBe(2_000);
  });

  it('goes by the flags, and gives way to a time', () => {
    expect(warmupMs('rate: 80/s', { clients: '10' })).toBe(2_000);
    expect(warmupMs('warmup: 250ms')).toBe(250);
    expect(warmupMs('warmup: 250ms', { warmup: 'auto' })).toBe(1_000);
  });
});

describe('rounds: auto', () => {
  it('has a budget of five minutes, or the one that is given', () => {
    expect(load('rounds: auto').scenario).toMatchObject({ rounds: 6, auto: { budgetMs: 300_000 } });
    expect(load('rounds: auto\nbudget: 90s').scenario.auto).toEqual({ budgetMs: 90_000 });
    expect(load('rounds: auto\nbudget: 90s', { budget: '2m' }).scenario.auto).toEqual({ budgetMs: 120_000 });
    expect(load('budget: 90s', { rounds: 'auto' }).scenario.auto).toEqual({ budgetMs: 90_000 });
  });

  it('is what a budget takes', () => {
    const hint = 'for `ROUNDS`, which ends when it is spent; add that';
    expect(problemsOf(() => load('', { budget: '2m' }))).toEqual([
      `--budget: is ${hint.replace('ROUNDS', '--rounds auto')}`,
    ]);
    expect(problemsOf(() => load('rounds: 4', { budget: '2m' }))).toHaveLength(1);
    expect(problemsOf(() => load('rounds: auto', { rounds: '3', budget: '2m' }))).toHaveLength(1);
    expect(problemsOf(() => load('seed: 1\nbudget: 2m'))).toEqual([
      `DIR/my scenario.yaml:2: \`budget\` is ${hint.replace('ROUNDS', 'rounds: auto')}`,
    ]);
  });

  it('may be overridden by a number, which leaves the budget of the file idle', () => {
    expect(load('rounds: auto\nbudget: 90s', { rounds: '3' }).scenario).toMatchObject({ rounds: 3, auto: null });
  });
});

describe('scale', () => {
  const minute = ['rate: 2/s', 'duration: 150s', 'tolerates: 40s', 'warmup: 90s'].join('\n');

  it('makes everything so many times as fast, and keeps how often what happens in the window', () => {
    const asInLife = load(minute).scenario;
    const scaled = load(`${minute}\nscale: 60`).scenario;
    expect(scaled).toMatchObject({
      scale: 60,
      toleratesMs: asInLife.toleratesMs / 60,
      workload: { ratePerSecond: 120, durationMs: 2_500, warmupMs: 1_500 },
    });
    expect(makeSchedule(1, scaled.workload).windowCount).toBe(makeSchedule(1, asInLife.workload).windowCount);
  });

  it('is for flags as for the file, which both speak of life', () => {
    const { workload } = load(minute, { scale: '30', duration: '300s', rate: '1/s' }).scenario;
    expect(workload).toMatchObject({ ratePerSecond: 30, durationMs: 10_000, warmupMs: 3_000 });
  });

  it('warms up by count at the load that there is', () => {
    expect(load('rate: 2/s\nscale: 60').scenario.workload.warmupMs).toBe(
      load('rate: 120/s').scenario.workload.warmupMs,
    );
  });
});

describe('shipped scenarios', () => {
  const names = listScenarios().map(({ name }) => name);

  it('are listed with what they ask', () => {
    expect(names).toEqual([
      'chat',
      'collaborative-editing',
      'dashboard-refresh',
      'default',
      'deploy',
      'echo',
      'file-upload-progress',
      'iot-commands',
      'live-sports-scores',
      'log-streaming',
      'multiplayer-game',
      'notification-feed',
      'slow-readers',
      'stock-ticker',
      'variants',
    ]);
    expect(listScenarios()).toContainEqual({
      name: 'chat',
      title: 'Chat in rooms',
      question: 'Which transport carries a chat, where every message first goes up from a client?',
    });
  });

  it.each(names)('%s has its own name and enough publishes for a p99 in each round', (name) => {
    const { scenario } = loadScenario(name);
    expect(scenario.name).toBe(name);
    expect((scenario.workload.ratePerSecond * scenario.workload.durationMs) / 1_000).toBeGreaterThanOrEqual(300);
  });

  it('default is what a file without keys says', () => {
    const { name, title, question, ...rest } = loadScenario('default', {}, 4).scenario;
    expect(load('').scenario).toMatchObject(rest);
    expect([name, title, question]).not.toContain('');
  });
});
