import { STATUS_CODES } from 'node:http';
import type { Direction } from '../inspection.js';

/** Why a header field is there, by its name in lower case; those of answers where they differ. */
const MEANINGS: Readonly<Record<string, string>> = {
  host: 'which of the names at this address is meant; every request must have it',
  connection: 'what becomes of this connection, hop by hop',
  'keep-alive': 'how long an idle connection is kept',
  upgrade: 'the protocol to go on with on this connection',
  'sec-websocket-key': '16 random bytes in Base64: the answer must prove that it was read',
  'sec-websocket-accept': 'Base64(SHA-1(key + GUID)): proof that the key was read by a WebSocket server',
  'sec-websocket-version': 'version of the protocol: 13 is RFC 6455',
  'sec-websocket-protocol': 'subprotocol: what the messages mean',
  'sec-websocket-extensions': 'what may change frames, such as compression',
  origin: 'the page that asks, so that a server can refuse those of others',
  accept: 'types of content that are understood',
  'accept-encoding': 'compressions that are understood',
  'accept-language': 'languages that are liked',
  'user-agent': 'the program that asks',
  'content-type': 'what the body is',
  'content-length': 'where the body ends, so that the connection can go on after it',
  'transfer-encoding': 'the body comes in chunks, each with its size: its length is not known yet',
  'cache-control': 'whether what is between may keep a copy',
  'last-event-id': 'the last event that is known: go on after it',
  'x-accel-buffering': 'tells nginx not to collect the answer before it passes it on',
  date: 'when the answer was made',
  vary: 'which fields of the request the answer depends on',
  authorization: 'who asks: a token',
  cookie: 'what the server gave to keep',
  server: 'the program that answers',
  'sec-fetch-mode': 'how a page asks',
  te: 'transfer codings that are understood; of gRPC: that trailers come through',
  'content-encoding': 'how the body is compressed',
  'grpc-accept-encoding': 'compressions of messages that are understood',
  'grpc-encoding': 'how messages are compressed',
  'grpc-timeout': 'how long the call may take',
  'grpc-status': 'how the call ended; 0 is OK',
  'grpc-message': 'why, in words',
  ':method': 'of the request line of HTTP/1.1',
  ':path': 'what is asked for',
  ':scheme': 'http in the clear, https over TLS',
  ':authority': 'what HTTP/1.1 has in Host',
  ':status': 'of the status line of HTTP/1.1',
};

const IN_REQUESTS: Readonly<Record<string, string>> = {
  'sec-websocket-protocol': 'subprotocols on offer: what the messages may mean',
  'sec-websocket-extensions': 'extensions on offer, such as compression',
  upgrade: 'asks to go on with another protocol on this connection',
};

const IN_ANSWERS: Readonly<Record<string, string>> = {
  'sec-websocket-protocol': 'the subprotocol that was chosen of those on offer',
  'sec-websocket-extensions': 'the extensions that both sides use from now on',
  upgrade: 'goes on with this protocol',
};

/** Empty where nothing is known of it. */
export function fieldMeaning(name: string, value: string, direction: Direction): string {
  if (name === 'connection') return connectionMeaning(value);
  const own = direction === 'up' ? IN_REQUESTS : IN_ANSWERS;
  return lookUp(own, name) ?? lookUp(MEANINGS, name) ?? (name.endsWith('-bin') ? 'metadata, bytes in Base64' : '');
}

function connectionMeaning(value: string): string {
  if (/upgrade/i.test(value)) return 'Upgrade is about this connection alone, and is not to be passed on';
  if (/close/i.test(value)) return 'the connection ends after this';
  return 'the connection is kept for what comes next';
}

export function statusMeaning(status: number): string {
  const text = STATUS_CODES[status];
  if (status === 101) return 'the connection goes on as what was asked for';
  if (status === 202) return 'taken; what comes of it is not said here';
  return text === undefined ? 'a status of no standard' : `status ${status}: ${text}`;
}

/** Own keys only: names come from a peer. */
function lookUp(meanings: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(meanings, name) ? meanings[name] : undefined;
}
