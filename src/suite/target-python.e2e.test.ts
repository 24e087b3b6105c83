import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isRunning } from '../metrics/process-tree.js';
import type { CompletedRow, Report } from '../report/schema.js';
import { completedRowsOf, measured } from '../testing/cli.js';
import { freePort } from '../testing/free-port.js';

const SERVER = fileURLToPath(new URL('../../examples/python-chat/server.py', import.meta.url));
const SCENARIO = fileURLToPath(new URL('../../examples/python-chat/chat.yaml', import.meta.url));
const LOAD = ['--rounds', '1', '--clients', '6', '--probes', '3', '--rate', '50/s', '--warmup', '300ms'];
const TINY = [SCENARIO, ...LOAD, '--duration', '1s'];

const python = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;

function mustHaveAll(report: Report, rows: readonly CompletedRow[]): void {
  expect(report.transports.map(({ transport }) => transport)).toEqual(['sse', 'websocket']);
  for (const row of rows) {
    expect(row.delivery).toMatchObject({ published: 50, expected: 300, delivered: 300, lost: 0, duplicated: 0 });
    expect(row.latencyUs.count).toBe(150);
    // Both are by /proc.
    if (process.platform !== 'linux') continue;
    expect(row.server.cpuShare).toBeGreaterThan(0);
    expect(row.server.rssBytes).toBeGreaterThan(5_000_000);
  }
}

describe.skipIf(!python)(
  `a chat in Python that knows nothing of rtbench${python ? '' : ' (skipped: no python3)'}`,
  () => {
    test('is measured over SSE and WebSocket by the scenario beside it', async () => {
      const port = await freePort();
      const where = ['--target', `http://127.0.0.1:${port}`, '--server-command', `python3 ${SERVER} ${port}`];
      const report = await measured([...TINY, ...where]);
      mustHaveAll(report, completedRowsOf(report));
    });

    test('that runs already is sampled by its process id, and runs on', async () => {
      const server = spawn('python3', [SERVER, '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const ended = once(server, 'exit');
      try {
        const [url] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
        const pid = server.pid ?? 0;
        const report = await measured([...TINY, '--target', url, '--server-pid', String(pid)]);
        mustHaveAll(report, completedRowsOf(report));
        expect(report.target?.server).toBe('pid');
        expect(isRunning(pid)).toBe(true);
        const said = await fetch(`${url}/say`, { method: 'POST', body: '{"text":"still here"}' });
        expect(said.status).toBe(201);
      } finally {
        server.kill('SIGTERM');
        await ended;
      }
    });
  },
);
