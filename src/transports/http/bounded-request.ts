import {
  type Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestInTheClear,
} from 'node:http';
import { request as requestOverTls } from 'node:https';
import { inTime, type Peer, Unmet } from '../conformance.js';
import { trustingContext } from '../tls.js';

/** Largest answer that is read to its end, and largest head. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_HEAD_BYTES = 32 * 1024;

export interface BoundedRequest {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Absent: a connection for this request alone. */
  readonly agent?: Agent;
}

export interface BoundedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One request over HTTP/1.1 with bounds on everything that a peer could do: head, body and time. Redirects are answers
 * like any other. Rejects with an `Unmet` that says which bound was hit.
 */
export async function ask(peer: Peer, asked: BoundedRequest): Promise<BoundedAnswer> {
  const { sent, head } = begin(peer, asked);
  try {
    return await inTime(peer, `the answer to ${asked.method} ${asked.path}`, read(await head, asked));
  } finally {
    if (asked.agent === undefined) sent.destroy();
  }
}

/** Resolves when the head of the answer is there; whoever calls reads the body, and destroys it. */
export async function askForHead(peer: Peer, asked: BoundedRequest): Promise<IncomingMessage> {
  const { sent, head } = begin(peer, asked);
  try {
    return await head;
  } catch (error) {
    sent.destroy();
    throw error;
  }
}

function begin(
  peer: Peer,
  { method, path, headers = {}, body, agent }: BoundedRequest,
): { readonly sent: ClientRequest; readonly head: Promise<IncomingMessage> } {
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const request = peer.tls ? requestOverTls : requestInTheClear;
  const sent = request(peer.origin + path, {
    ...(peer.tls && { secureContext: trustingContext(peer.tls) }),
    method,
    headers: { ...peer.headers, ...length, ...headers },
    agent: agent ?? false,
    maxHeaderSize: MAX_HEAD_BYTES,
    signal: peer.signal,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    // An answer of 101 that nobody asked for.
    sent.once('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer);
    });
    // Heard to the end: what comes after the head may break too.
    sent.on('error', (error) => reject(new Unmet(`${method} ${path}: ${wording(error)}`)));
  });
  sent.end(body);
  const head = inTime(peer, `the head of the answer to ${method} ${path}`, answered).catch((error: unknown) => {
    sent.destroy();
    throw error;
  });
  return { sent, head };
}

function wording(error: NodeJS.ErrnoException): string {
  if (error.code === 'HPE_HEADER_OVERFLOW') return `a head of more than ${MAX_HEAD_BYTES} bytes`;
  if (error.code?.startsWith('HPE_')) return `the answer is no HTTP (${error.message})`;
  return error.message;
}

async function read(answer: IncomingMessage, { method, path }: BoundedRequest): Promise<BoundedAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) {
        throw new Unmet(`${method} ${path}: an answer of more than ${MAX_ANSWER_BYTES} bytes, which is not read on`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Unmet) throw error;
    throw new Unmet(`${method} ${path}: the answer broke off (${(error as Error).message})`);
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() };
}
