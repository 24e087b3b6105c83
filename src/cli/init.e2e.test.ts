import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BUILT_CLI, rtbench, withFolder } from '../testing/cli.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WRITTEN = ['rtbench.yaml', '.github/workflows/rtbench.yml', '.github/workflows/rtbench-comment.yml'] as const;

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[]; readonly if?: string }>>;
}

async function workflowIn(folder: string, name: string): Promise<Workflow> {
  return parse(await readFile(join(folder, '.github/workflows', name), 'utf8')) as Workflow;
}

function scriptOf({ jobs }: Workflow, name: string): string {
  const step = Object.values(jobs).flatMap(({ steps }) => steps.filter((one) => one.name === name))[0];
  if (step?.run === undefined) throw new Error(`there is no step ${name}`);
  return step.run;
}

/** As a runner does; rejects where the script fails. */
async function bash(script: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const flags = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
  return promisify(execFile)('bash', flags, { cwd, env: { PATH, HOME, ...env } });
}

/** As `npm install -D` leaves it. */
async function install(folder: string): Promise<void> {
  const bin = join(folder, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await symlink(BUILT_CLI, join(bin, 'rtbench'));
  await writeFile(join(folder, 'package.json'), '{ "name": "mine", "private": true }\n');
}

describe('init', () => {
  test('in an empty folder: the scenario is one, the workflows are YAML, and it says what to do next', () =>
    withFolder(async (folder) => {
      const { code, stdout } = await rtbench(['init'], { cwd: folder });
      expect(code).toBe(0);
      expect(stdout).toContain(`Wrote, for SSE, WebSocket:\n  ${WRITTEN.join('\n  ')}\n`);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(stdout).toContain('rtbench check --save-baseline -t sse -t websocket');
      const planned = await rtbench(['run', './rtbench.yaml', '--dry-run'], { cwd: folder });
      expect(planned.code).toBe(0);
      expect(planned.stdout).toContain('expected: websocket bytes.perMessage.down <= 206 B');

      const measuring = await workflowIn(folder, 'rtbench.yml');
      expect(measuring.permissions).toEqual({ contents: 'read' });
      expect(JSON.stringify(measuring)).not.toMatch(/secrets\.|github\.token|pull_request_target/);
      const commenting = await workflowIn(folder, 'rtbench-comment.yml');
      expect(Object.keys(commenting.on)).toEqual(['workflow_run']);
      expect(commenting.permissions).toEqual({ actions: 'read', 'pull-requests': 'write' });
      expect(JSON.stringify(commenting)).not.toContain('actions/checkout');
      for (const { jobs } of [measuring, commenting]) {
        for (const { run = '' } of Object.values(jobs).flatMap(({ steps }) => steps)) expect(run).not.toContain('${{');
      }
    }));

  test('in a repository with files it overwrites none, names those in its way, and does with --force', () =>
    withFolder(async (folder) => {
      const mine = join(folder, WRITTEN[1]);
      await mkdir(dirname(mine), { recursive: true });
      await writeFile(mine, 'mine\n');
      await writeFile(join(folder, 'README.md'), 'mine\n');
      const refused = await rtbench(['init', folder]);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`${mine} is there already`) });
      expect(await readFile(mine, 'utf8')).toBe('mine\n');
      await expect(readFile(join(folder, WRITTEN[0]), 'utf8')).rejects.toThrow('ENOENT');

      expect((await rtbench(['init', folder, '--force'])).code).toBe(0);
      expect(await readFile(mine, 'utf8')).toContain('name: rtbench');
      expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('mine\n');
    }));

  test.runIf(process.platform === 'linux')('where no folder can be made it ends, and says what to give', async () => {
    const { code, stderr } = await rtbench(['init', '/proc/none/deep']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/\/proc\/none\/deep\/rtbench\.yaml: cannot be written \(ENOENT.*give a folder/),
    ]);
  });

  test('for other transports: they are in the scenario, without thresholds of what is not known of them', () =>
    withFolder(async (folder) => {
      expect((await rtbench(['init', folder, '-t', 'grpc', '-t', 'websocket:deflate=true'])).code).toBe(0);
      const text = await readFile(join(folder, 'rtbench.yaml'), 'utf8');
      expect(text).toMatch(/^# What a pull request must keep/);
      expect(parse(text)).toMatchObject({
        transports: ['grpc', 'websocket:deflate=true'],
        expect: { 'delivery.lost': 0, 'latencyUs.p99': '<250ms' },
      });
      expect(Object.keys(parse(text).expect)).not.toContain('websocket');
      expect((await rtbench(['run', join(folder, 'rtbench.yaml'), '--dry-run'])).code).toBe(0);
      expect((await rtbench(['init', folder, '--force', '-t', 'websockt'])).stderr).toContain(
        'did you mean `websocket`',
      );
    }));

  test('for a server of one’s own: its scenario, and a workflow that times it as it was built', () =>
    withFolder(async (folder) => {
      const mine = ['init', '--command', 'node server.js', '-t', 'websocket:path=/ws'];
      const { code, stdout } = await rtbench([...mine, '--build', 'make "all"'], { cwd: folder });
      expect(code).toBe(0);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(parse(await readFile(join(folder, WRITTEN[0]), 'utf8'))).toMatchObject({
        transports: ['websocket:path=/ws'],
        target: { url: 'http://localhost:{port}', command: 'node server.js' },
      });
      const { env, steps } = parse(await readFile(join(folder, WRITTEN[1]), 'utf8')).jobs.measure;
      expect(env).toEqual({ BUILD: 'make "all"' });
      expect(steps[0].with['fetch-depth']).toBe(2);
      const timing = scriptOf(await workflowIn(folder, 'rtbench.yml'), 'Times, against the commit before');
      const { stdout: help } = await rtbench(['check', '--help']);
      for (const [flag] of timing.matchAll(/ --[a-z-]+ /g)) expect(`${help} --no `).toContain(flag.trimStart());
      expect((await rtbench(['run', './rtbench.yaml', '--dry-run'], { cwd: folder })).stdout).toContain(
        'WebSocket path=/ws',
      );

      const refused = async (...flags: string[]) =>
        (await rtbench([...mine, '--force', ...flags], { cwd: folder })).stderr;
      expect(await refused('-t', 'sse')).toMatch(/--transport: name the one technique of your server/);
      expect(await refused('--target', 'http://localhost:5000')).toMatch(/write \{port\} for the port/);
      expect(await refused('--target', 'localhost')).toMatch(/--target: `localhost` is not the address of a server/);
      expect(await refused('--target', 'http://example.org:{port}')).toMatch(/is not this machine/);
      const bare = await rtbench(['init', '--build', 'make'], { cwd: folder });
      expect(bare.stderr).toMatch(/--command: say what starts your server/);
    }));

  test('the step of the workflow passes on the baseline of today, and fails on one of yesterday', () =>
    withFolder(async (folder) => {
      await install(folder);
      expect((await rtbench(['init', '-t', 'websocket'], { cwd: folder })).code).toBe(0);
      const script = scriptOf(await workflowIn(folder, 'rtbench.yml'), 'Bytes, against the committed baseline');
      await expect(bash(script, folder)).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--save-baseline'),
      });
      await bash('npx --no -- rtbench check --save-baseline -t websocket', folder);
      expect((await bash(script, folder)).stdout).toMatch(/^pass: /);
      expect(await readFile(join(folder, 'rtbench-results/check.md'), 'utf8')).toContain('**Passed: ');
      const baseline = join(folder, 'rtbench-baseline.json');
      await writeFile(baseline, (await readFile(baseline, 'utf8')).replace('"down": 102', '"down": 101'));
      await expect(bash(script, folder)).rejects.toMatchObject({ code: 1 });
    }));

  test('the comment is written once and then anew, whatever the branch is called, and never from a link', () =>
    withFolder(async (folder) => {
      await rtbench(['init'], { cwd: folder });
      const script = scriptOf(await workflowIn(folder, 'rtbench-comment.yml'), 'Write the comment, or write it anew');
      const gh = join(folder, 'bin/gh');
      await mkdir(dirname(gh));
      // Answers as the API would, and keeps what it was asked.
      await writeFile(
        gh,
        `#!/bin/sh
printf '%s\\n' "$*" >> "$CALLS"
case "$*" in
  *"--method GET"*) echo 7 ;;
  *--paginate*) printf '%s' "$EXISTING" ;;
esac
`,
      );
      await chmod(gh, 0o755);
      await mkdir(join(folder, 'rtbench-results'));
      await writeFile(join(folder, 'rtbench-results/check.md'), '# Exact figures\n');
      await writeFile(join(folder, 'secret'), 'do not post\n');
      await symlink(join(folder, 'secret'), join(folder, 'rtbench-results/run.md'));
      const env = {
        CALLS: join(folder, 'calls'),
        REPOSITORY: 'me/it',
        SHA: 'abc',
        RUN_URL: 'https://run',
        GH_TOKEN: 'x',
      };
      const comment = (EXISTING: string) =>
        bash(script, folder, {
          ...env,
          EXISTING,
          HEAD: 'someone:$(touch pwned);`x`',
          PATH: `${dirname(gh)}:${process.env.PATH}`,
        });
      await comment('');
      await comment('99\n');
      const calls = (await readFile(env.CALLS, 'utf8')).trimEnd().split('\n');
      expect(calls.filter((call) => /--method (POST|PATCH)/.test(call))).toEqual([
        'api --method POST repos/me/it/issues/7/comments -F body=@comment.md',
        'api --method PATCH repos/me/it/issues/comments/99 -F body=@comment.md',
      ]);
      expect(calls[0]).toContain('head=someone:$(touch pwned);`x`');
      await expect(readFile(join(folder, 'pwned'))).rejects.toThrow('ENOENT');
      const body = await readFile(join(folder, 'comment.md'), 'utf8');
      expect(body).toMatch(/^<!-- rtbench -->\n# Exact figures\n/);
      expect(body).not.toContain('do not post');
    }));
});

describe('action.yml', () => {
  test('is a composite action whose scripts are bash, name flags that exist, and have no expression in them', async () => {
    const { runs, inputs } = parse(await readFile(join(ROOT, 'action.yml'), 'utf8')) as {
      readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
      readonly runs: { readonly using: string; readonly steps: readonly Step[] };
    };
    expect(runs.using).toBe('composite');
    expect(Object.values(inputs).every(({ default: value }) => value !== '')).toBe(true);
    const scripts = runs.steps.flatMap(({ run }) => run ?? []);
    expect(scripts).toHaveLength(5);
    for (const script of scripts) {
      expect(script).not.toContain('${{');
      await promisify(execFile)('bash', ['-n', '-c', script]);
      const [, command] = /cli\.js" (check|run)/.exec(script) ?? [];
      if (command === undefined) continue;
      const { stdout: help } = await rtbench([command, '--help']);
      for (const [flag] of script.matchAll(/--[a-z-]+/g)) expect(help).toContain(`${flag} `);
    }
  });

  test('its step of the exact tier passes on the baseline of this repository', () =>
    withFolder(async (folder) => {
      const { runs } = parse(await readFile(join(ROOT, 'action.yml'), 'utf8')) as { runs: { steps: readonly Step[] } };
      const step = runs.steps.find(({ name }) => name === 'Bytes, against the committed baseline');
      const env = { GITHUB_ACTION_PATH: ROOT, BASELINE: join(ROOT, 'rtbench-baseline.json'), RESULTS: folder };
      expect((await bash(step?.run ?? 'false', folder, env)).stdout).toMatch(/^pass: /);
    }));
});
