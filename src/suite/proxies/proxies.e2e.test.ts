import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { registry } from '../../cli/registry.js';
import { ForeignProcess, installedVersion } from '../../network/middlebox/foreign-process.js';
import { haproxy } from '../../network/middlebox/haproxy.js';
import { HOSTILE_MODES } from '../../network/middlebox/hostile-modes.js';
import { HostileProxy } from '../../network/middlebox/hostile-proxy.js';
import type { ForeignMiddlebox, Mend } from '../../network/middlebox/middlebox.js';
import { foreignMiddlebox } from '../../network/middlebox/middleboxes.js';
import { nginx } from '../../network/middlebox/nginx.js';
import type { Endpoint, MiddleboxRef } from '../../protocol/messages.js';
import { passageOf } from '../../report/proxies/passage.js';
import type { FoundMend, Passage } from '../../report/proxies/schema.js';
import { resolveRows } from '../../scenario/rows.js';
import { allColumns, columnsNamed, spellColumn, viaNames } from './columns.js';
import { observe } from './observation.js';
import { measureProxies } from './proxies.js';

const has = { nginx: (await installedVersion(nginx)) !== null, haproxy: (await installedVersion(haproxy)) !== null };

// Wide enough for a machine that does other things too; what buffers and delays of proxies do is far beyond it.
const TIMING = { messages: 4, intervalMs: 400, promptMs: 100, silenceMs: 0 };

/** As the product starts it, in this process instead of one of its own, which takes compiled code. */
async function startHere(_title: string, ref: MiddleboxRef, servers: readonly Endpoint[]) {
  if (ref.kind === 'hostile') return Object.assign(await HostileProxy.start({ ...ref, servers }), { pid: process.pid });
  const middlebox = foreignMiddlebox(ref.name);
  const mends = middlebox.mends.filter(({ name }) => ref.mends.includes(name));
  return ForeignProcess.start(middlebox, mends, servers);
}

async function through(via: string, specs: readonly string[]) {
  const rows = await resolveRows(
    specs.map((spec) => ({ spec, where: 'test' })),
    'server',
    registry,
  );
  const passages: Passage[] = [];
  const mends: FoundMend[] = [];
  await measureProxies({
    rows,
    columns: columnsNamed(via) ?? [],
    timing: TIMING,
    signal: new AbortController().signal,
    onPassage: (passage) => passages.push(passage),
    onMend: (mend) => mends.push(mend),
    onColumn: async () => {},
    start: startHere,
  });
  const outcome = (configuration: string, transport: string) =>
    passages.find((passage) => passage.configuration === configuration && passage.transport === transport);
  return { passages, mends, outcome };
}

describe('nginx', () => {
  test('by default holds events back until a page is full, and drops the upgrade; its documentation mends both', async ({
    skip,
  }) => {
    skip(!has.nginx, 'nginx is not installed: apt-get install nginx-light');
    const { outcome, mends } = await through('nginx', ['long-polling', 'sse', 'websocket', 'grpc']);
    for (const transport of ['long-polling', 'sse', 'websocket', 'grpc']) {
      expect(outcome('none', transport)).toMatchObject({ outcome: 'delivered' });
      expect(outcome('documented', transport)).toMatchObject({ outcome: 'delivered', published: 4, delivered: 4 });
    }
    expect(outcome('default', 'long-polling')).toMatchObject({ outcome: 'delivered' });
    expect(outcome('default', 'websocket')).toMatchObject({ outcome: 'dead', connectMs: null });
    expect(outcome('default', 'grpc')).toMatchObject({ outcome: 'dead' });
    // proxy_buffer_size is a memory page, 4 KiB here: events and what follows them fill it, and all come at once.
    const sse = outcome('default', 'sse');
    expect(sse).toMatchObject({ outcome: 'delayed', delivered: 4, bursts: 1 });
    expect(sse?.heldBackBytes).toBeGreaterThan(2_048);
    expect(sse?.heldBackBytes).toBeLessThan(16_384);
    expect(Object.fromEntries(mends.map(({ transport, names, to }) => [transport, { names, to }]))).toEqual({
      sse: { names: ['streaming'], to: 'delivered' },
      websocket: { names: ['upgrade'], to: 'delivered' },
      grpc: { names: ['http2'], to: 'delivered' },
    });
  });
});

describe('HAProxy', () => {
  test('by default passes an upgrade, delays events and does not speak HTTP/2 to servers', async ({ skip }) => {
    skip(!has.haproxy, 'HAProxy is not installed: apt-get install haproxy');
    const { outcome, mends } = await through('haproxy', ['long-polling', 'sse', 'websocket', 'grpc']);
    expect(outcome('default', 'long-polling')).toMatchObject({ outcome: 'delivered' });
    expect(outcome('default', 'websocket')).toMatchObject({ outcome: 'delivered' });
    expect(outcome('default', 'grpc')).toMatchObject({ outcome: 'dead' });
    expect(outcome('default', 'grpc')?.reason).toContain('502');
    // Late by a delayed acknowledgement of 200 ms, for want of a full packet.
    expect(outcome('default', 'sse')).toMatchObject({ outcome: 'delayed', delivered: 4, heldBackBytes: null });
    for (const transport of ['long-polling', 'sse', 'websocket', 'grpc']) {
      expect(outcome('documented', transport)).toMatchObject({ outcome: 'delivered' });
    }
    expect(Object.fromEntries(mends.map(({ transport, names }) => [transport, names]))).toEqual({
      sse: ['streaming'],
      grpc: ['http2'],
    });
  });
});

/** The same program with its timeouts 50 times as short, which the documented lines override. */
const HASTY: readonly (ForeignMiddlebox & { installed: boolean })[] = [
  {
    ...haproxy,
    installed: has.haproxy,
    configuration: (...given) => haproxy.configuration(...given).replace(/(client|server) 50s/g, '$1 1s'),
  },
  {
    ...nginx,
    installed: has.nginx,
    configuration: (...given) => nginx.configuration(...given).replace('access_log off;', 'proxy_read_timeout 1s;'),
  },
];

for (const hasty of HASTY) {
  test.skipIf(!hasty.installed)(
    `${hasty.title}: silence beyond its timeout is cut, but not as documented`,
    async () => {
      const [row] = await resolveRows([{ spec: 'sse', where: 'test' }], 'server', registry);
      if (!row) throw new Error('no row');
      // With what makes events come at once, so that only the timeout is in question.
      const streaming = hasty.mends.filter(({ name }) => name === 'streaming');
      const documented = hasty.mends.filter(({ speech }) => speech === 'http/1.1');
      const timing = { ...TIMING, silenceMs: 3_000 };
      const watch = async (mends: readonly Mend[]) => {
        const between = (servers: readonly Endpoint[]) => ForeignProcess.start(hasty, mends, servers);
        const seen = await observe({ row, between, timing, signal: new AbortController().signal });
        return passageOf({ middlebox: hasty.name, configuration: 'test', mends: [], row, timing }, seen);
      };
      const [cut, kept] = await Promise.all([watch(streaming), watch(documented)]);
      expect(cut).toMatchObject({ outcome: 'cut', delivered: 4, survivedSilence: false });
      expect(kept).toMatchObject({ outcome: 'delivered', survivedSilence: true });
    },
  );
}

test('the hostile proxy: each mode kills what it should, and nothing else', async () => {
  const transports = ['long-polling:holdMs=1s', 'sse', 'websocket', 'grpc'];
  const outcomes = Object.fromEntries(
    await Promise.all(
      HOSTILE_MODES.map(async ({ name }) => {
        const { passages } = await through(`hostile:${name}`, transports);
        const inMode = passages.filter(({ configuration }) => configuration === name);
        const outcomeOf = (spec: string) => inMode.find(({ transport }) => spec.startsWith(transport))?.outcome;
        return [name, transports.map(outcomeOf)] as const;
      }),
    ),
  );
  expect(outcomes).toEqual({
    buffer: ['delivered', 'dead', 'delivered', 'dead'],
    gzip: ['dead', 'dead', 'delivered', 'dead'],
    'strip-upgrade': ['delivered', 'delivered', 'dead', 'dead'],
    'http-1.0': ['delivered', 'delivered', 'dead', 'dead'],
    'idle-cut': ['delivered', 'cut', 'cut', 'cut'],
  });
});

test('an abort ends everything that was started, and what was seen until then is kept', async () => {
  const interrupt = new AbortController();
  onTestFinished(() => interrupt.abort());
  const rows = await resolveRows([{ spec: 'sse', where: 'test' }], 'server', registry);
  const passages: Passage[] = [];
  const before = foldersOfProxies();
  let running: Endpoint | undefined;
  await measureProxies({
    rows,
    columns: columnsNamed(has.nginx ? 'nginx:default' : 'hostile:buffer') ?? [],
    timing: TIMING,
    signal: interrupt.signal,
    onPassage: (passage) => passages.push(passage),
    onMend: () => {},
    onColumn: async () => {},
    async start(...given) {
      const between = await startHere(...given);
      running = between.addresses[0];
      interrupt.abort(new Error('interrupted'));
      return between;
    },
  });
  expect(passages.map(({ middlebox }) => middlebox)).toEqual(['direct']);
  expect(running).toBeDefined();
  await expect(fetch(`http://${running?.host}:${running?.port}/`)).rejects.toThrow();
  expect(foldersOfProxies()).toEqual(before);
});

function foldersOfProxies(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^rtbench-(nginx|haproxy)-/.test(name));
}

test('what --via takes names columns, and nothing else does', () => {
  expect(viaNames().every((name) => columnsNamed(name) !== undefined)).toBe(true);
  expect(columnsNamed('hostile:buffer')?.map(spellColumn)).toEqual(['hostile:buffer']);
  expect(columnsNamed('nginx')?.map(spellColumn)).toEqual(['nginx:default', 'nginx:documented']);
  expect(columnsNamed('squid')).toBeUndefined();
  expect(columnsNamed('nginx:')).toBeUndefined();
  expect(allColumns()).toHaveLength(9);
});
