import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { registry } from '../cli/registry.js';
import { UsageError } from '../errors.js';
import { loadScenario, type Overrides } from './load.js';
import { makePlan } from './plan.js';
import { redactor, referencesIn, resolveReferences } from './references.js';
import { resolveRows } from './rows.js';
import type { Plan } from './scenario.js';
import type { TargetFlags } from './target-flags.js';
import { targetAtPort } from './target-port.js';

const folder = mkdtempSync(join(tmpdir(), 'rtbench-target-'));
const FILE = join(folder, 'mine.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

const LOCAL: TargetFlags = { url: 'http://localhost:5000' };

async function planOf(yaml: string, flags: TargetFlags = {}, overrides: Overrides = {}): Promise<Plan> {
  writeFileSync(FILE, yaml);
  const { scenario, transports, target } = loadScenario(FILE, { ...overrides, target: flags }, 2);
  const rows = await resolveRows(transports, 'server', registry, folder, { target });
  return makePlan(scenario, rows, { descriptors: 20_000, platform: 'linux' }, target);
}

async function problemsOf(
  yaml: string,
  flags: TargetFlags = {},
  overrides: Overrides = {},
): Promise<readonly string[]> {
  const error = await planOf(yaml, flags, overrides).then(
    () => new UsageError('nothing is wrong with it'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof UsageError)) throw error;
  return error.problems.map((problem) => problem.replaceAll(`${FILE}:`, 'mine.yaml:'));
}

describe('a target', () => {
  it('by its URL alone is spoken as the reference server is, by what others speak', async () => {
    const { rows, target } = await planOf('', LOCAL);
    expect(rows.map(({ label, endpoint }) => [label, endpoint])).toEqual(
      ['Short polling', 'Long polling', 'SSE', 'WebSocket'].map((label) => [label, { url: 'http://localhost:5000' }]),
    );
    expect(target?.publish).toMatchObject({ method: 'POST', path: '/messages?channel={channel}', body: '{body}' });
  });

  it('has the rows that its endpoints name, each with what tells it from another', async () => {
    const { rows } = await planOf(`target:
  url: https://127.0.0.1
  headers: { X-Who: me }
  endpoints:
    websocket: { path: /ws, first: hello }
    sse: { path: /feed, event: chat, url: 'http://127.0.0.1:81' }
`);
    expect(rows.map(({ label, settings }) => [label, settings.path])).toEqual([
      ['WebSocket path=/ws', '/ws'],
      ['SSE url=http://127.0.0.1:81 path=/feed event=chat', '/feed'],
    ]);
    expect(rows[0]?.endpoint).toEqual({
      url: 'https://127.0.0.1',
      headers: { 'x-who': 'me' },
      path: '/ws',
      first: 'hello',
    });
  });

  it('is told paths on the command line, over those of the file', async () => {
    const file = `target: { url: 'http://localhost:5000', endpoints: { sse: { path: /old, event: chat } } }`;
    const { rows } = await planOf(file, {}, { transports: ['sse:path=/new', 'sse:path=/other,heartbeatMs=5s'] });
    expect(rows.map(({ label }) => label)).toEqual([
      'SSE path=/new event=chat',
      'SSE path=/other event=chat heartbeatMs=5s',
    ]);
  });

  it('has a port of its own for each run where it says {port}, which the command gets too', async () => {
    const file = `target:
  url: 'http://127.0.0.1:{port}'
  command: serve --port {port}
  ready: 'http://127.0.0.1:{port}/health'
  endpoints: { sse: { path: /feed, url: 'http://localhost:81' } }
  publish: { url: 'http://127.0.0.1:{port}', path: /say }
`;
    const { target, notes } = await planOf(file);
    expect(notes.join()).toContain('http://127.0.0.1:{port} is measured');
    expect(target?.server).toMatchObject({ command: 'serve --port {port}', ready: 'http://127.0.0.1:{port}/health' });
    expect(target && targetAtPort(target, 4321)).toMatchObject({
      url: 'http://127.0.0.1:4321',
      endpoints: { sse: { url: 'http://localhost:81' } },
      publish: { url: 'http://127.0.0.1:4321' },
      server: {
        command: 'serve --port 4321',
        ready: 'http://127.0.0.1:4321/health',
        environment: { PORT: '4321' },
      },
    });
  });

  it.each([
    [{ url: 'http://localhost:{port}' }, '{port} is for a server that rtbench starts: add --server-command'],
    [{ ...LOCAL, command: 'serve {port}' }, '{port} stands in the command and not in http://localhost:5000'],
  ])('is refused where its {port} means nothing: %j', async (flags, problem) => {
    expect((await problemsOf('', flags)).join()).toContain(problem);
  });

  it('by flags comes before that of the file, part by part', async () => {
    const file = `target: { url: 'http://localhost:1', ready: '82', command: one }`;
    const { target } = await planOf(file, { url: 'http://localhost:2', command: 'two' });
    expect(target).toMatchObject({
      url: 'http://localhost:2',
      server: { kind: 'command', command: 'two', ready: '82' },
    });
  });

  it.each<[string, string, TargetFlags, readonly (string | RegExp)[]]>([
    ['no URL', 'target: { pid: 5 }', {}, [/^mine\.yaml:1: `target\.url` must be the address of a server/]],
    [
      'a command and a process',
      'target:\n  url: http://localhost:1\n  command: serve\n  pid: 5',
      {},
      [/^mine\.yaml:4: `target\.pid` must be left out where `command` starts the server, got 5$/],
    ],
    [
      'a command and a process, by flags',
      '',
      { ...LOCAL, command: 'serve', pid: '5' },
      [/^--server-pid: is of a server that runs, and --server-command starts one: leave out one of them$/],
    ],
    [
      'a password in its URL',
      '',
      { url: 'http://me:hush@localhost' },
      [/^--target: (?!.*hush).*it must be the address/],
    ],
    ['a path in its URL', '', { url: 'http://localhost/x' }, [/^--target: `http:\/\/localhost\/x` is not the address/]],
    ['a password in its URL', '', { url: 'http://me:pw@localhost' }, [/^--target: /]],
    [
      'a flag about a server that is not named',
      '',
      { command: 'x' },
      [/^--server-command: is about a server of yours/],
    ],
    [
      'an unknown key',
      'target:\n  url: http://localhost\n  paths: 1',
      {},
      [/^mine\.yaml:.: unknown key `target\.paths`/],
    ],
    [
      'a path that is none',
      '\ntarget:\n  url: http://localhost\n  publish: { path: say }',
      {},
      [/^mine\.yaml:4: `target\.publish\.path` must be a path/],
    ],
    [
      'an unknown key of the request that publishes',
      'target:\n  url: http://localhost\n  publish: { path: /say, verb: POST }',
      {},
      [/^mine\.yaml:.: unknown key `target\.publish\.verb`/],
    ],
    [
      'something else to publish by',
      'target:\n  url: http://localhost\n  publish: nothing',
      {},
      [/^mine\.yaml:3: `target\.publish` must be `observe`, or a request with its `path`, got "nothing"/],
    ],
    ['another way to publish', '', { ...LOCAL, publish: 'no' }, [/^--publish: `no` is not `observe`/]],
    ['a stamp that is none', '', { ...LOCAL, stamp: 'time' }, [/^--stamp: `time` is not `envelope`, `none`, or/]],
    [
      'a stamp in what is not published',
      '',
      { ...LOCAL, publish: 'observe', stamp: 'envelope' },
      [/^`stamp: envelope` is in what rtbench publishes/],
    ],
    [
      'a clock of what is no time',
      '',
      { ...LOCAL, stamp: 'field:/n:sequence', clockOffset: '1ms±1ms' },
      [/^`clockOffset` is for a `stamp` that is a time/],
    ],
    ['a clock without its bound', '', { ...LOCAL, clockOffset: '1ms' }, [/^--clock-offset: `1ms` is not how far/]],
    [
      'clients that publish, and other messages',
      'publish: clients\ntransports: [websocket]',
      { ...LOCAL, stamp: 'none' },
      [/^`publish: clients` takes their messages back/],
    ],
    [
      'clients that publish, and nothing published',
      'publish: clients\ntransports: [websocket]',
      { ...LOCAL, publish: 'observe' },
      [/^`publish: clients` and `target\.publish: observe` do not go together/],
    ],
    [
      'an endpoint key of another transport',
      'target: { url: "http://localhost", endpoints: { sse: { first: x } } }',
      {},
      [/SSE has no `first`; there is url, path, event/],
    ],
    ['a control', 'transports: [tcp]', LOCAL, [/ is a control with rtbench's own server: leave it out with --target$/]],
    ['faults', 'faults: ["cut@1s"]', LOCAL, [/^`faults`, `reconnect` and `resume`: only with/]],
    ['a distance', 'rtt: 50ms', LOCAL, [/^`network`, `rtt`, `jitter` and `bandwidth`: only with/]],
  ])('with %s is a problem', async (_, yaml, flags, expected) => {
    const problems = await problemsOf(yaml, flags);
    expect(problems).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  it('that is observed gets nothing published, at no rate, and no flag that says otherwise', async () => {
    const { target, scenario, notes } = await planOf('rate: 40/s', { ...LOCAL, publish: 'observe' });
    expect(target).toMatchObject({ publish: null, stamp: { kind: 'none' } });
    expect(scenario.workload).toMatchObject({ publish: 'observe', ratePerSecond: 0 });
    expect(notes.join('\n')).toContain('its messages carry no stamp');
    expect(await problemsOf('', { ...LOCAL, publish: 'observe' }, { rate: '5/s' })).toEqual([
      expect.stringMatching(/^--rate: is of what is published/),
    ]);
  });

  it('elsewhere has no latency while its clock is not known, and the plan says so', async () => {
    const flags = { url: 'http://example.com', mayLoadHost: true, stamp: 'field:/t:ms' };
    expect((await planOf('', flags)).notes.join('\n')).toContain('say it with --clock-offset');
    expect((await planOf('', { ...flags, clockOffset: '3ms±1ms' })).target?.clockOffset).toEqual({
      offsetUs: 3_000,
      errorUs: 1_000,
    });
  });

  it('at a loopback address has the clock of this machine, and the plan says of which it is not', async () => {
    const flags = { ...LOCAL, stamp: 'field:/t:ms' };
    expect((await planOf('', flags)).notes.join('\n')).toContain('of a tunnel that ends here it is not');
    expect((await planOf('', { ...flags, clockOffset: '3ms±1ms' })).notes.join('\n')).not.toContain('tunnel');
  });

  it('is for whoever can measure one alone', () => {
    writeFileSync(FILE, 'target: { url: "http://localhost" }');
    expect(() => loadScenario(FILE, {}, 2)).toThrow(/only `rtbench run` measures a server that is not its own/);
  });
});

describe('manners', () => {
  it.each([
    'http://example.com',
    'http://10.0.0.1',
    'http://localhost.example.com',
    'http://[::2]',
    'http://128.0.0.1',
  ])('%s is loaded by whoever says that they may', async (url) => {
    expect(await problemsOf('', { url })).toEqual([
      `${url} is not this machine: load only what is yours to load, and say so with --i-may-load-this-host`,
    ]);
    expect((await planOf('', { url, mayLoadHost: true })).target?.url).toBe(url);
  });

  it.each(['http://localhost', 'http://127.3.2.1:80', 'http://[::1]:81', 'http://app.localhost'])(
    '%s is this machine',
    async (url) => {
      expect((await planOf('', { url })).rows).toHaveLength(4);
    },
  );

  it('look at where messages are published, too', async () => {
    const file = `target: { url: 'http://localhost', publish: { url: 'http://example.com', path: / } }`;
    expect(await problemsOf(file)).toEqual([expect.stringMatching(/^http:\/\/example\.com is not this machine/)]);
  });

  it('bound the load, and name the bound and the way beyond it', async () => {
    const flags = { clients: '2000', rate: '3000/s', duration: '10m', warmup: '1s' };
    const problems = await problemsOf('probes: 5', LOCAL, flags);
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^2,000 clients, above the 1,000 .*`target: \{ bounds: \{ clients: 2000 \} \}`/),
        expect.stringMatching(/^3,000 messages\/s, above the 1,000\/s .*rate: 3000\/s/),
        expect.stringMatching(/^a window of .*above the .*duration: /),
      ]),
    );
    const file = 'target: { url: "http://localhost", bounds: { clients: 2000 } }';
    expect((await planOf(file, {}, { clients: '2000' })).target?.bounds.clients).toBe(2_000);
  });

  it.each([
    ['headers: { authorization: Bearer abcdef }', 'authorization'],
    ['headers: { Cookie: sid=abcdef }', 'Cookie'],
    ['headers: { X-Api-Key: abcdef }', 'X-Api-Key'],
    ['endpoints: { sse: { path: "/feed?room=1&token=abcdef" } }', 'token'],
    ['endpoints: { websocket: { first: \'{"password":"abcdef"}\' } }', 'password'],
    ['publish: { path: /say, headers: { X-Api-Key: abcdef } }', 'X-Api-Key'],
    ['command: API_TOKEN=abcdef python app.py', 'API_TOKEN'],
  ])('refuse a credential as it stands, without repeating it: %s', async (text, name) => {
    const [problem = '', ...others] = await problemsOf(`target:\n  url: http://localhost\n  ${text}\n`);
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^mine\.yaml:3: `target\..*must be without a credential in it: write \$\{NAME\} for the value of/,
    );
    expect(problem).toContain(`\`${name}\``);
    expect(problem).not.toContain('abcdef');
  });

  it('take a credential from the environment', async () => {
    const { target } = await planOf(`target:
  url: http://localhost
  headers: { authorization: "Bearer \${TOKEN}" }
  endpoints: { sse: { path: "/feed?token=\${TOKEN}&room={channel}" } }
`);
    expect(referencesIn(target)).toEqual(['TOKEN']);
    expect(resolveReferences(target, { TOKEN: 'abcdef' })?.headers).toEqual({ authorization: 'Bearer abcdef' });
    expect(redactor(target, { TOKEN: 'abcdef' })('not abcdef, abcdef')).toBe(`not \${TOKEN}, \${TOKEN}`);
  });
});
