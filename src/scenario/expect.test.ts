import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registry } from '../cli/registry.js';
import { UsageError } from '../errors.js';
import { loadScenario, type Overrides } from './load.js';
import { thresholdsOf } from './thresholds.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtbench-expect-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(yaml: string, overrides?: Overrides) {
  const path = join(folder, 'gate.yaml');
  writeFileSync(path, yaml);
  return loadScenario(path, overrides, 4);
}

async function problemsOf(act: () => unknown): Promise<readonly string[]> {
  try {
    await act();
  } catch (error) {
    if (error instanceof UsageError) return error.problems.map((problem) => problem.replaceAll(folder, 'DIR'));
    throw error;
  }
  return [];
}

const GATE = `clients: 20
expect:
  latencyUs.p99: "<250ms"
  delivery.lost: 0
  websocket:
    bytes.perMessage.down: "<=130"
`;

it('is read with where each threshold stands', () => {
  const { expect: requests } = load(GATE);
  expect(
    requests.map(({ spec, path, operator, limit, where }) => [spec, path, operator, limit, where.slice(-2)]),
  ).toEqual([
    [null, 'latencyUs.p99', '<', 250_000, ':3'],
    [null, 'delivery.lost', '=', 0, ':4'],
    ['websocket', 'bytes.perMessage.down', '<=', 130, ':6'],
  ]);
});

it('a flag takes the place of the file’s threshold on the same figure of the same rows, and adds any other', () => {
  const { expect: requests } = load(GATE, {
    expects: ['latencyUs.p99<1s', 'websocket delivery.lost=0', 'latencyUs.p99>1us'],
  });
  expect(
    requests.map(({ spec, path, operator, limit, where }) => [spec, path, operator, limit, where.slice(-8)]),
  ).toEqual([
    [null, 'delivery.lost', '=', 0, expect.stringMatching(/:4$/)],
    ['websocket', 'bytes.perMessage.down', '<=', 130, expect.stringMatching(/:6$/)],
    [null, 'latencyUs.p99', '<', 1_000_000, '--expect'],
    ['websocket', 'delivery.lost', '=', 0, '--expect'],
    [null, 'latencyUs.p99', '>', 1, '--expect'],
  ]);
});

it('names every mistake at its line, those of other keys too, and those of flags', async () => {
  const yaml = `expect:
  latencyUs.p9: "<250ms"
  delivery.lost: "!0"
  websocket:
    bytes.perMessage.down: "<=130ms"
    latencyUs.p99:
  latencyUs.p50:
    sse: "<1ms"
clients: none
`;
  const problems = await problemsOf(() => load(yaml, { expects: ['latencyUs.p99'] }));
  expect(problems.map((problem) => problem.slice(0, 60))).toEqual([
    'DIR/gate.yaml:2: `expect: latencyUs.p9`: `latencyUs.p9` is n',
    'DIR/gate.yaml:3: `expect: delivery.lost`: `!` is no operator',
    'DIR/gate.yaml:5: `expect: websocket: bytes.perMessage.down`:',
    'DIR/gate.yaml:6: `expect: websocket: latencyUs.p99`: must be',
    'DIR/gate.yaml:7: `expect: latencyUs.p50`: is a figure, which',
    'DIR/gate.yaml:9: `clients` must be a whole number from 1 to ',
    '--expect: `latencyUs.p99`: is no threshold: give a figure, a',
  ]);
  expect(await problemsOf(() => load('expect: [1]'))).toEqual([
    'DIR/gate.yaml:1: `expect` must be figures with what they must be, such as `latencyUs.p99: "<250ms"`, got [1]',
  ]);
});

it('looks up the rows of a threshold as --transport does, at the scale of the run', async () => {
  const lookUp = (yaml: string, scale = 1) => {
    const { expect: requests } = load(yaml);
    return thresholdsOf(requests, 'server', registry, folder, { scale });
  };
  const polling = 'expect: { "short-polling:intervalMs=2s": { delivery.lost: 0 } }';
  expect((await lookUp(polling))[0]?.row?.settings).toEqual({ intervalMs: 2_000 });
  expect((await lookUp(polling, 10))[0]?.row?.settings).toEqual({ intervalMs: 200 });
  expect(await problemsOf(() => lookUp('expect:\n  websockt: { delivery.lost: 0 }'))).toEqual([
    expect.stringMatching(/^DIR\/gate.yaml:2: unknown transport `websockt`; did you mean `websocket`\?/),
  ]);
  expect(await problemsOf(() => lookUp('expect:\n  "sse:htp=2": { delivery.lost: 0 }'))).toEqual([
    expect.stringMatching(/^DIR\/gate.yaml:2: `sse`: unknown setting `htp`; did you mean `http`\?/),
  ]);
});
