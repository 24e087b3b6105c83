import { expect, it } from 'vitest';
import { readSequence } from '../../protocol/envelope.js';
import { decodePublish } from '../../protocol/ingress.js';
import { FrameReader } from '../../transports/tcp/frames.js';
import type { ClientHalf, ConnectOptions } from '../../transports/transport.js';
import { type FreshClientOptions, timeFreshClient } from './fresh-client.js';

/** A transport in which time passes only where it is told to: µs since anything. */
class Script {
  nowUs = 0;
  readonly published: { readonly channel: string; readonly sequence: number }[] = [];
  readonly sent: string[] = [];
  options: ConnectOptions | undefined;
  closed = 0;
  /** How much later than the one before each of the messages of one write arrives, µs. */
  laterUs = 0;

  readonly clientHalf: ClientHalf = {
    connect: async (options) => {
      this.options = options;
      this.nowUs += 200;
      return {
        send: (channel, body) => {
          this.sent.push(channel);
          this.nowUs += 70;
          options.onMessage(body, null);
        },
        close: async () => {
          this.closed++;
        },
      };
    },
  };

  readonly write = (frames: Buffer): void => {
    const reader = new FrameReader(1_000, (content) => {
      const { channel, body } = decodePublish(content);
      this.published.push({ channel, sequence: readSequence(body) });
      this.nowUs += this.laterUs;
      this.options?.onMessage(body, null);
    });
    reader.push(frames);
  };
}

function run(script: Script, changes: Partial<FreshClientOptions> = {}) {
  return timeFreshClient({
    urls: ['x://y'],
    settings: {},
    tls: null,
    credentials: null,
    payload: 'text',
    publishes: true,
    signal: new AbortController().signal,
    clientHalf: script.clientHalf,
    index: 2,
    of: 5,
    clock: { nowUs: () => script.nowUs },
    write: script.write,
    roundTripMs: 0,
    pollWaitMs: 0,
    ...changes,
  });
}

it('times what one client does, on a channel of its own', async () => {
  const script = new Script();
  script.laterUs = 30;
  const times = await run(script);
  expect(times).toEqual({
    channel: 'trips2',
    connectUs: 200,
    arrivals: { firstMessageUs: 230, messageUs: 30, secondMessageUs: 60 },
    uplinks: [
      { sentUs: 290, backUs: 360 },
      { sentUs: 360, backUs: 430 },
    ],
  });
  expect(script.options).toMatchObject({ clientId: 2, channels: ['trips2'], since: null, phase: 0.5, publishes: true });
  expect([script.published.at(-1), script.sent, script.closed]).toEqual([
    { channel: 'trips2', sequence: 2 },
    ['trips2', 'trips2'],
    1,
  ]);
});

it('waits for no poll that takes too long, and sends nothing where clients do not', async () => {
  const script = new Script();
  expect(await run(script, { pollWaitMs: null })).toMatchObject({
    arrivals: null,
    uplinks: [{ backUs: null }, { backUs: null }],
  });
  expect((await run(new Script(), { publishes: false })).uplinks).toEqual([]);
});

it('rejects with the reason of a drop, of a message that was not taken and of an abort, and is closed', async () => {
  const dropped = new Script();
  const onDrop = run(dropped, { write: () => dropped.options?.onDrop(new Error('cut')) });
  await expect(onDrop).rejects.toThrow('cut');
  const refused = new Script();
  const controller = new AbortController();
  const aborted = run(refused, {
    signal: controller.signal,
    write: () => controller.abort(new Error('not done in time')),
  });
  await expect(aborted).rejects.toThrow('not done in time');
  expect([dropped.closed, refused.closed]).toEqual([1, 1]);
});

it('publishes while it connects, and not for ever', async () => {
  const script = new Script();
  let release = () => {};
  const connecting = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fed: number[] = [];
  const clientHalf: ClientHalf = {
    connect: async (options) => {
      await connecting;
      return script.clientHalf.connect(options);
    },
  };
  const write = (frames: Buffer) => {
    fed.push(fed.length);
    if (fed.length === 5) release();
    script.write(frames);
  };
  await run(script, { clientHalf, write });
  expect(script.published.length).toBeGreaterThanOrEqual(8);
});
