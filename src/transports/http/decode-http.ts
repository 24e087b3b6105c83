import type { Streams } from '../inspection.js';
import type { Conversation } from './conversation.js';
import { decodeHttp1 } from './decode-http1.js';
import { decodeHttp2 } from './decode-http2.js';
import { PREFACE } from './decode-http2-frames.js';

/** Reads a connection in the version of HTTP that its first bytes say. */
export function decodeHttp(streams: Streams): Conversation {
  const isHttp2 = streams.up.length > 0 && streams.up.subarray(0, PREFACE.length).equals(PREFACE);
  return isHttp2 ? decodeHttp2(streams) : decodeHttp1(streams);
}
