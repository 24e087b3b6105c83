import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletedRow, Report, ReportRow } from '../report/schema.js';
import { Cli } from '../testing/cli.js';
import { freePort } from '../testing/free-port.js';

const CHAT = fileURLToPath(new URL('../testing/foreign-server/chat.js', import.meta.url));
const TOKEN = 'nobody-may-read-this';
const LOAD = [
  '--rounds',
  '1',
  '--clients',
  '6',
  '--probes',
  '3',
  '--rate',
  '50/s',
  '--warmup',
  '300ms',
  '--duration',
  '2s',
];

let folder: string;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtbench-target-'));
  port = await freePort();
  await writeFile(
    join(folder, 'chat.yaml'),
    `target:
  url: http://127.0.0.1:${port}
  command: ${JSON.stringify(`"${process.execPath}" "${CHAT}" ${port}`)}
  headers: { authorization: "Bearer \${CHAT_TOKEN}" }
  endpoints:
    sse: { path: /feed, event: chat }
    websocket: { path: /, first: '{"type":"join"}', message: '{"type":"say","text":{bodyJson}}' }
  publish:
    path: /api/say
    headers: { content-type: application/json }
    body: '{"text":{bodyJson}}'
`,
  );
});

afterAll(() => rm(folder, { recursive: true }));

async function run(args: readonly string[], env: NodeJS.ProcessEnv, file = join(folder, 'chat.yaml')) {
  const out = join(await mkdtemp(join(folder, 'out-')), 'result');
  const cli = new Cli(['run', file, ...LOAD, ...args, '--no-ui', '--out', out], { env, cwd: folder });
  return { ...(await cli.finished()), out };
}

function completed(row: ReportRow | undefined): CompletedRow {
  if (row?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(row?.reasons)}`);
  return row;
}

describe('a server that knows nothing of rtbench, by a scenario of a dozen lines', () => {
  test('is started, measured over SSE and WebSocket, sampled and ended; no credential is kept', async () => {
    const { out, stdout, stderr } = await run([], { CHAT_TOKEN: TOKEN });
    const text = await readFile(join(out, 'result.json'), 'utf8');
    const report = JSON.parse(text) as Report;
    expect(report.command).toContain('chat.yaml');
    expect(report.transports.map(({ label }) => label)).toEqual(['SSE path=/feed event=chat', 'WebSocket path=/']);
    for (const row of report.transports.map(completed)) {
      expect(row.delivery).toMatchObject({
        published: 100,
        expected: 600,
        delivered: 600,
        lost: 0,
        duplicated: 0,
        reordered: 0,
      });
      expect(row.latencyUs.count).toBe(300);
      expect(row.bytes.side).toBe('client');
      expect(row.bytes.perMessage.down).toBeGreaterThan(240);
      if (process.platform === 'linux') {
        expect(row.server.cpuShare).toBeGreaterThan(0);
        expect(row.server.rssBytes).toBeGreaterThan(10_000_000);
      }
      expect(row.server.eventLoopUtilization).toBeNull();
    }
    for (const name of ['report.md', 'report.html'])
      expect(await readFile(join(out, name), 'utf8')).not.toContain(TOKEN);
    expect(text + stdout + stderr).not.toContain(TOKEN);
    await expect(fetch(`http://127.0.0.1:${port}/feed`)).rejects.toThrow();
  });

  test('that refuses the credential fails the run, and does not tell it', async () => {
    const command = `unset CHAT_TOKEN; "${process.execPath}" "${CHAT}" ${port}`;
    const { code, out, stdout, stderr } = await run(['--server-command', command], { CHAT_TOKEN: TOKEN });
    expect(code).toBe(3);
    const text = await readFile(join(out, 'result.json'), 'utf8');
    expect(text).toMatch(/401.*it wants to know who asks/);
    expect(text + stdout + stderr).not.toContain(TOKEN);
  });

  test('takes what its members say', async () => {
    const file = join(folder, 'chat.yaml');
    const say = join(folder, 'say.yaml');
    await writeFile(say, `publish: clients\n${await readFile(file, 'utf8')}`);
    const { out } = await run(['-t', 'websocket:path=/'], { CHAT_TOKEN: TOKEN }, say);
    const report = JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as Report;
    expect(completed(report.transports[0]).delivery).toMatchObject({ published: 100, delivered: 600, lost: 0 });
  });

  test('without the variable is refused before anything starts', async () => {
    const { code, stderr } = await run([], {});
    expect(code).toBe(2);
    expect(stderr).toContain(`\`target\` takes \${CHAT_TOKEN} from the environment, and it is not set there`);
  });
});
