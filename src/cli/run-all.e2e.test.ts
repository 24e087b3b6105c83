import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GUIDE_USE_CASES } from '../report/guide/guide.js';
import { parseMatrixReport } from '../report/matrix/file.js';
import { Cli, childrenOf, isAlive, rtbench, withFolder } from '../testing/cli.js';

test('--all --dry-run names every use case, and takes less than a quarter of an hour', async () => {
  const { code, stdout } = await rtbench(['run', '--all', '--dry-run']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^10 use cases of the guide, 120 runs, about 1[0-3] min/);
  expect(stdout).toContain('Dashboard with 30 s refresh (scaled: 60 times as fast)');
  expect(stdout).not.toMatch(/note:|TCP|gRPC/);
});

test('what would change a use case is refused with --all', async () => {
  const { code, stderr } = await rtbench([
    'run',
    'chat',
    '--all',
    '--clients',
    '5',
    '--scale',
    '2',
    '--rounds',
    'auto',
  ]);
  expect(code).toBe(2);
  expect(stderr.split('\n')).toEqual([
    'rtbench: --all runs every use case of the guide: leave out `chat` or --all',
    'rtbench: --clients: with --all every scenario is as it stands; run one by its name to change it',
    'rtbench: --scale: with --all every scenario is as it stands; run one by its name to change it',
    'rtbench: --rounds: `auto` is for one scenario; give --all a whole number',
    '',
  ]);
});

test('Ctrl-C ends every process and keeps what was measured: the matrix, and the result of each use case', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const cli = new Cli(['run', '--all', '-t', 'websocket', '--rounds', '1', '--no-ui', '--out', out]);
    await cli.shows(/2\/10 Chat in rooms: one run/);
    const children = childrenOf(cli.pid);
    cli.kill('SIGINT');
    const { code, stdout, stderr } = await cli.finished();
    expect(code).toBe(130);
    expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect(stderr).toMatch(/^1\/10 Live sports scores \(scaled: 10 times as fast\): one run .* left$/ms);

    const matrix = parseMatrixReport(await readFile(join(out, 'matrix.json'), 'utf8'), 'matrix.json');
    expect(matrix?.interrupted).toBe(true);
    expect(matrix?.scenarios.map(({ scenario }) => scenario.name)).toEqual(
      GUIDE_USE_CASES.map(({ scenario }) => scenario),
    );
    expect(matrix?.scenarios.slice(0, 3).map(({ state }) => state)).toEqual(['measured', 'partly', 'notMeasured']);
    const [first] = matrix?.scenarios ?? [];
    expect(first?.cells).toMatchObject([{ transport: 'websocket', state: 'completed', rounds: 1 }]);
    expect(existsSync(join(out, first?.result ?? ''))).toBe(true);
    expect(stdout).toContain('Interrupted: not everything was measured.');

    const again = await rtbench(['report', join(out, 'matrix.json')]);
    expect([again.code, stdout.startsWith(again.stdout)]).toEqual([0, true]);
    const markdown = await rtbench(['report', join(out, 'matrix.json'), '--format', 'markdown']);
    expect(markdown.stdout).toBe(await readFile(join(out, 'report.md'), 'utf8'));
  }));
