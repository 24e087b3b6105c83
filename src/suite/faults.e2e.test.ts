import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CompletedRun, ReportRow } from '../report/schema.js';
import { Cli, childrenOf, isAlive, measured, rtbench, withFolder } from '../testing/cli.js';
import { builtInTransports } from '../transports/index.js';

const LOAD = ['--rounds', '1', '--clients', '8', '--probes', '3', '--rate', '50/s', '--warmup', '200ms'];
const QUICKLY_BACK = ['--reconnect', 'fixed:wait=50ms', '--duration', '3s', '--no-floor'];

/** Code of the drop that a farewell makes, of those that have a connection to lose. */
const FAREWELLS: Readonly<Record<string, string>> = { websocket: '1001', sse: 'end', grpc: 'OK', tcp: 'end' };

function completed(row: ReportRow | undefined): CompletedRun {
  const run = row?.rounds[0];
  if (run?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return run;
}

describe('faults in a run', () => {
  test('a restart and then a kill: every client comes back, nothing is missed and nothing comes twice', async () => {
    const rows = builtInTransports.flatMap(({ name }) => ['-t', name]);
    const faults = ['--fault', 'restart@500ms', '--fault', 'kill@1500ms'];
    const { transports } = await measured([...LOAD, ...QUICKLY_BACK, ...rows, ...faults]);
    expect(transports.length).toBeGreaterThan(4);
    for (const row of transports) {
      const { recovery, delivery, connections } = completed(row);
      const codes = Object.values(connections.closeCodes).reduce((sum, count) => sum + count, 0);
      expect([row.transport, codes]).toEqual([row.transport, connections.dropped]);
      // Clients were told by the server that drained, in the protocol's own way.
      const farewell = FAREWELLS[row.transport];
      // Who was killed may have had the same end; who had not come back by then is not told twice.
      if (farewell !== undefined) expect(connections.closeCodes[farewell] ?? 0).toBeGreaterThan(0);
      const found = { transport: row.transport, ...delivery };
      expect(found).toMatchObject({ expected: 1_200, delivered: 1_200, lost: 0, duplicated: 0, reordered: 0 });
      expect(recovery).toMatchObject({ resumed: true, missed: 0, outstanding: 0 });
      expect(recovery?.faults.map(({ fault, clientsAway }) => [fault, clientsAway])).toEqual([
        ['restart@500ms', 0],
        ['kill@1500ms', 0],
      ]);
    }
  });

  test('a cut without resume: what is lost is what was missed while away, and the run is a result', async () => {
    const args = ['-t', 'sse', '-t', 'websocket', '--fault', 'cut@1s', '--resume', 'off'];
    const { transports } = await measured([...LOAD, ...QUICKLY_BACK, ...args]);
    for (const row of transports) {
      const { recovery, delivery, connections, fault } = completed(row);
      expect(fault).not.toBe('delivery');
      expect(connections).toMatchObject({ dropped: 8, reconnected: 8 });
      expect(delivery).toMatchObject({ duplicated: 0, reordered: 0, lost: recovery?.missed });
      expect(recovery?.faults).toMatchObject([{ connections: 8, clientsDropped: 8, clientsAway: 0 }]);
      expect(recovery?.faults[0]?.backUs.all).toBeGreaterThanOrEqual(50_000);
    }
  });

  test('connections that die silently are noticed by heartbeats, and nothing is missed', async () => {
    const args = [
      '-t',
      'sse',
      '-t',
      'websocket',
      '-t',
      'grpc',
      '--fault',
      'half-open:50%@500ms',
      '--heartbeat',
      '200ms',
    ];
    const { transports, network } = await measured([...LOAD, ...QUICKLY_BACK, ...args]);
    expect(network?.nominalRttMs).toBe(0);
    for (const row of transports) {
      const { recovery, delivery } = completed(row);
      expect(delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
      expect(recovery).toMatchObject({ missed: 0, outstanding: 0, unaware: 0 });
      expect(recovery?.faults).toMatchObject([{ connections: 4, clientsUnaware: 0, clientsAway: 0 }]);
      expect(recovery?.faults[0]?.backUs.all).toBeGreaterThan(recovery?.faults[0]?.noticeUs.p50 ?? Number.NaN);
      expect(recovery?.faults[0]?.peakAccepts?.perSecond).toBeGreaterThan(0);
    }
  });

  test('nobody notices a silent end without heartbeats, and the result says so', async () => {
    const { transports, finished } = await measured([
      ...[...LOAD, '--duration', '1500ms', '--no-floor'],
      ...['-t', 'websocket', '-t', 'short-polling', '--fault', 'half-open:50%@500ms'],
    ]);
    expect(finished.stderr).toMatch(/note: nothing of WebSocket ids=true looks for/);
    expect(finished.stderr).toMatch(/note: Short polling \(30.5 s\) may notice/);
    for (const row of transports) {
      const { recovery, delivery, fault, connections } = completed(row);
      expect(fault).not.toBe('delivery');
      expect(connections.dropped).toBe(0);
      expect(recovery).toMatchObject({ unaware: 4, missed: 0, outstanding: delivery.lost });
      expect(delivery.lost).toBeGreaterThan(0);
      expect(recovery?.faults[0]).toMatchObject({ clientsUnaware: 4, noticeUs: { p50: null } });
    }
  });

  test('a stall of the network is in the latency and drops nobody; so is one of the server', async () => {
    const faults = ['--fault', 'net-stall:400ms@300ms', '--fault', 'stall:400ms@1s'];
    const args = ['-t', 'websocket', '-t', 'sse', '--duration', '2s', '--no-floor'];
    const { transports } = await measured([...LOAD, ...args, ...faults]);
    for (const row of transports) {
      const { recovery, delivery, connections, latencyUs, fault } = completed(row);
      expect(fault).not.toBe('delivery');
      expect(delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
      expect(connections.dropped).toBe(0);
      expect(latencyUs.max).toBeGreaterThan(200_000);
      for (const { lastedMs } of recovery?.faults ?? []) expect(lastedMs).toBeGreaterThanOrEqual(399);
    }
  });

  test('at a distance, over TLS: cut at the server, silent on the way, and killed', async () => {
    const faults = ['cut:50%@300ms', 'half-open:50%@1s', 'kill@2500ms'].flatMap((fault) => ['--fault', fault]);
    const args = ['-t', 'websocket', '-t', 'long-polling', '--rtt', '20ms', '--tls', '--heartbeat', '200ms'];
    const { transports } = await measured([...LOAD, ...QUICKLY_BACK, '--duration', '4s', ...args, ...faults]);
    for (const row of transports) {
      const { recovery, delivery } = completed(row);
      expect(delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
      expect(recovery).toMatchObject({ missed: 0, outstanding: 0, unaware: 0 });
      expect(recovery?.faults[2]?.clientsDropped).toBeGreaterThan(0);
      expect(recovery?.faults.map(({ clientsAway }) => clientsAway)).toEqual([0, 0, 0]);
    }
  });

  test('native: what reconnects by itself does, and the other rows say why they are left out', async () => {
    const args = ['-t', 'sse:retryMs=200ms', '-t', 'websocket', '--reconnect', 'native', '--fault', 'cut@1s'];
    const { transports, unreachable } = await measured([...LOAD, '--duration', '2s', ...args]);
    expect(transports.map(({ transport }) => transport)).toEqual(['sse']);
    expect(unreachable.map(({ transport }) => transport)).toEqual(['websocket', 'tcp']);
    const { recovery, delivery, connections } = completed(transports[0]);
    expect(connections).toMatchObject({ dropped: 8, reconnected: 8 });
    expect(delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
    expect(recovery?.faults[0]?.backUs.p50).toBeGreaterThanOrEqual(199_000);
    expect(recovery?.faults[0]?.attempts).toEqual({ mean: 1, max: 1 });
  });
});

describe.skipIf(process.platform !== 'linux')('nothing is left', () => {
  const FAULTS = ['cut:50%@200ms', 'half-open:50%@300ms', 'net-stall:100ms@400ms', 'stall:100ms@600ms'];
  const ALL = [...FAULTS, 'restart@800ms', 'kill@1800ms'].flatMap((fault) => ['--fault', fault]);
  const ARGS = [...LOAD, '--duration', '3s', '--no-floor', '-t', 'websocket', '--heartbeat', '200ms', '--no-ui'];

  /** Runs it, has `during` happen, and looks for what there was: processes, and files of this command. */
  async function leftBy(
    args: readonly string[],
    during: (cli: Cli) => Promise<unknown>,
    patienceMs = 50,
  ): Promise<{ processes: number; files: string[] }> {
    return withFolder(async (folder) => {
      const cli = new Cli(['run', ...args, '--out', join(folder, 'out')]);
      const seen = new Set<number>();
      let over = false;
      const watching = (async () => {
        while (!over) {
          for (const { pid } of isAlive(cli.pid) ? childrenOf(cli.pid) : []) seen.add(pid);
          await delay(20);
        }
      })();
      await during(cli);
      await cli.finished();
      over = true;
      await watching;
      // Who ends at once leaves it to its processes to notice.
      await expect.poll(() => [...seen].filter(isAlive), { timeout: patienceMs }).toEqual([]);
      const files = readdirSync(tmpdir()).filter((name) => name.startsWith(`rtbench-${cli.pid}-`));
      return { processes: seen.size, files };
    });
  }

  test('of a run with every fault: no process, and with it no socket, and no file', async () => {
    const { processes, files } = await leftBy([...ARGS, ...ALL], (cli) => cli.finished());
    // Server, its two successors, probe, crowd and relay, and what sets their priorities.
    expect(processes).toBeGreaterThanOrEqual(6);
    expect(files).toEqual([]);
  });

  test('where Ctrl-C comes twice while the server stands still', async () => {
    const twice = async (cli: Cli) => {
      await cli.shows(/one row/);
      // By then the server stands still; if the machine is slower than that, less is tested.
      await delay(3_000);
      cli.kill('SIGINT');
      await delay(100);
      cli.kill('SIGINT');
    };
    expect(await leftBy([...ARGS, '--fault', 'stall:20s@100ms'], twice, 30_000)).toMatchObject({ files: [] });
  });
});

test.each([
  [['--fault', 'half-open@1s', '--wire'], /a relay everything crosses it twice/],
  [
    ['--reconnect', 'native', '-t', 'websocket', '--no-floor'],
    /no transport to run: WebSocket.* no reconnection of its own/,
  ],
  [['--reconnect', 'native:retry=1s', '-t', 'sse'], /sse:retryMs=500ms/],
  [['--reconnect', 'native', '--resume', 'off', '-t', 'sse'], /leave out --resume off/],
  [['--fault', 'cut@1s', '--slow-readers', '10%:stop'], /leave out one of the two/],
  [['--fault', 'cut@1s', '--interleave', '50ms'], /leave out --interleave or the faults/],
  [['--fault', 'cut@1s', '--via', 'browser'], /leave out --via or the faults/],
] as const)('%j is refused before anything starts', async (args, reason) => {
  const { code, stderr } = await rtbench(['run', ...args]);
  expect(code).toBe(2);
  expect(stderr).toMatch(reason);
});

test('clients that publish are refused together with faults', async () => {
  const { code, stderr } = await rtbench(['run', 'chat', '--fault', 'cut@1s']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/use `publish: server` with faults/);
});
