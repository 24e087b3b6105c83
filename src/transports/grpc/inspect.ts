import type { HttpExchange, HttpMessage } from '../http/conversation.js';
import { decodeHttp } from '../http/decode-http.js';
import type { Direction, Inspector, Part } from '../inspection.js';
import { fill } from '../inspection-draft.js';
import { decodeMessages } from './decode-messages.js';
import { decodeProtobuf } from './decode-protobuf.js';
import { patterns } from './patterns.js';
import { ChatProto } from './proto-fields.js';
import { STREAM_REQUEST_KEY } from './wire.js';

/** Name of the message in the metadata of a call whose messages go up. */
const STREAM_REQUEST = 'StreamRequest';

/** Read when it is first asked for. */
let proto: ChatProto | undefined;

export const inspector: Inspector = {
  decode(streams) {
    proto ??= new ChatProto();
    const { drafts, exchanges } = decodeHttp(streams);
    for (const exchange of exchanges) readCall(exchange, proto);
    return drafts.map((draft) => draft.finish());
  },
  patterns,
};

function readCall({ request, response }: HttpExchange, proto: ChatProto): void {
  const path = request?.target ?? '';
  if (request) describeCall(request, path, proto);
  if (request) readMessages(request, path, 'up', proto);
  if (response) readMessages(response, path, 'down', proto);
}

/** The method first, which is at the end of its path; and what the metadata says in a message of its own. */
function describeCall({ drafts, fields }: HttpMessage, path: string, proto: ChatProto): void {
  const head = drafts.find(({ title }) => title.startsWith('HEADERS'));
  if (!head) return;
  if (proto.messageOf(path, 'up') !== undefined) head.says = `${path.split('/').at(-1)}: ${head.says}`;
  const encoded = fields.get(STREAM_REQUEST_KEY);
  if (encoded === undefined) return;
  const { parts } = decodeProtobuf(Buffer.from(encoded, 'base64'), STREAM_REQUEST, proto);
  head.note('fact', `${STREAM_REQUEST_KEY} is a ${STREAM_REQUEST}: ${parts.flatMap(sayField).join(' ')}`);
}

function readMessages(
  { body, slots, drafts }: HttpMessage,
  path: string,
  direction: Direction,
  proto: ChatProto,
): void {
  const type = proto.messageOf(path, direction);
  const { parts, wrongs } = decodeMessages(body, type, proto);
  fill(slots, parts);
  const ofBody = new Set(slots);
  for (const draft of drafts) {
    const content = draft.contentIn(ofBody);
    if (content.length > 0) draft.says = `${type ?? 'message'} ${content.flatMap(sayField).join(' ')}`.trim();
  }
  for (const wrong of wrongs) drafts.at(-1)?.note('wrong', wrong);
}

const NO_FIELDS: ReadonlySet<string> = new Set(['compressed', 'message length']);

function sayField({ name, value }: Part): string[] {
  return NO_FIELDS.has(name) || /, (?:head|continued)$/.test(name) ? [] : [`${name}=${value}`];
}
