import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readPairRequest } from './gate-plan.js';
import { planServers, type ServerFlags } from './gate-servers.js';

const RUNNING = { baseTarget: 'http://localhost:81', headTarget: 'http://localhost:82' };

async function plan(target: string, flags: ServerFlags & { readonly figures?: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'rtbench-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'mine.yaml');
  await writeFile(file, `transports: [sse]\ntarget: ${target}\n`);
  const all = { transport: [], threshold: [], alpha: '5%', ...flags };
  return planServers(file, all, readPairRequest(all));
}

it('the process of a scenario’s target is not that of two servers that run already', async () => {
  const mine = `{ url: 'http://localhost:80', pid: ${process.pid} }`;
  const { request, note } = await plan(mine, RUNNING);
  expect(request.figures.map(({ name }) => name)).toEqual(['p50']);
  expect(note).toBe('left out: cpu of base takes --base-pid');
  await expect(plan(mine, { ...RUNNING, headPid: String(process.pid), figures: 'cpu,p50' })).rejects.toThrow(
    /^--figures: cpu of base takes --base-pid$/,
  );
});

it.each<[string, string, ServerFlags, RegExp]>([
  [
    '`endpoints`',
    "{ url: 'http://localhost:80', endpoints: { sse: { url: 'http://localhost:83' } } }",
    RUNNING,
    /^`url`/,
  ],
  [
    '`publish`',
    "{ url: 'http://localhost:80', publish: { url: 'http://localhost:83', path: /publish } }",
    RUNNING,
    /^`target.publish.url`: base and head would both be reached at http:\/\/localhost:83/,
  ],
  [
    'a build of nothing',
    "{ url: 'http://localhost:{port}' }",
    { baseCommand: 'node a.js', headCommand: 'node b.js', build: 'make' },
    /^--build: gets commits ready that are checked out, and none is/,
  ],
])('%s that would do something else is refused', async (_, target, flags, message) => {
  await expect(plan(target, flags)).rejects.toThrow(message);
});
