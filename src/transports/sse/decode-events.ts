import type { Part } from '../inspection.js';
import { MAX_UNITS, preview, TOO_MANY, unread, visible } from '../inspection-draft.js';

/** HTML Living Standard, 9.2.6: what each field does. */
const MEANINGS: Readonly<Record<string, string>> = {
  event: 'type of the event, for the listeners of that type; without it: message',
  id: 'what a client sends as Last-Event-ID when it comes back',
  retry: 'how long a client waits before it comes back, ms',
};

/** A line of a stream with the length of its end: 1, or 2 for CR LF; 0: it has not ended yet. */
interface Line {
  readonly bytes: Buffer;
  readonly endBytes: number;
}

/** Reads a stream of events, field by field. The parts cover it. */
export function decodeEvents(stream: Buffer): Part[] {
  const parts: Part[] = [];
  const bom = stream[0] === 0xef && stream[1] === 0xbb && stream[2] === 0xbf ? 3 : 0;
  if (bom > 0) parts.push({ bytes: bom, kind: 'framing', name: 'byte order mark', value: '', meaning: 'is ignored' });
  let block: Line[] = [];
  for (let at = bom; at < stream.length; ) {
    if (parts.length > MAX_UNITS) return [...parts, unread(stream.length - at, 'lines', TOO_MANY)];
    const line = lineAt(stream, at);
    at += line.bytes.length + line.endBytes;
    block.push(line);
    if (line.endBytes > 0 && line.bytes.length > 0 && at < stream.length && block.length < MAX_UNITS) continue;
    parts.push(...blockParts(block));
    block = [];
  }
  return parts;
}

function lineAt(stream: Buffer, at: number): Line {
  for (let end = at; end < stream.length; end++) {
    const byte = stream[end];
    if (byte === 0x0a) return { bytes: stream.subarray(at, end), endBytes: 1 };
    if (byte === 0x0d) return { bytes: stream.subarray(at, end), endBytes: stream[end + 1] === 0x0a ? 2 : 1 };
  }
  return { bytes: stream.subarray(at), endBytes: 0 };
}

/** Lines up to an empty one, which ends an event. One of comments alone is there to keep the connection alive. */
function blockParts(lines: readonly Line[]): Part[] {
  const filled = lines.filter(({ bytes }) => bytes.length > 0);
  const silent = filled.length > 0 && filled.every(({ bytes }) => bytes[0] === 0x3a);
  let last = -1;
  for (const [index, line] of lines.entries()) if (nameOf(line) === 'data') last = index;
  const dispatches = last >= 0;
  return lines.flatMap((line, index) => {
    if (line.bytes.length === 0) return emptyLine(line, silent, dispatches);
    const name = nameOf(line);
    if (name === 'data') return dataParts(line, index < last);
    return [fieldPart(line, name, silent)];
  });
}

function nameOf({ bytes }: Line): string {
  const colon = bytes.indexOf(0x3a);
  return bytes.toString('latin1', 0, colon < 0 ? bytes.length : colon);
}

function emptyLine({ endBytes }: Line, silent: boolean, dispatches: boolean): Part[] {
  const kind = silent ? 'heartbeats' : 'framing';
  const meaning = dispatches ? 'the event is complete: listeners get it' : 'nothing to tell listeners';
  return [{ bytes: endBytes, kind, name: 'empty line', value: '', meaning }];
}

/** A line end between two lines of data is one of the message; the last is not. */
function dataParts({ bytes, endBytes }: Line, goesOn: boolean): Part[] {
  const colon = bytes.indexOf(0x3a);
  const start = colon < 0 ? bytes.length : colon + (bytes[colon + 1] === 0x20 ? 2 : 1);
  const value = bytes.subarray(start);
  const end = { bytes: endBytes, name: 'line end', value: '' };
  const parts: Part[] = [
    {
      bytes: start,
      kind: 'framing',
      name: 'field name',
      value: bytes.toString('latin1', 0, start),
      meaning: 'a line of the message',
    },
    { bytes: value.length, kind: 'payload', name: 'data', value: preview(value), meaning: '' },
    goesOn
      ? { ...end, kind: 'payload', meaning: 'of the message: another line of it follows' }
      : { ...end, kind: 'framing', meaning: '' },
  ];
  return parts.filter((part) => part.bytes > 0);
}

function fieldPart({ bytes, endBytes }: Line, name: string, silent: boolean): Part {
  const isComment = name === '';
  const known = Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : undefined;
  return {
    bytes: bytes.length + endBytes,
    kind: silent ? 'heartbeats' : 'framing',
    name: isComment ? 'comment' : known === undefined ? 'unknown field' : 'field',
    value: visible(preview(bytes)),
    meaning: isComment ? 'no client sees it; it keeps the connection alive' : (known ?? 'is ignored'),
  };
}
