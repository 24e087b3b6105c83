import { expect, test } from 'vitest';
import type { InspectedEvent, InspectedPart, Inspection } from '../report/inspection/inspection.js';
import { paintWith } from '../reporters/ansi.js';
import { annotatedBytes } from '../reporters/inspect-bytes.js';
import { drawing } from '../reporters/inspect-drawing.js';
import { inspectionOf } from '../testing/inspection-of.js';
import { streamsOf } from '../testing/recorded.js';
import { recordTechnique } from '../testing/recorded-technique.js';

/** `docs/inspect.md` is what is printed, but for what is another each time. `-u` writes it anew. */
test('the page shows what is printed', async () => {
  const websocket = await inspected('websocket');
  const page = [
    INTRODUCTION,
    '## WebSocket\n\nThe guide draws it like this:\n',
    fence(GUIDE.websocket),
    'and this is what goes over the wire, with the bytes of each:\n',
    fence(drawn(websocket)),
    'The handshake, a frame of either side and the close, byte by byte:\n',
    fence(annotated(websocket, [1, 2, 3, 5, websocket.events.length])),
    '## Server-Sent Events\n\nThe guide:\n',
    fence(GUIDE.sse),
    'On the wire, with what the client sends on a connection of its own, and a comment as heartbeat:\n',
    fence(drawn(withLastComment(await inspected('sse')))),
    '## Long polling\n\nThe guide:\n',
    fence(GUIDE.longPolling),
    'On the wire, without the polls that brought nothing:\n',
    fence(drawn(without(await inspected('long-polling'), ({ parts }) => parts.every(isEmptyPoll)))),
    '## gRPC, unary\n\nHTTP/2 frames of `rtbench inspect grpc --pattern unary`, without those of the connection itself. HEADERS are\ncompressed, and so their sizes are others with each port and date:\n',
    fence(sizeless(drawn(without(await inspected('grpc', 'unary'), ({ title }) => !/^(?:HEADERS|DATA)/.test(title))))),
    END,
  ];
  await expect(page.join('\n')).toMatchFileSnapshot('../../docs/inspect.md');
});

const INTRODUCTION = `# What goes over the wire

<!-- Written by \`npx vitest run src/cli/inspect-page -u\`. -->

\`rtbench inspect websocket\` (or any other technique) has one client open a connection, get two messages, send two, wait for
a heartbeat and close, records every byte by a relay in between, and shows it three times: as a drawing, byte by byte, and in
sums that are held against the server's sockets and its ledger. A byte that no part has is a failure, with exit code 1.

Below is what it prints, without times, heartbeats where they are not shown and pauses. Keys, which are another each time,
are those of the guide; digits of what is masked are \`xx\`.
`;

const END = `## More

\`\`\`sh
npx rtbench inspect websocket:deflate=true --raw         # compressed messages, inflated; with a dump
npx rtbench inspect websocket --size 70KiB               # a length of 64 bits
npx rtbench inspect sse --url http://127.0.0.1:8080      # a server elsewhere, such as one of rtbench serve
npx rtbench inspect grpc --json - | jq '.sums'           # as a document: every byte in hexadecimal digits
npx rtbench inspect grpc --pcap grpc.pcapng              # for Wireshark
\`\`\`

- **\`--pcap\`** writes pcapng. The bytes, their order and their times are recorded; addresses, IP and TCP headers are made up
  around them, which the file says of itself. The comment of a packet has the numbers of what begins in it. Wireshark has to
  be told that a port speaks HTTP/2: the line printed at the end says how.
- **\`--url\`** takes servers of this machine only, unless \`--i-may-load-this-host\` says that another is yours. What such a
  server has said is shown even where the exchange breaks off (exit code 3). At most 8 MiB are kept, and 10 s are waited for a
  step. Its sockets and ledger are not known, so the sums are held against the record alone.
- **TLS** is refused: what is encrypted would be noise.
`;

const GUIDE = {
  websocket: `
Client                                 Server
│──── HTTP Upgrade Request ──────────►│
│◄─── 101 Switching Protocols ────────│
│═══════ WebSocket Connection ════════│
│──── "Hello from client" ───────────►│
│◄─── "Hello from server" ────────────│
│──── "Typing..." ───────────────────►│
│──── Close frame ───────────────────►│
│◄─── Close frame ────────────────────│`,
  sse: `
Client                                 Server
│──── GET /events (Accept: text/      │
│      event-stream) ────────────────►│
│◄─── 200 OK                          │
│      Content-Type: text/event-stream│
│◄─── data: {"user": "Alice"} ────────│
│◄─── data: {"user": "Bob"} ──────────│`,
  longPolling: `
Client                                 Server
│──── GET /messages?since=100 ───────►│
│     ... server waits for data ...   │
│◄─── 200 OK [{id: 101, text: "Hi"}] ─│
│──── GET /messages?since=101 ───────►│`,
};

const plain = paintWith(false);
/** Wide enough for any time of the drawing. */
const TIME_COLUMNS = 10;
const WIDTH = 100;

async function inspected(spec: string, pattern?: string): Promise<Inspection> {
  const options = pattern === undefined ? { heartbeatMs: spec === 'sse' ? 1_000 : null } : { pattern };
  const { row, inspector, recorded } = await recordTechnique(spec, options);
  const connections = recorded.connections.map((connection) => ({
    ...connection,
    units: inspector.decode(streamsOf(connection), row.settings),
  }));
  return inspectionOf(connections, recorded);
}

function without(inspection: Inspection, isLeftOut: (event: InspectedEvent) => boolean): Inspection {
  const events = inspection.events.filter((event) => !isLeftOut(event));
  return { ...inspection, events: events.map((event, index) => ({ ...event, number: index + 1 })) };
}

/** Where a machine is busy, more than one may come. */
function withLastComment(inspection: Inspection): Inspection {
  const last = inspection.events.findLast(({ title }) => title.endsWith(': comment'));
  return without(inspection, (event) => event.title.endsWith(': comment') && event !== last);
}

/** Without the sizes of compressed fields. */
function sizeless(text: string): string {
  const dashed = (size: string) => `─${'─'.repeat(size.length - 2)}─`;
  return text.replaceAll(/(HEADERS.*─) [\d,]+ B (?=─[►─]│)/g, (whole, before: string) => {
    return before + dashed(whole.slice(before.length));
  });
}

const isEmptyPoll = ({ kind }: InspectedPart) => kind === 'emptyPolls';

function drawn(inspection: Inspection): string {
  const events = inspection.events.map((event) => ({ ...event, atUs: event.number }));
  const connections = inspection.connections.map((connection) => ({ ...connection, openedUs: 0, ended: null }));
  const lines = drawing({ ...inspection, connections, events }, WIDTH, plain);
  return lines.map((line) => line.slice(TIME_COLUMNS)).join('\n');
}

function annotated({ events }: Inspection, numbers: readonly number[]): string {
  const shown = events.filter(({ number }) => numbers.includes(number));
  return annotatedBytes(shown.map(unmaskable), { width: WIDTH, paint: plain, raw: false }).join('\n');
}

/** What is another each time is what cannot be compared: digits after a masking key. */
function unmaskable(event: InspectedEvent): InspectedEvent {
  const at = event.parts.findIndex(({ name }) => name === 'masking key');
  if (at < 0) return event;
  return {
    ...event,
    parts: event.parts.map((part, index) => (index < at ? part : { ...part, hex: 'xx'.repeat(part.bytes) })),
  };
}

function fence(text: string): string {
  const fixed = text
    .replaceAll(/[\w+/]{27}=/g, 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    .replaceAll(/[\w+/]{22}==/g, 'dGhlIHNhbXBsZSBub25jZQ==')
    .replaceAll(/127\.0\.0\.1:\d{5}/g, '127.0.0.1:40000');
  const lines = fixed.split('\n').map((line) => line.trimEnd());
  return `\`\`\`text\n${lines.join('\n').replace(/^\n+|\s+$/g, '')}\n\`\`\`\n`;
}
