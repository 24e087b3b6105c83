import type { Circumstances, Traffic } from '../theory.js';
import type { Payload, Settings } from '../transport.js';

/** RFC 9110, 5.6.7: every date has 29 characters. */
const DATE = 'Date: Tue, 24 Nov 2026 12:00:00 GMT';
const LINE_END_BYTES = 2;

/** Start line and header lines, the line end of each, and the empty line. RFC 9112, 2.1. */
export function headBytes(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + LINE_END_BYTES, LINE_END_BYTES);
}

/** A request without a body on a connection that stays open. */
export function requestBytes(target: string, host: string, ...headers: readonly string[]): number {
  return headBytes([`GET ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: keep-alive', ...headers]);
}

/** Status line and headers of an answer that says its length. */
export function answerHeadBytes(contentType: string, bodyBytes: number, connection = 'keep-alive'): number {
  return headBytes([
    'HTTP/1.1 200 OK',
    `Content-Type: ${contentType}`,
    `Content-Length: ${bodyBytes}`,
    DATE,
    `Connection: ${connection}`,
  ]);
}

/** Head of an answer that is sent in chunks. */
export function chunkedHeadBytes(...headers: readonly string[]): number {
  return headBytes(['HTTP/1.1 200 OK', ...headers, DATE, 'Connection: keep-alive', 'Transfer-Encoding: chunked']);
}

/** RFC 9112, 7.1: the size in hexadecimal digits, and two line ends. */
export function chunkBytes(contentBytes: number): number {
  return contentBytes.toString(16).length + 2 * LINE_END_BYTES + contentBytes;
}

/** A message up: `POST /messages?channel=…`, answered by 202 without a body. */
export function postTraffic({ host, channel }: Circumstances, bodyBytes: number): Traffic {
  const request = headBytes([
    `POST /messages?channel=${channel} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: keep-alive',
    `Content-Length: ${bodyBytes}`,
  ]);
  const answer = headBytes(['HTTP/1.1 202 Accepted', DATE, 'Connection: keep-alive', 'Content-Length: 0']);
  return { up: request + bodyBytes, down: answer };
}

/** Base64 of so many bytes: four characters for each three, the last ones filled up. RFC 4648, 4. */
export function base64Bytes(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/** A poll: `connection` is what both sides say of it. `bodyBytes` null: an answer without a message. */
export function pollTraffic(
  circumstances: Circumstances,
  { target, bodyBytes, connection }: { target: string; bodyBytes: number | null; connection: 'keep-alive' | 'close' },
): Traffic {
  const { host, settings, payload, id } = circumstances;
  const body = pollBody({ settings, payload, id }, bodyBytes);
  return {
    up: headBytes([`GET ${target} HTTP/1.1`, `Host: ${host}`, `Connection: ${connection}`]) + tokenBytes(circumstances),
    down: answerHeadBytes(body.type, body.bytes, connection) + body.bytes,
  };
}

/** What showing a token adds to one request. RFC 6750, 2.1 and 2.3; RFC 6265, 4.2. */
function tokenBytes({ credentials }: Circumstances): number {
  if (!credentials) return 0;
  const shown = {
    bearer: 'Authorization: Bearer \r\n',
    cookie: 'Cookie: token=\r\n',
    query: '&token=',
    'first-message': '',
  };
  const { way, token } = credentials;
  return shown[way].length + token.length;
}

/** What a poll asks for, without `hold`. */
export function pollTarget({ channel, id }: Circumstances, since: 'since' | 'no since'): string {
  return `/messages?channel=${channel}${since === 'since' ? `&since=${id}` : ''}`;
}

/** JSON as the guide writes it, without spaces; or 7 bytes an answer and 10 a message in the binary format. */
function pollBody(
  { settings, payload, id }: { settings: Settings; payload: Payload; id: number },
  bodyBytes: number | null,
): { type: string; bytes: number } {
  if (settings.format === 'binary') {
    return { type: 'application/octet-stream', bytes: 7 + (bodyBytes === null ? 0 : 10 + bodyBytes) };
  }
  const field = payload === 'text' ? 'text' : 'data';
  const message = bodyBytes === null ? '' : `{"id":${id},"${field}":""}`;
  const frame = `{"last":${id},"more":false,"messages":[${message}]}`;
  const content = payload === 'text' ? (bodyBytes ?? 0) : base64Bytes(bodyBytes ?? 0);
  return { type: 'application/json', bytes: frame.length + content };
}
