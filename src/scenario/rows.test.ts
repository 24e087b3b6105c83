import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { builtInTransports, loadTransport } from '../transports/index.js';
import { resolveRows, type TransportRegistry } from './rows.js';

/** A transport as someone else would write it. */
function source(name: string, title: string): string {
  return `export default {
    profile: { name: '${name}', title: '${title}', titleWithUplink: '${title} + POST' },
    settings: {
      intervalMs: { kind: 'durationMs', default: 500, min: 10, max: 60000, meaning: '' },
      deflate: { kind: 'boolean', default: false, meaning: '' },
    },
    worstWaitMs: (settings) => settings.intervalMs,
    client: async () => ({}),
  };`;
}

let folder: string;
let registry: TransportRegistry;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtbench-rows-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of ['alpha', 'beta']) writeFileSync(join(folder, `${name}.js`), source(name, name.toUpperCase()));
  writeFileSync(join(folder, 'none.js'), 'export default { profile: {} };');
  writeFileSync(join(folder, 'broken.js'), 'throw new Error("out of order");');
  for (const [name, exports] of [
    ['rtbench-mine', '"./index.js"'],
    ['import-only', '{"import":"./index.js"}'],
  ] as const) {
    const path = join(folder, 'node_modules', name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'package.json'), `{"name":"${name}","type":"module","exports":${exports}}`);
    writeFileSync(join(path, 'index.js'), source('mine', 'Mine'));
  }
  const builtIn = new Map(['alpha', 'beta'].map((name) => [name, pathToFileURL(join(folder, `${name}.js`)).href]));
  registry = { builtIn, load: loadTransport };
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function resolve(specs: readonly string[], publish: 'server' | 'clients' = 'server') {
  const requests = specs.map((spec) => ({ spec, where: '--transport' }));
  return resolveRows(requests, publish, registry, folder);
}

async function problemsOf(specs: readonly string[]): Promise<readonly string[]> {
  const error: unknown = await resolve(specs).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UsageError)) throw new Error(`not a usage error: ${error}`);
  return error.problems.map((problem) => problem.replaceAll(folder, 'DIR').replaceAll('\\', '/'));
}

describe('rows', () => {
  it('hold what a run needs to know', async () => {
    const [row] = await resolve(['alpha:intervalMs=2s']);
    expect(row).toEqual({
      transport: 'alpha',
      module: registry.builtIn.get('alpha'),
      label: 'ALPHA intervalMs=2s',
      settings: { intervalMs: 2_000, deflate: false },
      profile: { name: 'alpha', title: 'ALPHA', titleWithUplink: 'ALPHA + POST' },
      worstWaitMs: 2_000,
      hasPage: false,
      noticesMs: null,
    });
  });

  it('stand in the order asked for, repeats and variants apart', async () => {
    const rows = await resolve(['beta', 'alpha', 'beta:deflate=true', 'beta:deflate=false', 'beta']);
    expect(rows.map((row) => row.label)).toEqual(['BETA', 'ALPHA', 'BETA deflate=true', 'BETA #2', 'BETA #3']);
  });

  it('are all that ships where nothing was asked for', async () => {
    expect((await resolve([])).map((row) => row.label)).toEqual(['ALPHA', 'BETA']);
  });

  it('say how clients publish where they do', async () => {
    expect((await resolve(['alpha'], 'clients'))[0]?.label).toBe('ALPHA + POST');
  });

  it('come from paths, URLs and packages too', async () => {
    const url = pathToFileURL(join(folder, 'alpha.js')).href;
    const specs = ['./alpha.js:deflate=true', join(folder, 'alpha.js'), url, 'rtbench-mine:intervalMs=10'];
    expect((await resolve(specs)).map(({ transport, label, module }) => [transport, label, module])).toEqual([
      ['alpha', 'ALPHA deflate=true', url],
      ['alpha', 'ALPHA', url],
      ['alpha', 'ALPHA #2', url],
      ['mine', 'Mine intervalMs=10ms', expect.stringMatching(/^file:.*rtbench-mine\/index\.js$/)],
    ]);
  });
});

describe('a transport that cannot be had', () => {
  it.each<[string, string | RegExp]>([
    [
      'alhpa',
      '--transport: unknown transport `alhpa`; there are alpha, beta, or give your own as a path (./mine.js) or an installed package',
    ],
    [
      'alpa',
      '--transport: unknown transport `alpa`; did you mean `alpha`? there are alpha, beta, or give your own as a path (./mine.js) or an installed package',
    ],
    ['./gone.js', '--transport: `./gone.js`: there is no file DIR/gone.js'],
    ['./broken.js', '--transport: `./broken.js`: cannot be loaded: out of order'],
    ['./none.js', /^--transport: `\.\/none\.js`: cannot be loaded: .*the default export is not a transport/],
    ['file:///gone.js', /^--transport: `file:\/\/\/gone\.js`: cannot be loaded: .*gone\.js/],
    [
      'import-only',
      "--transport: `import-only`: the package has no entry that can be found by name; give the file's path",
    ],
    [
      'alpha:deflat=true',
      '--transport: `alpha`: unknown setting `deflat`; did you mean `deflate`? its settings: intervalMs, deflate',
    ],
  ])('%j', async (spec, problem) => {
    expect(await problemsOf([spec])).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
  });

  it('does not hide the others', async () => {
    expect(await problemsOf(['alpha:', 'gamma', 'beta', './gone.js'])).toHaveLength(3);
  });
});

it('resolves the names that ship to their modules', async () => {
  const builtIn = new Map(builtInTransports.map(({ name, module }) => [name, module]));
  const rows = await resolveRows([{ spec: 'tcp', where: '--transport' }], 'server', { builtIn, load: loadTransport });
  expect(rows.map((row) => row.transport)).toEqual(['tcp']);
});
