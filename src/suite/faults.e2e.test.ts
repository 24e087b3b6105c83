import { describe, expect, test } from 'vitest';
import type { CompletedRun, ReportRow } from '../report/schema.js';
import { measured } from '../testing/cli.js';
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
      // Each of the eight clients was told by the server that drained, in the protocol's own way.
      const farewell = FAREWELLS[row.transport];
      if (farewell !== undefined) expect([farewell, connections.closeCodes[farewell]]).toEqual([farewell, 8]);
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
    const { transports, finished } = await measured([...LOAD, ...QUICKLY_BACK, ...args]);
    expect(finished.code).toBe(0);
    for (const row of transports) {
      const { recovery, delivery, connections } = completed(row);
      expect(connections).toMatchObject({ dropped: 8, reconnected: 8 });
      expect(delivery).toMatchObject({ duplicated: 0, reordered: 0, lost: recovery?.missed });
      expect(recovery?.faults).toMatchObject([{ connections: 8, clientsDropped: 8, clientsAway: 0 }]);
      expect(recovery?.faults[0]?.backUs.all).toBeGreaterThanOrEqual(50_000);
    }
  });
});
