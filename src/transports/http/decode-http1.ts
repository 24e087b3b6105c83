import type { Direction, Streams } from '../inspection.js';
import { Draft, MAX_UNITS, preview, TOO_MANY, unread, unreadUnit, visible } from '../inspection-draft.js';
import {
  addBody,
  type Conversation,
  closeMessage,
  type HttpExchange,
  type OpenMessage,
  openMessage,
} from './conversation.js';
import { readChunks } from './decode-chunks.js';
import { fieldMeaning, statusMeaning } from './field-meanings.js';

/** Longest head that is looked for, bytes. */
const MAX_HEAD_BYTES = 64 * 1024;
const END_OF_HEAD = '\r\n\r\n';
const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) (\S+) HTTP\/(\d\.\d)$/;
const STATUS_LINE = /^HTTP\/(\d\.\d) (\d{3})(?: (.*))?$/;

/** Reads a connection of HTTP/1.1 (RFC 9112), up to where a 101 hands it to another protocol. */
export function decodeHttp1(streams: Streams): Conversation {
  const at = { up: 0, down: 0 };
  const drafts: Draft[] = [];
  const exchanges: HttpExchange[] = [];
  const read = (direction: Direction, asked: OpenMessage | undefined) => {
    const message = readMessage(streams[direction], direction, at[direction], asked);
    if (message) {
      drafts.push(...message.drafts);
      at[direction] += message.drafts.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    return message;
  };
  while (at.up < streams.up.length || at.down < streams.down.length) {
    if (drafts.length >= MAX_UNITS) return { drafts: [...drafts, ...theRest(streams, at)], exchanges };
    const request = read('up', undefined);
    let response = read('down', request);
    // RFC 9110, 15.2: any number of them may come before the answer.
    while (response && isInterim(response.status)) response = read('down', request);
    if (response?.status === 101) {
      exchanges.push(closed(request, response));
      return { drafts, exchanges, tail: at };
    }
    exchanges.push(closed(request, response));
  }
  return { drafts, exchanges };
}

function theRest(streams: Streams, at: Readonly<Record<Direction, number>>): Draft[] {
  return (['up', 'down'] as const)
    .filter((direction) => at[direction] < streams[direction].length)
    .map((direction) => unreadUnit(direction, at[direction], streams[direction].length - at[direction], TOO_MANY));
}

function closed(request: OpenMessage | undefined, response: OpenMessage | undefined): HttpExchange {
  return { request: request && closeMessage(request), response: response && closeMessage(response) };
}

function isInterim(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101;
}

/** The message that begins at `at`; `undefined` at the end. What cannot be read is one message to the end. */
function readMessage(
  bytes: Buffer,
  direction: Direction,
  at: number,
  asked: OpenMessage | undefined,
): OpenMessage | undefined {
  if (at >= bytes.length) return undefined;
  const message = openMessage();
  const end = bytes.subarray(at, at + MAX_HEAD_BYTES).indexOf(END_OF_HEAD);
  const why = end < 0 ? 'a head that does not end' : readHead(message, bytes.subarray(at, at + end), direction, at);
  if (why !== undefined) {
    message.drafts.splice(0, Number.POSITIVE_INFINITY, unreadUnit(direction, at, bytes.length - at, why));
    return message;
  }
  readBody(message, bytes.subarray(at + end + END_OF_HEAD.length), at + end + END_OF_HEAD.length, asked);
  return message;
}

/** Returns what is wrong with it. */
function readHead(message: OpenMessage, head: Buffer, direction: Direction, at: number): string | undefined {
  const [first = '', ...lines] = head.toString('latin1').split('\r\n');
  const draft = new Draft(direction, at, direction === 'up' ? 'request' : 'response');
  message.drafts.push(draft);
  const wrong = direction === 'up' ? readRequestLine(message, first, draft) : readStatusLine(message, first, draft);
  if (wrong !== undefined) return wrong;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = colon > 0 ? line.slice(0, colon) : 'a line without a name';
    const value = line.slice(colon + 1).trim();
    const key = name.toLowerCase();
    if (colon > 0 && !message.fields.has(key)) message.fields.set(key, value);
    draft.add({
      bytes: line.length + 2,
      kind: 'headers',
      name: visible(name),
      value: visible(value),
      meaning: fieldMeaning(key, value, direction),
    });
  }
  draft.add({ bytes: 2, kind: 'headers', name: 'empty line', value: '', meaning: 'ends the head' });
  return undefined;
}

function readRequestLine(message: OpenMessage, line: string, draft: Draft): string | undefined {
  const [, method = '', target = '', version = ''] = REQUEST_LINE.exec(line) ?? [];
  if (method === '') return 'no request line of HTTP/1.1';
  Object.assign(message, { method, target });
  draft.title = method;
  draft.says = visible(target);
  draft.add({
    bytes: line.length + 2,
    kind: 'headers',
    name: 'request line',
    value: visible(line),
    meaning: `method, what is asked for, and the version: HTTP/${version}`,
  });
  return undefined;
}

function readStatusLine(message: OpenMessage, line: string, draft: Draft): string | undefined {
  const [, version = '', status = '', reason = ''] = STATUS_LINE.exec(line) ?? [];
  if (version === '') return 'no status line of HTTP/1.1';
  message.status = Number(status);
  draft.title = status;
  draft.says = visible(reason);
  draft.add({
    bytes: line.length + 2,
    kind: 'headers',
    name: 'status line',
    value: visible(line),
    meaning: statusMeaning(message.status),
  });
  return undefined;
}

/** RFC 9112, 6.3. */
function readBody(message: OpenMessage, rest: Buffer, at: number, asked: OpenMessage | undefined): void {
  const { fields, status, drafts } = message;
  const [head] = drafts;
  if (!head) return;
  if (isInterim(status) || status === 101 || status === 204 || status === 304 || asked?.method === 'HEAD') {
    message.complete = true;
    return;
  }
  if (/(^|,)\s*chunked\s*$/i.test(fields.get('transfer-encoding') ?? '')) {
    readChunks(message, rest, at, head.direction);
    return;
  }
  const length = fields.get('content-length');
  const untilEnd = length === undefined && status !== 0;
  const wanted = untilEnd ? rest.length : Number(length ?? 0);
  if (!Number.isSafeInteger(wanted) || !/^\d*$/.test(length ?? '')) {
    head.add(unread(rest.length, 'body')).note('wrong', `Content-Length is no length: ${visible(length ?? '')}`);
    return;
  }
  const body = rest.subarray(0, wanted);
  addBody(message, head, body);
  message.complete = body.length === wanted && !untilEnd;
  if (body.length < wanted) head.note('wrong', `the body was cut: ${body.length} of ${wanted} B came`);
  if (body.length > 0) head.says += ` ${preview(body)}`;
}
