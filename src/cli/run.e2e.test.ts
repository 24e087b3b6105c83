import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nullPaths, reasonFor } from '../report/not-measured.js';
import { parseReport } from '../report/report.js';
import type { CompletedRun, ReportRow } from '../report/schema.js';
import { Cli, childrenOf, isAlive, measured, rtbench, withFolder } from '../testing/cli.js';
import { QUICK } from '../testing/quick-run.js';
import { builtInTransports } from '../transports/index.js';

const FAKE = fileURLToPath(new URL('../testing/fake-transport/index.js', import.meta.url));

let plainRun: ReturnType<typeof measured> | undefined;
/** Every transport as it is: measured once, whichever test needs it first. */
function measuredPlain(): ReturnType<typeof measured> {
  plainRun ??= measured([...QUICK]);
  return plainRun;
}

function completed(row: ReportRow | undefined): CompletedRun {
  const run = row?.rounds[0];
  if (run?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return run;
}

describe('run measures every transport', () => {
  test('a feed: each message arrives once, in order, at every client; every null has its reason', async () => {
    const { transports } = await measuredPlain();
    expect(transports.map(({ transport }) => transport)).toEqual(builtInTransports.map(({ name }) => name));
    for (const row of transports) {
      const run = completed(row);
      expect({ transport: row.transport, ...run.delivery }).toEqual({
        transport: row.transport,
        published: 50,
        unpublished: 0,
        expected: 300,
        delivered: 300,
        lost: 0,
        duplicated: 0,
        reordered: 0,
      });
      expect(run.samples).toEqual({ publishes: 50, deliveries: 100 });
      expect(run.latencyUs.count).toBe(run.latencyUs.p50 === null ? 0 : 100);
      expect(run.connections).toEqual({
        opened: 6,
        dropped: 0,
        reconnected: 0,
        accepted: { opening: 6, window: 0 },
        closeCodes: {},
      });
      const { phases, up, down } = run.bytes;
      const sum = (way: 'up' | 'down') => Object.values(phases).reduce((total, phase) => total + phase[way], 0);
      expect([sum('up'), sum('down')]).toEqual([up, down]);
      expect(nullPaths(run).filter((path) => reasonFor(run.notMeasured, path) === undefined)).toEqual([]);
    }
  });

  test('--interleave: the rows of a round side by side, each with all its messages, and the report says so', async () => {
    const rows = ['sse', 'websocket', 'short-polling:intervalMs=50ms'];
    const specs = rows.flatMap((row) => ['-t', row]);
    const { scenario, transports } = await measured([...QUICK, ...specs, '--no-floor', '--interleave', '50ms']);
    expect(scenario.interleaveMs).toBe(50);
    expect(transports.map((row) => completed(row).delivery)).toMatchObject(
      rows.map(() => ({ published: 50, unpublished: 0, delivered: 300, lost: 0 })),
    );
    // Three rows share the time: 50 messages in 3 s.
    for (const row of transports) expect(completed(row).throughput.offeredPerSecond).toBeCloseTo(50 / 3, 6);
  });

  test('a chat: clients publish, everyone in the room receives', async () => {
    const { transports } = await measured([
      'chat',
      ...QUICK,
      '--clients',
      '12',
      '--probes',
      '4',
      '-t',
      'short-polling:intervalMs=100',
      '-t',
      'long-polling',
      '-t',
      'sse',
      '-t',
      'websocket',
      '-t',
      'grpc',
    ]);
    for (const row of transports) {
      const { delivery } = completed(row);
      expect([
        row.transport,
        delivery.published,
        delivery.delivered - (delivery.expected ?? 0),
        delivery.lost,
        delivery.duplicated,
        delivery.reordered,
      ]).toEqual([row.transport, 50, 0, 0, 0, 0]);
    }
    expect(transports.map(({ label }) => label)).toContain('SSE + POST');
  });

  test('an echo: each client receives its own, and the first screen says that latency is the round trip', async () => {
    const { transports, finished } = await measured(['echo', ...QUICK, '-t', 'websocket', '-t', 'sse']);
    for (const row of transports)
      expect(completed(row).delivery).toMatchObject({ published: 50, expected: 50, delivered: 50, lost: 0 });
    expect(finished.stdout).toMatch(/round trip/);
  });

  test.each([
    ['the server publishes', []],
    ['clients publish', ['echo']],
  ])('--preset web: what a browser gets, over TLS and HTTP/2, %s', async (_what, more) => {
    const report = await measured([...more, ...QUICK, '--preset', 'web']);
    const { transports, scenario, environment, command } = report;
    expect(transports.map(({ transport, settings }) => [transport, settings.http])).toEqual([
      ['short-polling', '2'],
      ['long-polling', '2'],
      ['sse', '2'],
      ['websocket', undefined],
      ['tcp', undefined],
    ]);
    expect([scenario.tls, scenario.preset]).toEqual([true, 'web']);
    expect(command).toContain('--preset web');
    expect(environment.tls).toMatchObject({ version: 'TLSv1.3', alpn: ['h2', 'http/1.1'], sessionTickets: 2 });
    expect(JSON.stringify(report)).not.toContain('PRIVATE KEY');
    for (const row of transports) {
      const { delivery, bytes, connections, notMeasured } = completed(row);
      expect([row.label, delivery.lost, connections.opened, connections.dropped]).toEqual([row.label, 0, 6, 0]);
      // A handshake each, and what its certificate takes.
      expect(bytes.phases.open.down).toBeGreaterThan(6 * 900);
      // Parts add up with what TLS takes among them, or there are none.
      expect(notMeasured['bytes.parts']).toBeUndefined();
    }
  });

  test('--tls: gRPC too, and the header line says so', () =>
    withFolder(async (folder) => {
      const args = ['run', ...QUICK, '-t', 'grpc', '--tls', '--no-floor', '--no-ui', '--out', 'out'];
      const { stdout, stderr } = await rtbench(args, { cwd: folder });
      expect(stdout, stderr).toMatch(/over TLS 1\.3/);
      expect(stdout).toMatch(/TLS\s+records\s+and\s+handshakes\s+included/);
    }));

  test('--no-floor leaves both controls out, and of --floor and --no-floor the last counts', async () => {
    const planned = async (...flags: string[]) =>
      (await rtbench(['run', '--dry-run', '--rounds', '1', ...flags])).stdout;
    expect(await planned('-t', 'sse')).toMatch(/2 runs/);
    expect(await planned('-t', 'sse', '--floor')).toMatch(/3 runs.*Harness/s);
    expect(await planned('-t', 'sse', '--floor', '--no-floor')).toMatch(/1 runs/);
    expect(await planned('-t', 'sse', '--no-floor', '--floor')).toMatch(/3 runs/);
  });

  test('binary bodies', async () => {
    const { transports } = await measured([...QUICK, '--payload', 'binary', '--size', '1KiB']);
    const perMessage = new Map(transports.map((row) => [row.transport, completed(row).bytes.perMessage.down ?? 0]));
    for (const row of transports) expect(completed(row).delivery.lost).toBe(0);
    // Where only text fits, 1,024 bytes travel as 1,368 of base64.
    expect(perMessage.get('sse')).toBeGreaterThan(1_368);
    expect(perMessage.get('websocket')).toBe(1_028);
  });
});

describe('bytes of a real run equal theory exactly', () => {
  const hexDigits = (n: number) => n.toString(16).length;
  const ID_DIGITS = 8;
  const theory: Readonly<Record<string, (n: number) => number>> = {
    websocket: (n) => n + (n <= 125 ? 2 : n <= 65_535 ? 4 : 10),
    sse: (n) => {
      const event = n + 8 + 5 + ID_DIGITS;
      return event + hexDigits(event) + 4;
    },
    tcp: (n) => 4 + 6 + n,
  };
  test.each([125, 126, 1_000, 65_535, 65_536])('%i bytes of payload', async (n) => {
    const { transports } = await measured([
      ...QUICK,
      '--rate',
      '20/s',
      '--size',
      `${n}`,
      '-t',
      'websocket',
      '-t',
      'sse',
    ]);
    expect(transports).toHaveLength(3);
    for (const row of transports) {
      const { perMessage } = completed(row).bytes;
      expect([row.transport, perMessage.down, perMessage.up]).toEqual([row.transport, theory[row.transport]?.(n), 0]);
    }
  });
});

describe('a technique of known faults', () => {
  test('dropped, repeated and swapped messages are counted exactly, and the row is invalid', async () => {
    const { transports, finished } = await measured([
      ...QUICK,
      ...['--rate', '100/s', '-t', `${FAKE}:dropEvery=10,repeatEvery=7,swapEvery=9`, '--no-floor'],
    ]);
    const run = completed(transports[0]);
    // Messages of a connection count from 0; 20 belong to the warm-up, 100 to the window.
    const window = Array.from({ length: 100 }, (_, index) => 20 + index);
    const swapped = window.filter((k) => k % 9 === 0);
    const dropped = window.filter((k) => k % 10 === 0 && k % 9 !== 0);
    const repeated = window.filter((k) => k % 7 === 0 && k % 9 !== 0 && k % 10 !== 0);
    // A swapped message is out of order when the one behind it was sent before it.
    const late = swapped.filter((k) => (k + 1) % 10 !== 0);
    expect(run.delivery).toMatchObject({
      expected: 600,
      lost: dropped.length * 6,
      duplicated: repeated.length * 6,
      reordered: late.length * 6,
    });
    expect(run.verdict).toBe('invalid');
    expect(finished.code).toBe(3);
  });
});

describe('what goes wrong in the middle', () => {
  test('a server that dies: its row failed with the reason, the others go on, exit 3', async () => {
    const { transports, finished } = await measured([...QUICK, '-t', `${FAKE}:dieAfter=100`, '-t', 'websocket']);
    const [dead, websocket, floor] = transports;
    expect(dead?.state).toBe('failed');
    expect(dead?.reasons.join()).toMatch(/server process ended with code 7/);
    expect([completed(websocket).delivery.lost, completed(floor).delivery.lost]).toEqual([0, 0]);
    expect(finished.code).toBe(3);
    expect(finished.stdout).toMatch(/server process ended with code 7/);
  });

  test.runIf(process.platform === 'linux')('a crowd process that is killed: failed with the reason, exit 3', () =>
    withFolder(async (folder) => {
      const cli = new Cli(
        ['run', ...QUICK, '--duration', '5s', '-t', 'websocket', '--no-floor', '--no-ui', '--json', 'r.json'],
        { cwd: folder },
      );
      let crowd: { pid: number } | undefined;
      while (!crowd) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        // Probe and crowd run the same entry; the crowd is the one that was started last.
        crowd = childrenOf(cli.pid)
          .filter(({ command }) => command.includes('load'))
          .at(1);
      }
      process.kill(crowd.pid, 'SIGKILL');
      const { code } = await cli.finished();
      const report = parseReport(await readFile(join(folder, 'r.json'), 'utf8'), 'r.json');
      expect(report.transports[0]?.state).toBe('failed');
      expect(report.transports[0]?.reasons.join()).toMatch(/(crowd 1|probe) process was ended by SIGKILL/);
      expect(code).toBe(3);
    }),
  );

  test.runIf(process.platform === 'linux')(
    'Ctrl-C keeps what was measured, exits 130 and leaves no process behind',
    () =>
      withFolder(async (folder) => {
        const cli = new Cli(
          ['run', ...QUICK, '--no-ui', '--rounds', '3', '-t', 'websocket', '-t', 'sse', '--out', 'kept'],
          { cwd: folder },
        );
        await cli.shows(/\[1\/9\]/);
        let children = childrenOf(cli.pid);
        while (children.length < 3) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          children = childrenOf(cli.pid);
        }
        // A terminal sends the signal to every process of the group.
        for (const { pid } of children) process.kill(pid, 'SIGINT');
        cli.kill('SIGINT');
        const { code, stdout } = await cli.finished();
        expect(code).toBe(130);
        const report = parseReport(await readFile(join(folder, 'kept', 'result.json'), 'utf8'), 'result.json');
        expect(report.interrupted).toBe(true);
        const rounds = report.transports.flatMap((row) => row.rounds);
        expect(rounds.filter(({ state }) => state === 'completed')).toHaveLength(1);
        expect(rounds.filter(({ state }) => state === 'failed')).toEqual([]);
        expect(stdout).toMatch(/interrupted/i);
        expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]);
        expect((await readdir(join(folder, 'kept'))).sort()).toEqual(['report.html', 'report.md', 'result.json']);
      }),
  );

  test.runIf(process.platform === 'linux')('a coordinator that is killed takes its processes with it', () =>
    withFolder(async (folder) => {
      const cli = new Cli(['run', ...QUICK, '--no-ui', '-t', 'websocket'], { cwd: folder });
      let children = childrenOf(cli.pid);
      while (children.length < 3) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        children = childrenOf(cli.pid);
      }
      cli.kill('SIGKILL');
      await cli.finished();
      while (children.some(({ pid }) => isAlive(pid))) await new Promise((resolve) => setTimeout(resolve, 20));
    }),
  );
});

test('the five under other names give the same result but for the names', () =>
  withFolder(async (folder) => {
    const five = builtInTransports.filter(({ name }) => name !== 'tcp');
    const modules = await Promise.all(
      five.map(async ({ name }, index) => {
        const file = join(folder, `t${index}.mjs`);
        const dist = new URL(`../../dist/transports/${name}/index.js`, import.meta.url).href;
        const other = `x${Math.random().toString(36).slice(2, 8)}`;
        await writeFile(
          file,
          `import transport from ${JSON.stringify(dist)};\nexport default { ...transport, profile: { ...transport.profile, name: ${JSON.stringify(other)}, title: ${JSON.stringify(other)} } };\n`,
        );
        return file;
      }),
    );
    const plain = (await measuredPlain()).transports.filter(({ transport }) => transport !== 'tcp');
    const renamed = await measured([...QUICK, '--no-floor', ...modules.flatMap((file) => ['-t', file])]);
    // What does not depend on timing: counts, settings, and the bytes of a push.
    const essence = (row: ReportRow) => {
      const { delivery, connections, samples, bytes } = completed(row);
      const push = row.deliveredBy === 'push' && row.group === 'web';
      return {
        group: row.group,
        settings: row.settings,
        delivery,
        connections,
        samples,
        bytes: push ? bytes.perMessage : null,
      };
    };
    expect(renamed.transports.map(essence)).toEqual(plain.map(essence));
    expect(renamed.transports.some((row) => five.some(({ name }) => name === row.transport))).toBe(false);
  }));

describe('output', () => {
  test('results that can no longer be saved end the run with the reason and exit 3', () =>
    withFolder(async (folder) => {
      const args = ['run', ...QUICK, '-t', 'websocket', '--no-floor', '--rounds', '2', '--no-ui', '--out', 'gone'];
      const cli = new Cli(args, { cwd: folder });
      await cli.shows(/2 runs/);
      await rm(join(folder, 'gone'), { recursive: true });
      const { code, stderr } = await cli.finished();
      expect([code, stderr]).toEqual([3, expect.stringMatching(/rtbench: ENOENT.*gone/)]);
      expect(stderr).not.toMatch(/^\s+at /m);
    }));

  test('--json - gives the document alone on stdout, the table goes to stderr; no colours when piped', () =>
    withFolder(async (folder) => {
      const { stdout, stderr } = await rtbench(
        ['run', ...QUICK, '-t', 'websocket', '--no-floor', '--json', '-', '--quiet'],
        { cwd: folder },
      );
      expect(parseReport(stdout, 'stdout').transports).toHaveLength(1);
      expect(stderr).toMatch(/WebSocket/);
      expect(stderr).not.toContain('\u001b[');
    }));

  test('an existing --out is left alone: a numbered folder beside it', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'out'));
      await rtbench(['run', ...QUICK, '-t', 'websocket', '--no-floor', '--out', 'out', '--quiet'], { cwd: folder });
      expect((await readdir(folder)).sort()).toEqual(['out', 'out-2']);
      expect((await readdir(join(folder, 'out-2'))).sort()).toEqual(['report.html', 'report.md', 'result.json']);
    }));
});
