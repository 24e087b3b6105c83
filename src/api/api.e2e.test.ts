import { spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Finished, finished, withFolder } from '../testing/cli.js';
import { freePort } from '../testing/free-port.js';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const TSC = join(PACKAGE, 'node_modules/typescript/bin/tsc');

/** The package as someone has it who installed it: found by its name, from a folder of their own. */
function withInstalled<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    await mkdir(join(folder, 'node_modules'));
    await symlink(PACKAGE, join(folder, 'node_modules/rtbench'), 'junction');
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    return use(folder);
  });
}

async function node(folder: string, script: string): Promise<Finished> {
  await writeFile(join(folder, 'script.js'), script);
  return finished(spawn(process.execPath, ['script.js'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }));
}

const TINY = `{ scenario: 'default', transports: ['sse'], clients: 4, probes: 2, rate: '40/s', warmup: '100ms',
  duration: '500ms', rounds: 2, workers: 1, floor: false }`;

test('run resolves to the report, prints nothing, and leaves no process behind', async () => {
  await withInstalled(async (folder) => {
    const { code, stdout, stderr } = await node(
      folder,
      `import { writeFileSync } from 'node:fs';
      import { compare, readReport, run } from 'rtbench';
      const events = new Set();
      let saved = 0;
      const report = await run(${TINY}, { onEvent: ({ type }) => events.add(type), onReport: () => { saved++; } });
      writeFileSync('result.json', JSON.stringify(report));
      const read = await readReport('result.json');
      const comparison = compare(read, report, { names: { base: 'before', head: 'after' } });
      writeFileSync('seen.json', JSON.stringify({
        rows: report.transports.map(({ transport, state, delivery }) => ({ transport, state, lost: delivery?.lost })),
        command: report.command, interrupted: report.interrupted, events: [...events], saved,
        compared: [comparison.base.file, comparison.head.file, comparison.rows],
        // The handles that keep a process alive: a child that runs on would be one of them.
        alive: process.getActiveResourcesInfo().filter((name) => name.includes('Process')),
        listeners: process.listenerCount('SIGINT'),
      }));`,
    );
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    const { default: seen } = await import(join(folder, 'seen.json'), { with: { type: 'json' } });
    expect(seen).toEqual({
      rows: [{ transport: 'sse', state: 'completed', lost: 0 }],
      command:
        'rtbench run default -t sse --clients 4 --probes 2 --rate 40/s --warmup 100ms --duration 500ms --rounds 2 --workers 1 --no-floor',
      interrupted: false,
      events: ['planned', 'runStarted', 'step', 'progress', 'runEnded', 'ended'],
      saved: 2,
      compared: ['before', 'after', ['SSE']],
      alive: [],
      listeners: 0,
    });
  });
});

test('an abort in the middle resolves to what there was before, and says so', async () => {
  await withInstalled(async (folder) => {
    const { code, stdout, stderr } = await node(
      folder,
      `import { run } from 'rtbench';
      const controller = new AbortController();
      const report = await run({ ...${TINY}, duration: '60s' }, {
        signal: controller.signal,
        onEvent(event) { if (event.type === 'step' && event.step === 'measure') controller.abort(new Error('enough')); },
      });
      console.log(report.interrupted, report.endedBy, report.transports[0].state);`,
    );
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'true interruption aborted\n', stderr: '' });
  });
});

test('what is wrong rejects with a UsageError that names every problem, and nothing is started', async () => {
  await withInstalled(async (folder) => {
    const { stdout, stderr } = await node(
      folder,
      `import { run, UsageError } from 'rtbench';
      const problemsOf = (what) => run(what).catch((error) => error instanceof UsageError ? error.problems : error);
      console.log(JSON.stringify([
        await problemsOf('nothing-such'), await problemsOf({ clients: -1, rate: 'fast' }), await problemsOf({ client: 3 }),
        await problemsOf({ transports: ['./none.js'] }),
      ]));`,
    );
    expect(stderr).toBe('');
    const [unknown, wrong, misspelt, missing] = JSON.parse(stdout);
    expect(unknown).toEqual([expect.stringMatching(/^unknown scenario `nothing-such`/)]);
    expect(wrong).toEqual([expect.stringMatching(/^--clients: `-1`/), expect.stringMatching(/^--rate: `fast`/)]);
    expect(misspelt).toEqual([expect.stringMatching(/^unknown option `client`; there are clients, /)]);
    expect(missing).toEqual([expect.stringMatching(/there is no file .*none\.js/)]);
  });
});

test('a server of somebody else’s is measured, and what its figures must be is judged', async () => {
  await withInstalled(async (folder) => {
    const server = fileURLToPath(new URL('../testing/foreign-server/chat.js', import.meta.url));
    const { code, stdout, stderr } = await node(
      folder,
      `import { run } from 'rtbench';
      process.env.CHAT_TOKEN = 'nobody-may-read-this';
      const port = ${await freePort()};
      const report = await run({ ...${TINY}, rounds: 1, transports: ['sse:path=/feed'],
        target: {
          url: 'http://127.0.0.1:' + port, command: ${JSON.stringify(`node ${server}`)} + ' ' + port,
          headers: { Authorization: 'Bearer \${CHAT_TOKEN}' }, endpoints: { sse: { event: 'chat' } },
          publish: { path: '/api/say', body: '{"text":{bodyJson}}' },
        },
        expect: ['delivery.lost=0', 'bytes.perMessage.down<=1'],
      });
      const problems = await run({ target: { url: 'http://127.0.0.1:1', publish: { path: 'say' } } })
        .catch((error) => error.problems);
      const [row] = report.transports;
      console.log(JSON.stringify({ lost: row.delivery?.lost, verdict: row.verdict, problems,
        judged: report.expectations.map(({ path, verdict }) => [path, verdict]), command: report.command }));`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('nobody');
    const seen = JSON.parse(stdout);
    // On a machine that is busy with other tests the row may be invalid, and then no figure of it counts.
    const [met, missed] = seen.verdict === 'invalid' ? ['not measured', 'not measured'] : ['met', 'missed'];
    expect(seen).toMatchObject({
      lost: 0,
      judged: [
        ['delivery.lost', met],
        ['bytes.perMessage.down', missed],
      ],
      problems: [expect.stringMatching(/^target\.publish\.path: /)],
    });
    expect(seen.command).toMatch(
      /--target http:\S+ .*--header .*--expect .* # with target\.endpoints, target\.publish /,
    );
  });
});

test('its types hold for a program that is checked strictly', async () => {
  await withInstalled(async (folder) => {
    await symlink(join(PACKAGE, 'node_modules/@types'), join(folder, 'node_modules/@types'), 'junction');
    await writeFile(
      join(folder, 'script.ts'),
      `import { compare, type Report, run, type Transport } from 'rtbench';
      const report: Report = await run({ scenario: 'chat', clients: 10, transports: ['sse'] }, {
        signal: AbortSignal.timeout(1_000),
        onEvent(event) { if (event.type === 'progress') console.log(event.progress.delivered); },
      });
      console.log(compare(report, report).figures.map(({ verdict }) => verdict));
      export const name = ({ profile }: Transport): string => profile.name;
      await run({ target: { url: 'http://localhost:5000', publish: { path: '/say' } }, expect: ['delivery.lost=0'] });
      // @ts-expect-error: no such key of a target
      await run({ target: { path: '/say' } });
      // @ts-expect-error: no such key
      await run({ client: 10 });
      // @ts-expect-error: no such event
      await run('chat', { onEvent: ({ type }) => type === 'begun' });`,
    );
    const flags = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--types',
      'node',
      '--skipLibCheck',
    ];
    const checking = spawn(process.execPath, [TSC, ...flags, 'script.ts'], { cwd: folder });
    expect(await finished(checking)).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
