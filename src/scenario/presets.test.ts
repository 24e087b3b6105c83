import { describe, expect, it } from 'vitest';
import { builtInTransports, loadTransport } from '../transports/index.js';
import { loadScenario } from './load.js';
import { makePlan } from './plan.js';
import { BY_FLAG, resolveRows } from './rows.js';

const registry = {
  builtIn: new Map(builtInTransports.map(({ name, module }) => [name, module])),
  load: loadTransport,
};

function web(specs: readonly string[], where = BY_FLAG, publish: 'server' | 'clients' = 'server') {
  const requests = specs.map((spec) => ({ spec, where }));
  return resolveRows(requests, publish, registry, undefined, { preset: 'web' });
}

const labelsOf = async (rows: ReturnType<typeof web>) => (await rows).map(({ label }) => label);

describe('preset web', () => {
  it('has everything that a browser reaches, requests over HTTP/2, and the floor', async () => {
    expect(await labelsOf(web([]))).toEqual([
      'Short polling over HTTP/2',
      'Long polling over HTTP/2',
      'SSE over HTTP/2',
      'WebSocket',
      'TCP (floor)',
    ]);
  });

  it('has one socket a client, also where clients publish', async () => {
    const rows = await web([], BY_FLAG, 'clients');
    expect(rows.map(({ label }) => label)).toContain('SSE + POST over HTTP/2');
    const { scenario } = loadScenario('echo', { clients: '100', preset: 'web' }, 2);
    const machine = { descriptors: null, platform: 'linux' };
    expect(makePlan(scenario, rows, machine).sockets).toBe(100);
    const inTheClear = await resolveRows([], 'clients', registry);
    expect(makePlan(scenario, inTheClear, machine).sockets).toBe(200);
  });

  it('is a default for what is asked for, and what is asked for comes before it', async () => {
    const rows = await web(['sse', 'sse:http=1', 'short-polling:intervalMs=2s', 'websocket:deflate=true', 'tcp']);
    expect(rows.map(({ label, settings }) => [label, settings.http])).toEqual([
      ['SSE over HTTP/2', '2'],
      ['SSE', '1'],
      ['Short polling over HTTP/2 intervalMs=2s', '2'],
      ['WebSocket deflate=true', undefined],
      ['TCP (floor)', undefined],
    ]);
  });

  it('refuses what no browser reaches where a flag asks for it, and leaves it out of what a file lists', async () => {
    await expect(web(['sse', 'grpc'])).rejects.toThrow('--transport: `grpc`: no browser reaches gRPC streaming');
    expect(await labelsOf(web(['sse', 'grpc', 'tcp'], 'mine.yaml:3'))).toEqual(['SSE over HTTP/2', 'TCP (floor)']);
  });
});

describe('http', () => {
  it('is named by the label, and the rest of the settings after it', async () => {
    const requests = ['sse:http=2', 'long-polling:http=2,holdMs=1s', 'sse:http=1'].map((spec) => ({
      spec,
      where: BY_FLAG,
    }));
    expect((await resolveRows(requests, 'server', registry)).map(({ label }) => label)).toEqual([
      'SSE over HTTP/2',
      'Long polling over HTTP/2 holdMs=1s',
      'SSE',
    ]);
  });

  it.each([
    ['sse:http=3', '`sse`: `http` must be one of `1`, `2`, got `3`'],
    ['websocket:http=2', '`websocket`: unknown setting `http`'],
    ['short-polling:http=2,keepAlive=false', '`short-polling:http=2,keepAlive=false`: keepAlive=false makes'],
  ])('%s is refused', async (spec, problem) => {
    await expect(resolveRows([{ spec, where: BY_FLAG }], 'server', registry)).rejects.toThrow(problem);
  });
});
