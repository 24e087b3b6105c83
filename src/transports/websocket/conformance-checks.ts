import { type ConformanceCheck, excerpt, must, NotChecked, type Peer } from '../conformance.js';
import { numbered } from '../http/endpoint-checks.js';
import { stillKept } from '../http/poll-checks.js';
import { Caller } from './caller.js';
import { type CallOptions, refusalOf } from './upgrade.js';
import { GAP_CODE, oldestIdOf, PLAIN, WITH_IDS } from './wire.js';

async function withCall<T>(peer: Peer, options: CallOptions, use: (caller: Caller) => Promise<T>): Promise<T> {
  const caller = await Caller.open(peer, options);
  try {
    return await use(caller);
  } finally {
    caller.terminate();
  }
}

/** As text, each with what is before its first space and what is after it. */
async function takeWithIds(caller: Caller, count: number): Promise<{ id: number; body: string }[]> {
  const frames = await caller.take(count);
  return frames.map((frame) => {
    const [, id, body] = /^(\d{1,16}) (.*)$/s.exec(frame) ?? [];
    must(id !== undefined && body !== undefined, `the frame ${excerpt(frame)} is not an id, a space and the body`);
    return { id: Number(id), body };
  });
}

/** The id of the first of these bodies, published by a client of its own. */
async function firstIdOf(peer: Peer, channel: string, bodies: readonly string[]): Promise<number> {
  return withCall(peer, { channel, protocols: [WITH_IDS] }, async (caller) => {
    for (const body of bodies) caller.send(body);
    const frames = await takeWithIds(caller, bodies.length);
    return frames[0]?.id ?? 0;
  });
}

/** An unmasked text frame, which a client may not send (RFC 6455, 5.1). */
const UNMASKED = Buffer.from([0x81, 0x02, 0x68, 0x69]);
/** A masked text frame (mask 0) with a byte that no UTF-8 has. */
const NOT_UTF8 = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]);

/** What each asks of a server that upgrades, one thing at a time. */
export const checks: readonly ConformanceCheck[] = [
  {
    id: 'subprotocol',
    title: `an upgrade that offers ${PLAIN} or ${WITH_IDS} is answered with 101, and with that subprotocol`,
    level: 'required',
    comesFirst: true,
    async run(peer) {
      for (const offered of [PLAIN, WITH_IDS]) {
        await withCall(peer, { channel: peer.newChannel(), protocols: [offered] }, async ({ protocol }) =>
          must(protocol === offered, `${offered} was offered, and ${protocol === '' ? 'none' : protocol} chosen`),
        );
      }
    },
  },
  {
    id: 'unknown-subprotocol',
    title: 'an upgrade that offers only other subprotocols is refused, with 400',
    level: 'recommended',
    async run(peer) {
      const status = await refusalOf(peer, { channel: peer.newChannel(), protocols: ['soap'] });
      must(status !== null, 'it was let in');
      must(status === 400, `it was refused with ${status}`);
    },
  },
  {
    id: 'frame',
    title: `with ${PLAIN} a text frame is a body, up and down`,
    level: 'required',
    run: (peer) =>
      withCall(peer, { channel: peer.newChannel(), protocols: [PLAIN] }, async (caller) => {
        caller.send('hello there');
        const [frame] = await caller.take(1);
        must(frame === 'hello there', `"hello there" came back as ${excerpt(frame ?? '')}`);
        must(!caller.sawBinary, 'it came back in a binary frame');
      }),
  },
  {
    id: 'frame-with-id',
    title: `with ${WITH_IDS} a frame down is the id in decimal digits, a space, and the body; the ids grow`,
    level: 'required',
    run: (peer) =>
      withCall(peer, { channel: peer.newChannel(), protocols: [WITH_IDS] }, async (caller) => {
        for (const body of ['one', ' two', '']) caller.send(body);
        const frames = await takeWithIds(caller, 3);
        must(
          frames.map(({ body }) => body).join() === 'one, two,',
          `the bodies are ${excerpt(frames.map(({ body }) => body).join())}`,
        );
        const ids = frames.map(({ id }) => id);
        must(
          ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? id)),
          `the ids ${ids.join(', ')} do not grow`,
        );
      }),
  },
  {
    id: 'since',
    title: 'the parameter `since` has it begin after that id: nothing left out, nothing twice',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const since = await firstIdOf(peer, channel, ['1', '2', '3']);
      await withCall(peer, { channel, protocols: [WITH_IDS], since }, async (caller) => {
        const bodies = (await takeWithIds(caller, 2)).map(({ body }) => body);
        must(bodies.join() === '2,3', `since=${since} begins with ${bodies.join(', ')}, not with 2, 3`);
      });
    },
  },
  {
    id: 'fragments',
    title: 'a message in two fragments is one message (RFC 6455, 5.4)',
    level: 'required',
    run: (peer) =>
      withCall(peer, { channel: peer.newChannel(), protocols: [PLAIN] }, async (caller) => {
        caller.send('hel', { fin: false });
        caller.send('lo');
        const [frame] = await caller.take(1);
        must(frame === 'hello', `it came back as ${excerpt(frame ?? '')}`);
      }),
  },
  {
    id: 'ping',
    title: 'a ping is answered with a pong of the same content (RFC 6455, 5.5.3)',
    level: 'required',
    run: (peer) =>
      withCall(peer, { channel: peer.newChannel(), protocols: [PLAIN] }, async (caller) => {
        const content = await caller.pong('are you there');
        must(content === 'are you there', `the pong has ${excerpt(content)}`);
      }),
  },
  {
    id: 'close',
    title: 'a close with 1000 is answered with a close of the same code (RFC 6455, 5.5.1)',
    level: 'required',
    run: (peer) =>
      withCall(peer, { channel: peer.newChannel(), protocols: [PLAIN] }, async (caller) => {
        caller.close(1000);
        const { code } = await caller.closed();
        must(code === 1000, code === 1006 ? 'the connection ended without a close frame' : `the code is ${code}`);
      }),
  },
  {
    id: 'close-protocol-error',
    title: 'a frame without a mask ends the connection, with code 1002 (RFC 6455, 5.1)',
    level: 'recommended',
    run: (peer) => mustEnd(peer, UNMASKED, 1002),
  },
  {
    id: 'close-invalid-text',
    title: 'a text frame that is not UTF-8 ends the connection, with code 1007 (RFC 6455, 8.1)',
    level: 'recommended',
    run: (peer) => mustEnd(peer, NOT_UTF8, 1007),
  },
  {
    id: 'keep-alive',
    title: 'an idle connection has a ping within the time promised (--keep-alive)',
    level: 'required',
    async run(peer) {
      const { keepAliveMs } = peer;
      if (keepAliveMs === null) throw new NotChecked('nobody says that it promises any; --keep-alive 15s does');
      await withCall(peer, { channel: peer.newChannel(), protocols: [PLAIN] }, async (caller) =>
        must(await caller.ping(keepAliveMs), `no ping came within ${keepAliveMs} ms`),
      );
    },
  },
  {
    id: 'lost-cursor',
    title: `a cursor older than the history has it closed with ${GAP_CODE} and the reason oldest=<id>`,
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const bodies = numbered(peer.historyMessages + 2);
      const since = await firstIdOf(peer, channel, ['message 0', ...bodies]);
      await withCall(peer, { channel, protocols: [WITH_IDS], since }, async (caller) => {
        const first = await caller.nextBeforeClose();
        if (first?.endsWith(' message 1')) throw stillKept(peer);
        must(first === null, `it begins with the frame ${excerpt(first ?? '')}`);
        const { code, reason } = await caller.closed();
        must(code === GAP_CODE, `the close code is ${code}, not ${GAP_CODE}`);
        must(oldestIdOf(reason) !== null, `the reason is ${excerpt(reason)}, not oldest=<id>`);
      });
    },
  },
];

async function mustEnd(peer: Peer, frame: Buffer, expected: number): Promise<void> {
  await withCall(peer, { channel: peer.newChannel(), protocols: [PLAIN] }, async (caller) => {
    caller.write(frame);
    const { code } = await caller.closed();
    must(code === expected, code === 1006 ? 'it ended without a close frame' : `the code is ${code}`);
  });
}
