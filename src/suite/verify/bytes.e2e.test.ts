import { expect, test } from 'vitest';
import { waitsOf } from '../../scenario/rows.js';
import type { Row } from '../../scenario/scenario.js';
import { builtInTransports, loadTransport } from '../../transports/index.js';
import { bytesSection } from './bytes.js';

async function rowOf(module: string, changes: Row['settings'] = {}): Promise<Row> {
  const transport = await loadTransport(module);
  const { profile, settings: specs } = transport;
  const defaults = Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, spec.default]));
  const settings = { ...defaults, ...changes };
  return {
    transport: profile.name,
    module,
    label: profile.title,
    settings,
    profile,
    ...waitsOf(transport, settings),
  };
}

test('frames of flow control are counted and left out, and only where a window was used up', async () => {
  const grpc = builtInTransports.find(({ name }) => name === 'grpc')?.module ?? '';
  const { checks } = await bytesSection(await rowOf(grpc));
  expect(checks.filter(({ state }) => state === 'failed')).toEqual([]);
  const noted = checks.filter(({ note }) => note !== null);
  expect(noted.map(({ name, direction }) => `${name} ${direction}`)).toEqual([
    'message 65,535 B up',
    'publish 65,535 B down',
    'message 65,536 B up',
    'publish 65,536 B down',
  ]);
  for (const { note } of noted) expect(note).toMatch(/^left out for flow control: \d WINDOW_UPDATE, \d+ B$/);
});

test.each([
  ['sse', 9],
  ['short-polling', 0],
])('over HTTP/2 %s keeps what theory says, which of compressed headers is nothing', async (name, checked) => {
  const module = builtInTransports.find((transport) => transport.name === name)?.module ?? '';
  const { checks } = await bytesSection(await rowOf(module, { http: '2' }));
  expect(checks.filter(({ state }) => state === 'failed')).toEqual([]);
  // A message of each size, and a heartbeat.
  expect(checks.filter(({ theory, direction }) => theory !== null && direction === 'down')).toHaveLength(checked);
});

test('what a stream of SSE begins with is part of its opening', async () => {
  const module = builtInTransports.find(({ name }) => name === 'sse')?.module ?? '';
  const openingOf = async (changes: Row['settings']) => {
    const { checks } = await bytesSection(await rowOf(module, changes));
    return checks.find(({ name, direction }) => name === 'opening' && direction === 'down');
  };
  const [silent, telling] = [await openingOf({}), await openingOf({ retryMs: 1_500 })];
  expect([silent?.state, telling?.state]).toEqual(['passed', 'passed']);
  expect((telling?.measured ?? 0) - (silent?.measured ?? 0)).toBe('d\r\nretry: 1500\n\n\r\n'.length);
});

test('one byte more in every frame fails every message, and nothing else', async () => {
  const { checks } = await bytesSection(
    await rowOf(new URL('../../testing/one-byte-more/index.ts', import.meta.url).href),
  );
  const failed = checks.filter(({ state }) => state === 'failed');
  expect(failed.map(({ name, direction }) => `${name} ${direction}`)).toEqual(
    ['0', '20', '100', '125', '126', '1,000', '65,535', '65,536'].map((size) => `message ${size} B down`),
  );
  expect(failed[0]).toMatchObject({ subject: 'One byte more', theory: 2, measured: 3 });
});

test('a transport without a theory has no checks of bytes, and says so', async () => {
  const fake = new URL('../../testing/fake-transport/index.js', import.meta.url).href;
  expect(await bytesSection(await rowOf(fake))).toMatchObject({
    about: 'no theory: only delivery is checked',
    checks: [],
  });
});
