import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletedRow, Report } from '../report/schema.js';
import { Cli } from '../testing/cli.js';
import { freePort } from '../testing/free-port.js';

const TICKER = fileURLToPath(new URL('../testing/foreign-server/ticker.js', import.meta.url));
/** How old each message is when it is sent, ms. */
const OLD_MS = 50;

let folder: string;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtbench-observed-'));
  port = await freePort();
});

afterAll(() => rm(folder, { recursive: true }));

async function observe(...args: string[]) {
  const out = join(await mkdtemp(join(folder, 'out-')), 'result');
  const load = ['--rounds', '1', '--clients', '4', '--probes', '2', '--warmup', '300ms', '--duration', '1s'];
  const server = [
    '--target',
    `http://127.0.0.1:${port}`,
    '--server-command',
    `"${process.execPath}" "${TICKER}" ${port}`,
  ];
  const cli = new Cli(['run', ...server, '--publish', 'observe', ...load, ...args, '--no-ui', '--out', out], {
    cwd: folder,
  });
  const { code, stdout } = await cli.finished();
  const report = JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as Report;
  const rows = report.transports.map((row): CompletedRow => {
    if (row.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row.reasons)}`);
    return row;
  });
  return { code, stdout, out, report, rows };
}

describe('a server that sends what it sends', () => {
  test('is measured over SSE and WebSocket by the time in its messages', async () => {
    const paths = ['-t', 'sse:path=/ticks', '-t', 'websocket:path=/ticks'];
    const { rows, report, stdout, out } = await observe(...paths, '--stamp', 'field:/made/ms:ms');
    expect(rows).toHaveLength(2);
    for (const { observed, latencyUs, delivery, bytes } of rows) {
      expect(latencyUs.count).toBeGreaterThan(0);
      // To three digits, as histograms have it.
      expect(latencyUs.min).toBeGreaterThan(OLD_MS * 1_000 * 0.999);
      expect(observed).toMatchObject({ messages: delivery.delivered, silentClients: 0 });
      expect(observed?.stamp).toMatchObject({ read: delivery.delivered, unread: 0, negative: 0, resolutionUs: 1_000 });
      expect(observed?.gapUs.count).toBeGreaterThan(0);
      expect(observed?.bodyBytesPerMessage).toBeGreaterThan(200);
      expect(bytes.perMessage.down).toBeGreaterThan(observed?.bodyBytesPerMessage ?? Number.NaN);
      expect([delivery.published, delivery.lost, delivery.duplicated]).toEqual([null, null, null]);
    }
    expect(report.target).toMatchObject({ publish: 'nothing', stamp: 'field:/made/ms:ms' });
    expect(stdout).toContain('nothing is published: the server sends what it sends');
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('time in the message');
  });

  test('is held to its own numbers', async () => {
    const { rows, code } = await observe('-t', 'websocket:path=/ticks', '--stamp', 'field:/number:sequence');
    const { delivery, latencyUs, verdict } = rows[0] as CompletedRow;
    expect(delivery.lost).toBeGreaterThan(0);
    expect(delivery.duplicated).toBeGreaterThan(0);
    expect(delivery).toMatchObject({ expected: delivery.delivered + (delivery.lost ?? Number.NaN), reordered: 0 });
    expect(latencyUs.p50).toBeNull();
    expect([code, verdict]).toEqual([3, 'invalid']);
  });

  test('and says nothing is no measurement', async () => {
    const { rows, code } = await observe('-t', 'sse:path=/silent');
    const [row] = rows;
    expect([code, row?.verdict]).toEqual([3, 'invalid']);
    expect([row?.delivery.delivered, row?.observed?.longestGapUs]).toEqual([0, null]);
  });
});
