import { isDeepStrictEqual } from 'node:util';
import { type ConformanceCheck, excerpt, must, NotChecked, type Peer, Unmet } from '../../transports/conformance.js';
import { Client, type ClientSide } from '../../transports/testing/client.js';
import { TEXT_BODIES } from '../../transports/testing/contract.js';
import type { ConnectOptions, Settings, Transport } from '../../transports/transport.js';

const ORDERED = 300;
const CARRIAGE_RETURN = 0x0d;

/** What every technique promises, tried with its own client half: the rows of a table stand on it. */
export function commonChecks(transport: Transport, settings: Settings): readonly ConformanceCheck[] {
  const { profile } = transport;
  const side = (peer: Peer): ClientSide => ({
    transport,
    urls: [peer.origin],
    settings,
    tls: peer.tls,
    credentials: null,
    payload: 'text',
  });
  const open = async (peer: Peer, channels: readonly string[], overrides: Partial<ConnectOptions> = {}) => {
    const signal = AbortSignal.any([peer.signal, AbortSignal.timeout(peer.patienceMs)]);
    const endpoint = Object.keys(peer.headers).length > 0 ? { headers: peer.headers } : null;
    const client = await Client.connect(side(peer), { channels, signal, endpoint, ...overrides }).catch(
      (error: unknown) => {
        throw new Unmet(`the client does not connect: ${(error as Error).message}`);
      },
    );
    peer.signal.addEventListener('abort', () => void client.connection.close());
    return client;
  };
  const check = (id: string, title: string, run: ConformanceCheck['run']): ConformanceCheck => ({
    id,
    title,
    level: 'required',
    async run(peer) {
      if (profile.uplink === 'none') throw new NotChecked('the technique cannot publish (profile.uplink)');
      await run(peer);
    },
  });
  const resuming = (id: string, title: string, run: ConformanceCheck['run']) =>
    check(id, title, async (peer) => {
      if (profile.resume === 'none') throw new NotChecked('the technique does not resume (profile.resume)');
      await run(peer);
    });

  return [
    check(
      'from-now',
      'a client without a cursor gets what is published from its connect on, and nothing before',
      async (peer) => {
        const channel = peer.newChannel();
        const first = await open(peer, [channel]);
        first.connection.send(channel, Buffer.from('before'));
        await received(peer, first, 1);
        const second = await open(peer, [channel]);
        second.connection.send(channel, Buffer.from('after'));
        await received(peer, second, 1);
        mustBe(second, ['after']);
        await closeAll(first, second);
      },
    ),
    check('order', `${ORDERED} messages arrive once each, in the order in which they were published`, async (peer) => {
      const channel = peer.newChannel();
      const [reader, publisher] = [await open(peer, [channel]), await open(peer, [channel], { clientId: 1 })];
      const sent = Array.from({ length: ORDERED }, (_, index) => `in order ${index}`);
      for (const text of sent) publisher.connection.send(channel, Buffer.from(text));
      for (const client of [reader, publisher]) {
        await received(peer, client, ORDERED);
        mustBe(client, sent);
      }
      await nothingMore(peer, channel, reader, publisher, sent);
      await closeAll(reader, publisher);
    }),
    check('bodies', 'text bodies arrive as they were sent: 0 B to 64 KiB, line breaks, emoji', async (peer) => {
      const channel = peer.newChannel();
      const client = await open(peer, [channel]);
      const bodies = TEXT_BODIES.filter(([, body]) => !body.includes(CARRIAGE_RETURN));
      for (const [, body] of bodies) client.connection.send(channel, body);
      await received(peer, client, bodies.length);
      for (const [index, [name, body]] of bodies.entries()) {
        must(
          client.bodies[index]?.equals(body) ?? false,
          `the body "${name}" came as ${excerpt(client.texts[index] ?? '')}`,
        );
      }
      await closeAll(client);
    }),
    check('channels', 'two clients on channels of their own get their own messages only', async (peer) => {
      const channels = [peer.newChannel(), peer.newChannel()] as const;
      const [a, b] = [await open(peer, [channels[0]]), await open(peer, [channels[1]], { clientId: 1 })];
      for (let index = 0; index < 5; index++) {
        a.connection.send(channels[0], Buffer.from(`a${index}`));
        b.connection.send(channels[1], Buffer.from(`b${index}`));
      }
      await Promise.all([received(peer, a, 5), received(peer, b, 5)]);
      mustBe(a, ['a0', 'a1', 'a2', 'a3', 'a4']);
      mustBe(b, ['b0', 'b1', 'b2', 'b3', 'b4']);
      await closeAll(a, b);
    }),
    check('two-channels', 'a client of two channels gets both, in the order of publishing', async (peer) => {
      const channels = [peer.newChannel(), peer.newChannel()] as const;
      const reader = await open(peer, channels);
      const other = await open(peer, [channels[1]], { clientId: 1 });
      for (const [index, client] of [reader, other, reader, other].entries()) {
        const channel = channels[index % 2] ?? '';
        client.connection.send(channel, Buffer.from(`${index}`));
        await received(peer, reader, index + 1);
      }
      mustBe(reader, ['0', '1', '2', '3']);
      await closeAll(reader, other);
    }),
    resuming(
      'ids',
      'ids are whole numbers that grow from message to message, the same for every client',
      async (peer) => {
        const channel = peer.newChannel();
        const [a, b] = [await open(peer, [channel]), await open(peer, [channel], { clientId: 1 })];
        for (const text of ['1', '2', '3']) a.connection.send(channel, Buffer.from(text));
        await Promise.all([received(peer, a, 3), received(peer, b, 3)]);
        const ids = a.ids.map((id) => id ?? Number.NaN);
        must(
          ids.every((id, index) => Number.isSafeInteger(id) && (index === 0 || id > (ids[index - 1] ?? id))),
          `the ids are ${ids.join(', ')}`,
        );
        must(
          isDeepStrictEqual(a.ids, b.ids),
          `one client has the ids ${a.ids.join(', ')}, another ${b.ids.join(', ')}`,
        );
        await closeAll(a, b);
      },
    ),
    resuming(
      'resume',
      'a client that comes back with its last id gets what it missed, once each, and then the new',
      async (peer) => {
        const channel = peer.newChannel();
        const first = await open(peer, [channel]);
        first.connection.send(channel, Buffer.from('0'));
        await received(peer, first, 1);
        await closeAll(first);
        const publisher = await open(peer, [channel], { clientId: 1 });
        const missed = Array.from({ length: 50 }, (_, index) => `${index + 1}`);
        for (const text of missed) publisher.connection.send(channel, Buffer.from(text));
        await received(peer, publisher, missed.length);
        const back = await open(peer, [channel], { since: first.ids[0] ?? 0 });
        publisher.connection.send(channel, Buffer.from('new'));
        await received(peer, back, missed.length + 1);
        mustBe(back, [...missed, 'new']);
        await closeAll(publisher, back);
      },
    ),
  ];
}

/** Waits until so many have come. A drop ends it: nothing comes after one. */
async function received(peer: Peer, client: Client, count: number): Promise<void> {
  const enough = () => client.bodies.length >= count || client.drops.length + client.sendFailures.length > 0;
  await client.until(`${count} messages`, enough, peer.patienceMs).catch(() => {
    throw new Unmet(
      `${client.bodies.length} of ${count} messages came within ${peer.patienceMs} ms${client.bodies.length > 0 ? `, the last of them ${excerpt(client.texts.at(-1) ?? '')}` : ''}`,
    );
  });
  const [failure] = [...client.sendFailures, ...client.drops];
  if (client.bodies.length < count && failure) throw new Unmet(failure.message);
}

/** A repeated message would come before one that is published last. */
async function nothingMore(
  peer: Peer,
  channel: string,
  reader: Client,
  publisher: Client,
  before: readonly string[],
): Promise<void> {
  publisher.connection.send(channel, Buffer.from('last'));
  await received(peer, reader, before.length + 1);
  mustBe(reader, [...before, 'last']);
}

/** @throws Unmet that names the first that is not as expected. */
function mustBe({ texts }: Client, expected: readonly string[]): void {
  const at = expected.findIndex((text, index) => texts[index] !== text);
  must(at < 0, `message ${at + 1} is ${excerpt(texts[at] ?? '')}, not ${excerpt(expected[at] ?? '')}`);
  must(texts.length === expected.length, `${excerpt(texts[expected.length] ?? '')} came too`);
}

async function closeAll(...clients: readonly Client[]): Promise<void> {
  await Promise.all(clients.map(({ connection }) => connection.close()));
}
