import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { type ConformanceCheck, excerpt, must, type Peer } from '../conformance.js';
import { ask, type BoundedAnswer } from './bounded-request.js';

/** Of an answer that says that there is nothing, rather than something wrong. */
const ABSENT: ReadonlySet<number> = new Set([404, 405, 501]);

/** Why nothing answers a GET there; `null`: something does. */
export async function whyAbsentAt(path: string, status: number): Promise<string | null> {
  return ABSENT.has(status) ? `GET ${path} was answered with ${status}` : null;
}

/** @throws Unmet, with what the answer said of itself. */
export function mustBeStatus(
  { status, headers, body }: Omit<BoundedAnswer, 'headers'> & Partial<BoundedAnswer>,
  expected: number,
  what: string,
): void {
  const where = headers?.location === undefined ? '' : ` to ${headers.location}: redirects are not followed`;
  must(
    status === expected,
    `${what} is answered with ${status}${where}, not ${expected}${body ? ` (${excerpt(body)})` : ''}`,
  );
}

export function mustBeType(contentType: string | undefined, expected: string): void {
  const [type] = (contentType ?? '').split(';');
  must(type?.trim().toLowerCase() === expected, `the Content-Type is ${contentType ?? 'not there'}, not ${expected}`);
}

/** Publishes in order, each when the one before is taken, over one connection where the server keeps it. */
export async function postAll(peer: Peer, channel: string, bodies: Iterable<string | Buffer>): Promise<void> {
  const agent = new (peer.tls ? TlsAgent : Agent)({ keepAlive: true, maxSockets: 1 });
  try {
    for (const body of bodies) {
      const path = `/messages?channel=${channel}`;
      mustBeStatus(await ask(peer, { method: 'POST', path, body, agent }), 202, `POST ${path}`);
    }
  } finally {
    agent.destroy();
  }
}

/** So many bodies, numbered. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `message ${index + 1}`);
}

/** Of every technique that publishes by a request. */
export const publishCheck: ConformanceCheck = {
  id: 'publish',
  title: 'POST /messages?channel= takes a body and is answered with 202, without a body',
  level: 'required',
  comesFirst: true,
  async run(peer) {
    const path = `/messages?channel=${peer.newChannel()}`;
    const answer = await ask(peer, { method: 'POST', path, body: 'hello' });
    mustBeStatus(answer, 202, `POST ${path}`);
    must(answer.body === '', `the answer has a body, ${excerpt(answer.body)}`);
  },
};

export function badCursorCheck(path: string): ConformanceCheck {
  return {
    id: 'bad-cursor',
    title: 'a cursor that is no whole number is refused with 400',
    level: 'recommended',
    async run(peer) {
      const asked = `${path}?channel=${peer.newChannel()}&since=abc`;
      mustBeStatus(await ask(peer, { method: 'GET', path: asked }), 400, `GET ${asked}`);
    },
  };
}
