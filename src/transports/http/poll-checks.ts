import { setTimeout as delay } from 'node:timers/promises';
import { type ConformanceCheck, excerpt, must, NotChecked, type Peer, Unmet } from '../conformance.js';
import { ask, type BoundedAnswer } from './bounded-request.js';
import {
  badCursorCheck,
  mustBeStatus,
  mustBeType,
  numbered,
  postAll,
  publishCheck,
  whyAbsentAt,
} from './endpoint-checks.js';
import { answerFormat, type PollAnswer } from './poll-answer.js';

const { decode } = answerFormat('json', 'text');
/** Time in ms that a hold is given to be broken, and its tolerance at the end. */
const HOLD_LOOK_MS = 200;
const HOLD_MS = 500;
const HOLD_SLACK_MS = 50;

function pathOf(channel: string, since: number | null, holdMs = 0): string {
  return `/messages?channel=${channel}${since === null ? '' : `&since=${since}`}${holdMs > 0 ? `&hold=${holdMs}` : ''}`;
}

export async function whyNoPolls(peer: Peer): Promise<string | null> {
  const path = pathOf(peer.newChannel(), null);
  return whyAbsentAt('/messages', (await ask(peer, { method: 'GET', path })).status);
}

export const POLL_PATHS: readonly string[] = ['/messages'];

/** As `Conformance.find`: only what has a cursor can be polled. */
export async function findPolls(peer: Peer, path: string): Promise<string | null> {
  const { status, headers, body } = await ask(peer, { method: 'GET', path });
  if (status !== 200 || !/json/i.test(headers['content-type'] ?? '')) return null;
  try {
    return `answers with a cursor, ${decode(Buffer.from(body)).last}`;
  } catch {
    return null;
  }
}

async function poll(peer: Peer, channel: string, since: number | null, holdMs = 0): Promise<PollAnswer> {
  const path = pathOf(channel, since, holdMs);
  const answer = await ask(peer, { method: 'GET', path });
  mustBeStatus(answer, 200, `GET ${path}`);
  return answerOf(answer);
}

function answerOf({ body }: BoundedAnswer): PollAnswer {
  try {
    return decode(Buffer.from(body));
  } catch (error) {
    throw new Unmet(
      `the answer ${excerpt(body)} is not {"last":…,"more":…,"messages":[{"id":…,"text":…}]}: ${(error as Error).message}`,
    );
  }
}

function textsOf({ messages }: PollAnswer): string[] {
  return messages.map(({ body }) => String(body));
}

function mustHave(answer: PollAnswer, expected: readonly string[], what: string): void {
  const got = textsOf(answer);
  must(
    got.length === expected.length && got.every((text, index) => text === expected[index]),
    `${what} brings ${excerpt(got.join(', '))}, not ${excerpt(expected.join(', '))}`,
  );
}

/** Of every technique that polls. */
export const pollChecks: readonly ConformanceCheck[] = [
  publishCheck,
  {
    id: 'content-type',
    title: 'GET /messages?channel= is answered with 200 and application/json',
    level: 'required',
    async run(peer) {
      const path = pathOf(peer.newChannel(), null);
      const answer = await ask(peer, { method: 'GET', path });
      mustBeStatus(answer, 200, `GET ${path}`);
      mustBeType(answer.headers['content-type'], 'application/json');
    },
  },
  {
    id: 'first-poll',
    title: 'a poll without `since` brings no messages, only the cursor to begin at',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      await postAll(peer, channel, ['old']);
      mustHave(await poll(peer, channel, null), [], 'it');
    },
  },
  {
    id: 'since',
    title: 'a poll with `since` brings what came after it in the order of publishing, and `last` is the next cursor',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const { last } = await poll(peer, channel, null);
      await postAll(peer, channel, ['1', '2', '3']);
      const answer = await poll(peer, channel, last);
      mustHave(answer, ['1', '2', '3'], `since=${last}`);
      const ids = answer.messages.map(({ id }) => id);
      must(
        ids.every((id, index) => id > (ids[index - 1] ?? last)),
        `the ids ${ids.join(', ')} do not grow from ${last} on`,
      );
      mustHave(await poll(peer, channel, ids[0] ?? 0), ['2', '3'], `since=${ids[0]}, the first id,`);
      mustHave(await poll(peer, channel, answer.last), [], `since=${answer.last}, the \`last\` before,`);
    },
  },
  badCursorCheck('/messages'),
  {
    id: 'lost-cursor',
    title: 'a cursor older than the history is answered with 410 and {"oldest":<id>}',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const { last } = await poll(peer, channel, null);
      await postAll(peer, channel, numbered(peer.historyMessages + 2));
      const path = pathOf(channel, last);
      const answer = await ask(peer, { method: 'GET', path });
      if (answer.status === 200 && textsOf(answerOf(answer))[0] === 'message 1') throw stillKept(peer);
      mustBeStatus(answer, 410, `GET ${path}, after ${peer.historyMessages + 2} messages,`);
      must(/^\{"oldest":\s*\d+\}\s*$/.test(answer.body), `the body is ${excerpt(answer.body)}, not {"oldest":<id>}`);
    },
  },
];

export function stillKept({ historyMessages }: Peer): NotChecked {
  return new NotChecked(
    `the server keeps more than ${historyMessages} messages; --history <n> says how many, and has it checked`,
  );
}

/** Of techniques whose polls the server holds. */
export const holdChecks: readonly ConformanceCheck[] = [
  {
    id: 'hold',
    title: 'a poll with `hold` that finds nothing is kept until a message comes, and then answered with it',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const { last } = await poll(peer, channel, null);
      const held = poll(peer, channel, last, Math.min(peer.patienceMs - 100, 10_000));
      const early = await Promise.race([held, delay(HOLD_LOOK_MS, null)]);
      must(early === null, 'it was answered at once, though there was nothing to answer with');
      await postAll(peer, channel, ['woken']);
      mustHave(await held, ['woken'], 'the held poll');
    },
  },
  {
    id: 'hold-end',
    title: 'a held poll for which nothing comes is answered, empty, when the hold is over',
    level: 'required',
    async run(peer) {
      const channel = peer.newChannel();
      const { last } = await poll(peer, channel, null);
      const startedMs = performance.now();
      mustHave(await poll(peer, channel, last, HOLD_MS), [], 'it');
      const tookMs = performance.now() - startedMs;
      must(tookMs >= HOLD_MS - HOLD_SLACK_MS, `hold=${HOLD_MS} was over after ${Math.round(tookMs)} ms`);
    },
  },
];
