import { type ConformanceCheck, excerpt, must, NotChecked, type Peer } from '../conformance.js';
import { askForHead } from '../http/bounded-request.js';
import { badCursorCheck, mustBeStatus, mustBeType, numbered, postAll } from '../http/endpoint-checks.js';
import { stillKept } from '../http/poll-checks.js';
import { EventReader, type ReadEvent } from './event-reader.js';

export const PATH = '/events';

interface Listening {
  readonly since?: number;
  readonly lastEventId?: number;
}

async function withStream<T>(
  peer: Peer,
  channel: string,
  { since, lastEventId }: Listening,
  use: (events: EventReader) => Promise<T>,
): Promise<T> {
  const path = `${PATH}?channel=${channel}${since === undefined ? '' : `&since=${since}`}`;
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': String(lastEventId) };
  const answer = await askForHead(peer, { method: 'GET', path, headers });
  try {
    mustBeStatus({ status: answer.statusCode ?? 0, headers: answer.headers, body: '' }, 200, `GET ${path}`);
    return await use(new EventReader(peer, answer));
  } finally {
    answer.destroy();
  }
}

function mustBeMessages(events: readonly ReadEvent[], expected: readonly string[], what: string): void {
  const got = events.map(({ data }) => data);
  must(
    got.every((text, index) => text === expected[index]),
    `${what} begins with ${excerpt(got.join(', '))}, not ${excerpt(expected.join(', '))}`,
  );
}

/** Ids of what was published for it, from a stream of its own. */
async function publishedIds(peer: Peer, channel: string, bodies: readonly string[]): Promise<number[]> {
  return withStream(peer, channel, {}, async (events) => {
    await postAll(peer, channel, bodies);
    return (await events.take(bodies.length)).map(idOf);
  });
}

function idOf({ id }: ReadEvent): number {
  must(
    id !== null && /^\d{1,16}$/.test(id),
    `the event has the id ${id === null ? 'none' : excerpt(id)}, not a whole number`,
  );
  return Number(id);
}

/** What each asks of a stream, one thing at a time. */
export const streamChecks: readonly ConformanceCheck[] = [
  {
    id: 'content-type',
    title: 'GET /events?channel= is answered with 200 and text/event-stream at once, before there is a message',
    level: 'required',
    async run(peer) {
      const path = `${PATH}?channel=${peer.newChannel()}`;
      const answer = await askForHead(peer, { method: 'GET', path });
      answer.destroy();
      mustBeStatus({ status: answer.statusCode ?? 0, headers: answer.headers, body: '' }, 200, `GET ${path}`);
      mustBeType(answer.headers['content-type'], 'text/event-stream');
    },
  },
  {
    id: 'cache-control',
    title: 'the stream is not for caches: Cache-Control: no-cache or no-store',
    level: 'recommended',
    async run(peer) {
      const answer = await askForHead(peer, { method: 'GET', path: `${PATH}?channel=${peer.newChannel()}` });
      answer.destroy();
      const { 'cache-control': control } = answer.headers;
      must(/no-cache|no-store/i.test(control ?? ''), `Cache-Control is ${control ?? 'not there'}`);
    },
  },
  {
    id: 'event',
    title: 'a message is an event with its id and a data line for each line of its body, and no event name',
    level: 'required',
    run: (peer) => {
      const channel = peer.newChannel();
      return withStream(peer, channel, {}, async (events) => {
        await postAll(peer, channel, ['one\ntwo', '{"a": 1}']);
        const [first, second] = await events.take(2);
        must(first !== undefined && second !== undefined, 'there are not two events');
        mustBeMessages([first, second], ['one\ntwo', '{"a": 1}'], 'the stream');
        must(first.name === null, `the event is named ${excerpt(first.name ?? '')}`);
        must(idOf(second) > idOf(first), `the ids ${first.id} and ${second.id} do not grow`);
      });
    },
  },
  {
    id: 'carriage-return',
    title: 'a body with a carriage return, which no line can hold, goes as base64 in an event named base64',
    level: 'recommended',
    run: (peer) => {
      const channel = peer.newChannel();
      return withStream(peer, channel, {}, async (events) => {
        await postAll(peer, channel, ['a\rb']);
        const [event] = await events.take(1);
        must(event?.name === 'base64', `the event is ${excerpt(event?.data ?? '')}, named ${event?.name ?? 'nothing'}`);
        must(Buffer.from(event.data, 'base64').toString() === 'a\rb', `its data is ${excerpt(event.data)}`);
      });
    },
  },
  {
    id: 'last-event-id',
    title: 'the header Last-Event-ID has the stream begin after that id: nothing left out, nothing twice',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const [first] = await publishedIds(peer, channel, ['1', '2', '3']);
      await withStream(peer, channel, { lastEventId: first ?? 0 }, async (events) => {
        mustBeMessages(await events.take(2), ['2', '3'], `the stream after Last-Event-ID: ${first}`);
      });
    },
  },
  {
    id: 'since',
    title: 'the parameter `since` has the stream begin after that id',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const [first] = await publishedIds(peer, channel, ['1', '2', '3']);
      await withStream(peer, channel, { since: first ?? 0 }, async (events) => {
        mustBeMessages(await events.take(2), ['2', '3'], `the stream with since=${first}`);
      });
    },
  },
  {
    id: 'last-event-id-wins',
    title: 'Last-Event-ID wins over `since`: a browser that comes back repeats its first URL',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const [first, second] = await publishedIds(peer, channel, ['1', '2', '3']);
      await withStream(peer, channel, { since: first ?? 0, lastEventId: second ?? 0 }, async (events) => {
        mustBeMessages(await events.take(1), ['3'], `the stream with since=${first} and Last-Event-ID: ${second}`);
      });
    },
  },
  badCursorCheck(PATH),
  {
    id: 'keep-alive',
    title: 'an idle stream has a comment within the time promised (--keep-alive), and no event',
    level: 'required',
    async run(peer) {
      const { keepAliveMs } = peer;
      if (keepAliveMs === null) throw new NotChecked('nobody says that it promises any; --keep-alive 15s does');
      await withStream(peer, peer.newChannel(), {}, async (events) => {
        must(await events.comment(keepAliveMs), `no comment came within ${keepAliveMs} ms`);
        must(events.count === 0, 'an event came, though nothing was published');
      });
    },
  },
  {
    id: 'lost-cursor',
    title:
      'a cursor older than the history gets `event: gap` with the oldest id as its data, and the end of the stream',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const [first] = await publishedIds(peer, channel, ['message 0']);
      await postAll(peer, channel, numbered(peer.historyMessages + 2));
      await withStream(peer, channel, { lastEventId: first ?? 0 }, async (events) => {
        const [event] = await events.take(1);
        if (event?.name === null && event.data === 'message 1') throw stillKept(peer);
        must(
          event?.name === 'gap',
          `the first event is ${excerpt(event?.data ?? '')}, named ${event?.name ?? 'nothing'}`,
        );
        must(/^\d+$/.test(event.data), `the data of \`gap\` is ${excerpt(event.data)}, not an id`);
        await events.end();
      });
    },
  },
];
