import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseGateReport } from '../report/gate/file.js';
import type { GateReport } from '../report/gate/schema.js';
import { rtbench, withFolder } from '../testing/cli.js';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const BUILD = `ln -s ${MODULES} node_modules`;
/** As small as a gate can be, of what a neighbour on the machine moves least, for a mistake that is far beyond it. */
const LOAD = ['--clients', '5', '--rate', '50/s', '--duration', '500ms', '--warmup', '100ms'];
const FIGURES = ['--figures', 'cpu', '--threshold', '30%', '--pairs', '5', '--budget', '30s'];
const TIMEOUT_MS = 240_000;

/** Somebody's server, which knows nothing of rtbench; `send` is what it does for each client. */
const serverThat = (send: string) => `import { createServer } from 'node:http';
import { pbkdf2Sync } from 'node:crypto';
import { WebSocketServer } from 'ws';

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => {
    for (const client of sockets.clients) ${send}
    response.writeHead(204).end();
  });
});
const sockets = new WebSocketServer({ server, path: '/ws' });
server.listen(process.env.PORT, '127.0.0.1');
`;
const FAST = serverThat('client.send(body);');
const REFACTORED = FAST.replace("let body = '';", "let body = '';\n  request.setEncoding('utf8');");
/** A key derived for every client of every message: once would have done. */
const SLOW = serverThat("{ pbkdf2Sync(body, 'salt', 2_000, 32, 'sha256'); client.send(body); }");

function gitIn(folder: string) {
  return (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=me', '-c', 'user.email=me@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
}

/** A repository with a server that `rtbench init` guards, its first commit done. */
async function repositoryIn(folder: string): Promise<ReturnType<typeof gitIn>> {
  const git = gitIn(folder);
  git('init', '--quiet', '--initial-branch', 'main');
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
  await writeFile(join(folder, '.gitignore'), 'node_modules\nout*\n');
  await writeFile(join(folder, 'server.js'), FAST);
  execFileSync('ln', ['-s', MODULES, 'node_modules'], { cwd: folder });
  const init = ['init', '--command', 'node server.js', '-t', 'websocket:path=/ws', '--build', BUILD];
  expect(await rtbench(init, { cwd: folder })).toMatchObject({ code: 0 });
  git('add', '.');
  git('commit', '--quiet', '-m', 'a server, and its gate');
  return git;
}

/** What the workflow asks for, of so small a load. */
async function gate(folder: string, out: string) {
  const workflow = parse(await readFile(join(folder, '.github/workflows/rtbench.yml'), 'utf8'));
  const { env, steps } = workflow.jobs.measure;
  const { run } = steps.find(({ name }: { name: string }) => name === 'Times, against the commit before');
  expect(run).toContain('check --scenario ./rtbench.yaml --base-ref HEAD^1 --build "$BUILD"');
  const asked = ['check', '--scenario', './rtbench.yaml', '--base-ref', 'HEAD^1', '--build', env.BUILD];
  const { code, stdout, stderr } = await rtbench([...asked, ...LOAD, ...FIGURES, '--out', out], { cwd: folder });
  const file = join(folder, out, 'gate.json');
  const report = parseGateReport(await readFile(file, 'utf8').catch(() => stderr), file);
  if (report === undefined) throw new Error(stderr);
  return { report, code, stdout };
}

/** Of all pairs: on a busy machine some are not used, and yet show what the server did. */
function medianRatio({ pairs }: GateReport): number {
  const ratios = pairs.map(({ base, head }) => (head.cpu ?? 0) / (base.cpu ?? 1)).sort((a, b) => a - b);
  return ratios[Math.floor(ratios.length / 2)] ?? 0;
}

/** Whether the machine is quiet enough for five pairs is its own affair. */
function isTold({ used, verdict }: GateReport): boolean {
  if (used < 5) expect(verdict).toBe('inconclusive');
  return used >= 5;
}

describe('the gate of a server of one’s own, by commits', () => {
  test(
    'passes a refactoring, fails a commit that costs more and names the figure, and passes its revert',
    () =>
      withFolder(async (folder) => {
        const git = await repositoryIn(folder);
        await writeFile(join(folder, 'server.js'), REFACTORED);
        git('commit', '--quiet', '-am', 'the body is text from the start');
        const refactored = await gate(folder, 'out1');
        expect(refactored).toMatchObject({ code: 0, report: { verdict: expect.not.stringMatching('regression') } });
        expect(refactored.report.base.server).toMatchObject({
          command: 'node server.js',
          ref: 'HEAD^1',
          commit: git('rev-parse', 'HEAD^1').trim(),
        });
        expect(refactored.report.head.server).toMatchObject({
          commit: git('rev-parse', 'HEAD').trim(),
          changed: false,
        });
        expect(medianRatio(refactored.report)).toBeLessThan(1.3);

        await writeFile(join(folder, 'server.js'), SLOW);
        git('commit', '--quiet', '-am', 'a key for every client');
        const slow = await gate(folder, 'out2');
        expect(medianRatio(slow.report)).toBeGreaterThan(1.3);
        if (isTold(slow.report)) {
          expect(slow).toMatchObject({ code: 1, report: { reason: 'more in server CPU per delivery' } });
          expect(slow.stdout).toContain('regression: more in server CPU per delivery');
        }

        git('revert', '--no-edit', 'HEAD');
        const reverted = await gate(folder, 'out3');
        expect(reverted.code).toBe(0);
        expect(medianRatio(reverted.report)).toBeLessThan(1);
        if (isTold(reverted.report)) expect(reverted.report.verdict).toBe('pass');
        expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
        expect(git('status', '--porcelain')).toBe('');
      }),
    TIMEOUT_MS,
  );

  test('is refused where base and head cannot be told or started, with what would do', () =>
    withFolder(async (folder) => {
      await repositoryIn(folder);
      const refused = async (...flags: string[]) =>
        (await rtbench(['check', ...flags, '--dry-run'], { cwd: folder })).stderr;
      const mine = ['--scenario', './rtbench.yaml'];
      expect(await refused(...mine, '--base-command', 'node server.js')).toMatch(
        /^rtbench: base and head are the same/,
      );
      expect(await refused('-t', 'websocket', '--base-ref', 'main')).toMatch(/--target: say where the server listens/);
      expect(await refused(...mine, '--base-ref', 'main', '--target', 'http://localhost:5000')).toMatch(
        /both would listen at http:\/\/localhost:5000: write \{port\}/,
      );
      const running = ['--base-target', 'http://localhost:81', '--head-target', 'http://localhost:82'];
      expect(await refused(...mine, ...running, '--figures', 'cpu')).toMatch(/--figures: cpu of base takes --base-pid/);
      await writeFile(
        join(folder, 'observed.yaml'),
        `transports: [sse]\ntarget: { url: 'http://localhost:{port}', publish: observe, command: node server.js }\n`,
      );
      expect(await refused('--scenario', './observed.yaml', '--base-ref', 'main')).toMatch(/`publish: observe`: base/);
      expect(await refused(...mine, '--base-ref', 'main', '--build', '')).toMatch(/^rtbench: --build: give a command/);
      expect(await refused('--build', 'make')).toMatch(/^rtbench: --build, --dry-run: for times, which take/);
    }));
});
