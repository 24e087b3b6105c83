import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILT_CLI, Cli, finished, rtbench, withFolder } from '../testing/cli.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtbench-usage-'));
  await writeFile(join(folder, 'malformed.yaml'), 'title: "x\nclients: [1\n');
  await writeFile(join(folder, 'wrong.yaml'), 'title: x\nclients: -3\nrate: fast\nclient: 7\n');
  await writeFile(join(folder, 'no-transport.js'), 'export default 42;\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const BAD: readonly (readonly [title: string, args: readonly string[], expected: readonly RegExp[]])[] = [
  [
    'an unknown scenario lists those there are',
    ['run', 'defualt'],
    [/unknown scenario `defualt`/, /chat, .*default, deploy, echo, /],
  ],
  ['malformed YAML: file, line, column', ['run', 'malformed.yaml'], [/malformed\.yaml:\d+:\d+/]],
  [
    'every problem of a file at once',
    ['run', 'wrong.yaml'],
    [/wrong\.yaml:2: `clients`/, /wrong\.yaml:3: `rate`/, /wrong\.yaml:4.*`client`/],
  ],
  ['a missing file', ['run', './none.yaml'], [/none\.yaml: cannot be read/]],
  ['a wrong unit', ['run', '--duration', '5 parsecs'], [/--duration: `5 parsecs` is not a duration with a unit/]],
  ['a duration without a unit', ['run', '--duration', '5'], [/--duration: `5` is not a duration with a unit/]],
  ['slow readers without how slow', ['run', '--slow-readers', '10%'], [/--slow-readers: `10%` is not .*`10%:stop`/]],
  ['an unknown policy', ['serve', '--when-full', 'drop'], [/--when-full: `drop` is not `wait`, `drop-oldest`/]],
  ['zero clients', ['run', '--clients', '0'], [/--clients: `0` is not/]],
  ['a negative rate', ['run', '--rate', '-5/s'], [/--rate: `-5\/s` is not/]],
  ['a body below the envelope', ['run', '--size', '20'], [/--size: `20` is not .*48/]],
  ['an unknown transport', ['run', '-t', 'websockets'], [/unknown transport `websockets`.*websocket/]],
  [
    'an unknown setting lists the known',
    ['run', '-t', 'websocket:foo=1'],
    [/unknown setting `foo`/, /ids, deflate, pingMs/],
  ],
  ['a setting out of its range', ['run', '-t', 'short-polling:intervalMs=0'], [/`intervalMs` must be a duration from/]],
  ['an unknown version of HTTP', ['run', '-t', 'sse:http=3'], [/`http` must be one of `1`, `2`, got `3`/]],
  [
    'HTTP/2 with a connection for each poll',
    ['run', '-t', 'short-polling:http=2,keepAlive=false'],
    [/use it with http=1/],
  ],
  ['an unknown preset', ['run', '--preset', 'mobile'], [/--preset: `mobile` is not `web`/]],
  ['what no browser reaches, in preset web', ['run', '--preset', 'web', '-t', 'grpc'], [/no browser reaches gRPC/]],
  ['a module that is no transport', ['run', '-t', './no-transport.js'], [/no-transport\.js.*not a transport/]],
  ['a missing module', ['run', '-t', './none.js'], [/there is no file .*none\.js/]],
  [
    'more clients than there is a flag for',
    ['run', '--clients', '900000'],
    [/--clients: `900000` is not a whole number/],
  ],
  ['a ledger beyond the limit', ['run', '--clients', '10000', '--rate', '10000/s', '--duration', '1m'], [/50,000,000/]],
  ['an unknown flag', ['run', '--foo'], [/unknown option '--foo'/]],
  ['an unknown command', ['rum'], [/unknown command 'rum'/, /run/]],
  ['two documents for one stdout', ['run', '--json', '-', '--markdown', '-'], [/only one of them can have stdout/]],
  ['CSV and Markdown for one stdout', ['run', '--csv', '-', '--markdown', '-'], [/only one of them can have stdout/]],
  ['CSV of a matrix', ['run', '--all', '--csv', 'all.csv'], [/--csv: --all has a matrix/]],
  ['an --out that cannot be written', ['run', '--out', '/proc/none/out'], [/--out: cannot write to/]],
  [
    'a --json that cannot be written',
    ['run', '--json', '/proc/none/r.json', '--out', 'o'],
    [/--json: cannot write to/],
  ],
  ['a --csv that cannot be written', ['run', '--csv', '/proc/none/r.csv', '--out', 'o'], [/--csv: cannot write to/]],
  ['a report of no report', ['report', 'malformed.yaml'], [/malformed\.yaml.*not JSON/i]],
  ['a report that is not there', ['report', 'none.json'], [/none\.json: cannot be read/]],
  [
    'an unknown format',
    ['report', 'none.json', '--format', 'pdf'],
    [/--format: `pdf` is not a format; there are table, markdown, json, .*csv/],
  ],
  ['points that are none', ['cost', '--points', '25x50,fast'], [/--points: `fast` is not clients x rate/]],
  [
    'points that cannot tell costs apart',
    ['cost', '--points', '25x50,50x50,75x50,100x50'],
    [/--points: 4 point\(s\) cannot tell that of a delivery from the other costs: vary/],
  ],
  ['a point beyond the machine', ['cost', '-t', 'tcp', '--points', '5x5,9x5,5x9,90000x9'], [/at 90000x9\/s: /]],
  ['an unknown list', ['list', 'apples'], [/scenarios and transports/]],
  ['a port that is none', ['serve', '--port', '99999'], [/--port: `99999` is not a port/]],
  ['a rate that is none', ['serve', '--publish', 'often'], [/--publish: `often` is not a rate/]],
];

describe('wrong input ends with exit 2, a clear message and nothing started', () => {
  test.each(BAD)('%s', async (_title, args, expected) => {
    const { code, stderr, stdout } = await rtbench(args, { cwd: folder });
    expect(code).toBe(2);
    for (const pattern of expected) expect(stderr).toMatch(pattern);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect((await readdir(folder)).filter((name) => name === 'reports' || name === 'o')).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('an --out where no folder can be made, by nobody', async () => {
    const { code, stderr } = await rtbench(['run', '--out', '/proc/none/out']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--out: cannot write to \/proc\/none\/out/)]);
  });

  test.runIf(process.platform === 'linux')(
    'more clients than descriptors allow: the limit and how to raise it',
    async () => {
      const command = `ulimit -n 500 && exec "$0" "$1" run --clients 1000 --rate 1/s`;
      const { code, stderr } = await finished(
        spawn('sh', ['-c', command, process.execPath, BUILT_CLI], { cwd: folder }),
      );
      expect(code).toBe(2);
      expect(stderr).toMatch(/1,000 clients .*500.*ulimit -n/s);
      expect(stderr).toMatch(/--clients/);
    },
  );

  test.runIf(process.platform === 'linux')('a stdout that is full is no success: exit 3', async () => {
    const command = 'exec "$0" "$1" list > /dev/full';
    const { code, stderr } = await finished(spawn('sh', ['-c', command, process.execPath, BUILT_CLI]));
    expect([code, stderr]).toEqual([3, expect.stringMatching(/cannot write its output: .*ENOSPC/)]);
  });

  test('a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { code, stderr } = await rtbench(['serve', '--port', `${address.port}`]);
    server.close();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--port: .*EADDRINUSE.*choose another/)]);
  });
});

describe('help', () => {
  test('no arguments and --help say the same and exit 0', async () => {
    const [bare, help] = [await rtbench([]), await rtbench(['--help'])];
    expect([bare.code, help.code]).toEqual([0, 0]);
    expect(bare.stdout).toBe(help.stdout);
    expect(help.stdout).toMatch(/Examples:/);
  });

  test('--help loads commander and none of the other packages', () =>
    withFolder(async (coverage) => {
      await rtbench(['--help'], { env: { NODE_V8_COVERAGE: coverage } });
      const [file] = await readdir(coverage);
      const { result } = JSON.parse(await readFile(join(coverage, file ?? ''), 'utf8')) as {
        result: { url: string }[];
      };
      const packages = new Set(result.flatMap(({ url }) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []));
      expect([...packages]).toEqual(['commander']);
    }));
});

describe('commands', () => {
  test('list names scenarios and transports', async () => {
    const { code, stdout } = await rtbench(['list']);
    expect(code).toBe(0);
    for (const name of ['default', 'chat', 'echo', 'websocket', 'grpc', 'intervalMs']) expect(stdout).toContain(name);
  });

  test('--dry-run says what would be done and does nothing', async () => {
    const { code, stdout } = await rtbench(['run', '--dry-run', '--clients', '7', '--probes', '2'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/7 clients/);
    expect(stdout).toMatch(/18 runs, about/);
    expect(await readdir(folder)).not.toContain('reports');
  });

  test('serve answers as the guide shows, until it is told to end', async () => {
    const cli = new Cli(['serve', '--port', '0']);
    await cli.shows(/Ctrl-C/);
    cli.kill('SIGINT');
    const { code, stdout } = await cli.finished();
    expect(code).toBe(0);
    expect(stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
  });

  test('check-transport: ours pass, one that loses messages fails with exit 1', async () => {
    const good = await rtbench(['check-transport', 'tcp']);
    expect([good.code, good.stdout]).toEqual([0, expect.stringMatching(/22 passed, 0 failed/)]);
    const fake = new URL('../testing/fake-transport/index.js', import.meta.url).pathname;
    const bad = await rtbench(['check-transport', `${fake}:repeatEvery=3`]);
    expect([bad.code, bad.stdout]).toEqual([1, expect.stringMatching(/FAIL 2,000 messages arrive once each/)]);
  });
});
