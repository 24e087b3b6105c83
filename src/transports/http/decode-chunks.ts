import type { Direction, Part } from '../inspection.js';
import { Draft, MAX_UNITS, preview, TOO_MANY, unread, visible } from '../inspection-draft.js';
import { addBody, type OpenMessage } from './conversation.js';

/** Longest line of a chunk's size, bytes. */
const MAX_LINE_BYTES = 1_024;
/** RFC 9112, 7.1: hexadecimal digits, then extensions. More digits than these are no size. */
const SIZE = /^([0-9A-Fa-f]{1,13})(?:[\t ]*;.*)?$/;

/** Reads a body in chunks; each becomes a unit of its own, since each is sent as one. */
export function readChunks(message: OpenMessage, rest: Buffer, start: number, direction: Direction): void {
  for (let at = 0; at < rest.length && !message.complete; ) {
    const draft = new Draft(direction, start + at, 'chunk');
    message.drafts.push(draft);
    if (message.drafts.length > MAX_UNITS) {
      draft.add(unread(rest.length - at, 'bytes')).note('wrong', TOO_MANY);
      return;
    }
    const line = lineAt(rest, at);
    const digits = line === undefined ? undefined : SIZE.exec(line)?.[1];
    if (line === undefined || digits === undefined) {
      draft.add(unread(rest.length - at, 'bytes')).note('wrong', 'no size of a chunk');
      return;
    }
    const size = Number.parseInt(digits, 16);
    draft.add(sizePart(line, size));
    at += line.length + 2;
    at = size === 0 ? readTrailers(message, draft, rest, at) : readContent(message, draft, rest, at, size);
  }
}

function sizePart(line: string, size: number): Part {
  const meaning = size === 0 ? 'an empty chunk ends the body' : `size in hexadecimal digits: ${size} B follow`;
  return { bytes: line.length + 2, kind: 'framing', name: 'chunk size', value: visible(line), meaning };
}

function readContent(message: OpenMessage, draft: Draft, rest: Buffer, at: number, size: number): number {
  const content = rest.subarray(at, at + size);
  addBody(message, draft, content);
  draft.says = preview(content);
  const end = at + content.length;
  if (content.length < size) {
    draft.note('wrong', `the chunk was cut: ${content.length} of ${size} B came`);
    return end;
  }
  const mark = rest.subarray(end, end + 2);
  if (mark.toString('latin1') === '\r\n') {
    draft.add({ bytes: 2, kind: 'framing', name: 'line end', value: '␍⏎', meaning: 'ends the chunk' });
    return end + 2;
  }
  draft.add(unread(rest.length - end, 'bytes')).note('wrong', 'no line end after the chunk');
  return rest.length;
}

function readTrailers(message: OpenMessage, draft: Draft, rest: Buffer, start: number): number {
  let at = start;
  for (let line = lineAt(rest, at); line !== undefined; line = lineAt(rest, at)) {
    at += line.length + 2;
    const last = line === '';
    draft.add({
      bytes: line.length + 2,
      kind: 'framing',
      name: last ? 'empty line' : 'trailer',
      value: visible(line),
      meaning: last ? 'ends the body' : 'a field after the body',
    });
    if (!last) continue;
    draft.title = 'last chunk';
    message.complete = true;
    return at;
  }
  draft.add(unread(rest.length - at, 'bytes')).note('wrong', 'the last chunk does not end');
  return rest.length;
}

/** A line without its end; `undefined` where none ends near. */
function lineAt(bytes: Buffer, at: number): string | undefined {
  const near = bytes.subarray(at, at + MAX_LINE_BYTES);
  const end = near.indexOf('\r\n');
  return end < 0 ? undefined : near.toString('latin1', 0, end);
}
