import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { installedVersion } from '../network/middlebox/foreign-process.js';
import { nginx } from '../network/middlebox/nginx.js';
import { parseReport } from '../report/report.js';
import { Cli, childrenOf, measured, rtbench, withFolder } from '../testing/cli.js';
import { capacityOf, sweepOf } from '../testing/load-documents.js';
import { QUICK } from '../testing/quick-run.js';

const EIGHT = [...QUICK, '--clients', '8'];
const TWO = [...EIGHT, '-t', 'sse', '-t', 'websocket', '--no-floor'];

test('run --table guide measures what its table takes, and report prints it again', async () => {
  await withFolder(async (folder) => {
    const out = join(folder, 'out');
    const { stdout, stderr } = await rtbench(['run', ...TWO, '--table', 'guide', '--claims', '--no-ui', '--out', out]);
    const file = join(out, 'result.json');
    const { guide } = parseReport(await readFile(file, 'utf8'), file);
    const { binary, cut, nginx: through, growth } = guide?.extra ?? {};
    const labels = ['SSE', 'WebSocket'];

    expect(binary, stderr).toMatchObject({ sizeBytes: 1_024, failed: [] });
    expect(binary?.rows.map(({ label }) => label)).toEqual(labels);
    // A frame of WebSocket, with its mask on the way up; base64 in an event of SSE.
    expect(binary?.rows[1]).toMatchObject({ publish: { up: 1_032, down: 0 }, message: { up: 0, down: 1_028 } });
    expect(binary?.rows[0]?.message.down).toBeGreaterThan(1_368);

    expect(cut?.rows.map(({ label, clientsDropped }) => [label, clientsDropped])).toEqual(
      labels.map((label) => [label, 8]),
    );
    // On a machine that is too busy a run has no figure that could be used.
    expect(growth?.clients).toEqual([2, 4]);
    expect([...(growth?.rows ?? []), ...(growth?.failed ?? [])].map(({ label }) => label).sort()).toEqual(labels);

    if ((await installedVersion(nginx)) === null) {
      expect(through?.failed.map(({ reason }) => reason)).toEqual(
        labels.map(() => expect.stringContaining('not installed')),
      );
    } else {
      expect(through?.rows.map(({ label }) => label)).toEqual(labels);
      expect(through?.rows[1]).toMatchObject({ outcome: 'dead', mend: expect.any(Array) });
    }

    for (const text of ['Through proxies/firewalls', '"May need configuration"', 'claims of the guide']) {
      expect(stdout).toContain(text);
    }
    expect(stdout).toMatch(/Long Polling +"Client to server": not measured, rtbench run -t long-polling/);
    const again = await rtbench(['report', file, '--table', 'guide', '--claims']);
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(stdout).toContain(again.stdout.trim());
    const markdown = await readFile(join(out, 'report.md'), 'utf8');
    expect(markdown).toContain("The guide's table, measured");
    expect(markdown).toContain("The guide's claims");
  });
}, 240_000);

let plainRun: ReturnType<typeof measured> | undefined;
/** Measured once, whichever test needs it first. */
function measuredPlain(): ReturnType<typeof measured> {
  plainRun ??= measured(TWO);
  return plainRun;
}

test('a plain run measures none of it and says so', async () => {
  const { guide, connections } = await measuredPlain().then(({ guide, transports }) => ({
    guide,
    connections: transports.map((row) => (row.state === 'completed' ? row.connections.accepted : null)),
  }));
  expect(guide?.extra).toBeNull();
  expect(guide?.facts.map(({ framing }) => framing)).toEqual(['text', 'binary']);
  // One connection each, opened before the window.
  expect(connections).toEqual(connections.map(() => ({ opening: 8, window: 0 })));
});

const SAMPLE = fileURLToPath(new URL('../../reports/sample/result.json', import.meta.url));

describe('evidence of other loads', () => {
  const bounds = { SSE: { pass: 400, fail: 440 }, WebSocket: { pass: 500, fail: 550, failedBy: 'generator' as const } };

  test('stands in the table of a stored result, in a terminal and in Markdown', () =>
    withFolder(async (cwd) => {
      const sample = parseReport(await readFile(SAMPLE, 'utf8'), SAMPLE);
      await writeFile(join(cwd, 'c.json'), JSON.stringify(capacityOf(sample, bounds)));
      await writeFile(join(cwd, 's.json'), JSON.stringify(sweepOf(sample, { SSE: [300, 10], WebSocket: [280, 10] })));
      const evidence = ['--evidence', 'c.json', '--evidence', 's.json'];
      const shown = await rtbench(['report', SAMPLE, '--table', 'guide', ...evidence], { cwd });
      expect([shown.code, shown.stderr]).toEqual([0, '']);
      const flat = shown.stdout.replace(/\s+/g, ' ');
      expect(flat).toContain('carries 400 to 440 clients within 200 ms: p99 too late');
      expect(flat).toContain('carries at least 500 clients within 200 ms: generator-bound at 550');
      expect(flat).toContain('CPU ∝ clients^0.90 ± 0.02 (25 to 400)');
      expect(flat).toContain('capacity: not measured: it is not in c.json');
      const markdown = await rtbench(['report', SAMPLE, '--format', 'markdown', ...evidence], { cwd });
      expect(markdown.stdout).toContain('carries 400 to 440 clients within 200 ms');
    }));

  test('is kept in the result of a run that reads it, and refused before anything is measured where it is of another machine', () =>
    withFolder(async (cwd) => {
      const report = await measuredPlain();
      const capacity = capacityOf(report, bounds);
      await writeFile(join(cwd, 'c.json'), JSON.stringify(capacity));
      const { guide } = await measured([...TWO, '--claims', '--evidence', join(cwd, 'c.json')]);
      expect(guide?.loads.capacity[0]?.rows.map(({ label, pass }) => [label, pass])).toEqual([
        ['SSE', 400],
        ['WebSocket', 500],
      ]);
      const environment = { ...capacity.environment, cores: 4_096 };
      await writeFile(join(cwd, 'other.json'), JSON.stringify({ ...capacity, environment }));
      const refused = await rtbench(['run', ...TWO, '--claims', '--evidence', 'other.json', '--out', 'out'], { cwd });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/--evidence: other\.json: it is of another load or machine \(cores: 4096 against/);
      expect(existsSync(join(cwd, 'out'))).toBe(false);
    }));
});

test('keepAlive=false opens a connection for each request, as the guide has it', async () => {
  const spec = 'short-polling:intervalMs=100ms,keepAlive=false';
  const { finished } = await measured([...EIGHT, '-t', spec, '--no-floor', '--claims']);
  expect(finished.stdout).toMatch(/Connection\n {2}Short Polling {2}holds/);
});

test.skipIf(process.platform !== 'linux')(
  'Ctrl-C among the extra measurements keeps what there is, and leaves nothing behind',
  async () => {
    await withFolder(async (folder) => {
      const cli = new Cli(['run', ...TWO, '--table', 'guide', '--no-ui', '--out', 'out'], { cwd: folder });
      await cli.shows(/every connection cut/);
      cli.kill('SIGINT');
      const { code } = await cli.finished();
      expect(code).toBe(130);
      const file = join(folder, 'out', 'result.json');
      const { guide, interrupted, transports } = parseReport(await readFile(file, 'utf8'), file);
      expect(interrupted).toBe(true);
      expect(transports.every(({ rounds }) => rounds.length === 1)).toBe(true);
      expect(guide?.extra?.binary?.rows).toHaveLength(2);
      expect(guide?.extra?.growth).toBeNull();
      expect(childrenOf(process.pid).filter(({ pid }) => pid === cli.pid)).toEqual([]);
    });
  },
);

describe('wrong usage', () => {
  test.each([
    [['run', '--table', 'guid'], /--table: unknown table `guid`; did you mean `guide`\?/],
    [['run', '--evidence', 'capacity.json'], /--evidence: .*add --table guide or --claims/],
    [['report', SAMPLE, '--evidence', 'capacity.json'], /--evidence: .*add --table guide or --claims/],
    [['report', SAMPLE, '--claims', '--evidence', 'none.json'], /--evidence: none\.json: cannot be read/],
    [['report', SAMPLE, '--claims', '--evidence', SAMPLE], /it is no capacity\.json and no sweep\.json/],
    [['run', '--all', '--evidence', 'capacity.json'], /--evidence: with --all/],
    [['run', '--table', 'guide', '-t', 'tcp'], /--table guide needs a technique/],
    [['report', 'reports/sample/result.json', '--claims', '--format', 'json'], /leave them out with --format json/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await rtbench(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('--dry-run says what else would be done, and how long it takes', async () => {
    const { stdout, code } = await rtbench(['run', '--table', 'guide', '--rounds', '1', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/then for the guide's table, about .*:/);
    expect(stdout).toMatch(/every connection cut, 5 run\(s\)/);
    expect(stdout).toMatch(/25 clients \(5 runs\) and 50 clients \(5 runs\)|25 clients .* 50 clients/);
  });
});
