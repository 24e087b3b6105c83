import { afterEach, describe, expect, test } from 'vitest';
import { builtInTransports, loadTransport } from '../transports/index.js';
import type { Payload, Settings } from '../transports/transport.js';
import { Exchange } from './exchange.js';

const FAKE = new URL('../testing/fake-transport/index.js', import.meta.url).href;

let exchange: Exchange | undefined;
afterEach(async () => {
  await exchange?.close();
  exchange = undefined;
});

async function open(module: string, changes: Settings, payload: Payload = 'text'): Promise<Exchange> {
  const transport = await loadTransport(module);
  const defaults = Object.fromEntries(Object.entries(transport.settings).map(([key, spec]) => [key, spec.default]));
  const settings = { ...defaults, ...changes };
  exchange = await Exchange.open({
    transport: { module, settings },
    payload,
    worstWaitMs: transport.worstWaitMs(settings),
  });
  return exchange;
}

const body = (bytes: number) => Buffer.alloc(bytes, 'x');

interface Variant {
  readonly name: string;
  readonly settings: Settings;
  readonly payload: Payload;
}

const variant = (name: string, settings: Settings = {}, payload: Payload = 'text'): Variant => ({
  name,
  settings,
  payload,
});

const VARIANTS = [
  variant('short-polling'),
  variant('short-polling', { keepAlive: false }),
  variant('short-polling', { format: 'binary' }),
  variant('short-polling', {}, 'binary'),
  variant('long-polling'),
  variant('long-polling', { format: 'binary' }, 'binary'),
  variant('sse'),
  variant('sse', {}, 'binary'),
  variant('sse', { http: '2' }),
  variant('long-polling', { http: '2' }),
  variant('websocket', {}, 'binary'),
  variant('websocket', { ids: true }),
  variant('websocket', { deflate: true }),
  variant('grpc'),
  variant('grpc', {}, 'binary'),
  variant('grpc', { mode: 'unary' }),
  variant('tcp'),
];

describe.each(VARIANTS)('$name $settings $payload', ({ name, settings: changes, payload }) => {
  const module = builtInTransports.find((transport) => transport.name === name)?.module ?? '';

  test('every byte is where theory has it', async () => {
    const transport = await loadTransport(module);
    const theory = await transport.theory?.();
    if (!theory) throw new Error('no theory');
    const brisk = { ...changes, ...theory.brisk(changes) };
    const one = await open(module, brisk, payload);
    const prediction = theory.predict(one.circumstances);
    if (prediction.opening) expect(one.opening, 'opening').toEqual(prediction.opening);
    if (prediction.emptyPoll) expect(await one.emptyPoll(), 'empty poll').toEqual(prediction.emptyPoll);
    for (const bytes of [0, 1, 126, 1_000, 10_000]) {
      const message = await one.message(body(bytes));
      const predicted = prediction.message(bytes);
      if (predicted) expect(message, `message ${bytes} B`).toEqual(predicted);
      const publish = await one.publish(body(bytes));
      const sent = prediction.publish(bytes);
      if (sent) expect(publish, `publish ${bytes} B`).toEqual(sent);
    }
  });
});

test('what is said beyond the definition has no figure', async () => {
  const websocket = builtInTransports.find(({ name }) => name === 'websocket')?.module ?? '';
  const theory = await (await loadTransport(websocket)).theory?.();
  const one = await open(websocket, { deflate: true });
  const prediction = theory?.predict(one.circumstances);
  expect([prediction?.message(100), prediction?.publish(100)]).toEqual([null, null]);
  // A message that compresses is smaller than its body.
  expect((await one.message(body(1_000))).down).toBeLessThan(200);
});

test('a message that arrives twice is no figure', async () => {
  const one = await open(FAKE, { repeatEvery: 1 });
  await expect(one.message(body(20))).rejects.toThrow('one message arrived 2 times');
});
