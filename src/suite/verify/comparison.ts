import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectSocket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { FrontDoor } from '../../server/front-door.js';
import type { Mounted } from '../../transports/transport.js';
import { type Check, check } from './check.js';

const SUBJECT = '871 bytes against 2';

/**
 * The request and the answer printed in "HTML5 Web Sockets: A Quantum Leap in Scalability for the Web" (P. Lubbers,
 * F. Greco, websocket.org, 2010), line by line; the answer's version as it was on the wire, where the add-on that
 * recorded it wrote `HTTP/1.x`.
 */
const REQUEST = [
  'GET /PollingStock//PollingStock HTTP/1.1',
  'Host: localhost:8080',
  'User-Agent: Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.9.1.5) Gecko/20091102 Firefox/3.5.5',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Language: en-us',
  'Accept-Encoding: gzip,deflate',
  'Accept-Charset: ISO-8859-1,utf-8;q=0.7,*;q=0.7',
  'Keep-Alive: 300',
  'Connection: keep-alive',
  'Referer: http://www.example.com/PollingStock/',
  'Cookie: showInheritedConstant=false; showInheritedProtectedConstant=false; showInheritedProperty=false; ' +
    'showInheritedProtectedProperty=false; showInheritedMethod=false; showInheritedProtectedMethod=false; ' +
    'showInheritedEvent=false; showInheritedStyle=false; showInheritedEffect=false',
];
const ANSWER = [
  'HTTP/1.1 200 OK',
  'X-Powered-By: Servlet/2.5',
  'Server: Sun Java System Application Server 9.1_02',
  'Content-Type: text/html;charset=UTF-8',
  'Content-Length: 21',
  'Date: Sat, 07 Nov 2009 00:32:46 GMT',
];
const BODY_BYTES = 21;

/** What the article counted: characters of the lines, without line ends. */
const PUBLISHED_BYTES = 871;
const FRAME_BYTES = 2;
/** An empty line ends each of the two heads. */
const LINE_END_BYTES = 2 * (REQUEST.length + 1 + ANSWER.length + 1);
/** IPv4 20, TCP 20, timestamps 12. */
const SEGMENT_BYTES = 52;
/** Request, answer, and the answer's acknowledgement; the frame and its acknowledgement. */
const SEGMENTS = { poll: 3, frame: 2 };

/** The well-known comparison, replayed over real sockets, layer by layer. */
export async function comparisonChecks(): Promise<readonly Check[]> {
  const poll = await replayPoll();
  const frame = await replayFrame();
  const heads = poll.bytes - BODY_BYTES;
  const withLines = PUBLISHED_BYTES + LINE_END_BYTES;
  const ip = { poll: SEGMENTS.poll * SEGMENT_BYTES, frame: SEGMENTS.frame * SEGMENT_BYTES };
  const bytes = (name: string, theory: number, measured: number) =>
    check({ subject: SUBJECT, name, unit: 'B', theory, measured });
  const ratio = (name: string, theory: number, measured: number, note: string | null = null) =>
    check({ subject: SUBJECT, name, unit: 'ratio', theory, measured, note });
  return [
    bytes('HTTP headers, characters', PUBLISHED_BYTES, poll.characters),
    bytes('HTTP headers, with line ends', withLines, heads),
    bytes('WebSocket frame, around 21 B', FRAME_BYTES, frame - BODY_BYTES),
    ratio('as published, headers : 2', PUBLISHED_BYTES / FRAME_BYTES, poll.characters / (frame - BODY_BYTES)),
    ratio('on the socket, with the 21 B', (withLines + BODY_BYTES) / (FRAME_BYTES + BODY_BYTES), poll.bytes / frame),
    ratio(
      'at the IP layer (modelled)',
      (withLines + BODY_BYTES + ip.poll) / (FRAME_BYTES + BODY_BYTES + ip.frame),
      (poll.bytes + ip.poll) / (frame + ip.frame),
      `a model adds ${SEGMENT_BYTES} B of headers a segment: ${SEGMENTS.poll} segments for the poll (request, answer, ` +
        `acknowledgement), ${SEGMENTS.frame} for the frame (and its acknowledgement)`,
    ),
  ];
}

/** One request and one answer, byte for byte. `characters`: of the lines that arrived, without their ends. */
async function replayPoll(): Promise<{ bytes: number; characters: number }> {
  const request = `${REQUEST.join('\r\n')}\r\n\r\n`;
  const answer = `${ANSWER.join('\r\n')}\r\n\r\n${'x'.repeat(BODY_BYTES)}`;
  let asked = '';
  const mount: Mounted = {
    accept: 'socket',
    onSocket(socket) {
      socket.on('data', (chunk: Buffer) => {
        asked += chunk.toString('latin1');
        if (asked.endsWith('\r\n\r\n')) socket.write(answer);
      });
    },
    close: async () => {},
  };
  return behindDoor(mount, async (url, door) => {
    const socket = connectSocket({ host: url.hostname, port: Number(url.port), noDelay: true });
    socket.write(request);
    const answered = await read(socket, answer.length);
    const { up, down } = door.sample().bytes;
    socket.destroy();
    const head = answered.slice(0, answered.length - BODY_BYTES);
    return { bytes: up + down, characters: `${asked}${head}`.replaceAll('\r\n', '').length };
  });
}

/** One text frame, as the library writes it. */
async function replayFrame(): Promise<number> {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const mount: Mounted = {
    accept: 'http1',
    routes: {},
    upgrades: { '/': (request, socket, head) => server.handleUpgrade(request, socket, head, () => {}) },
    close: async () => server.close(),
  };
  return behindDoor(mount, async (url, door) => {
    const client = new WebSocket(url.href.replace('http:', 'ws:'), { perMessageDeflate: false });
    await once(client, 'open');
    const before = door.sample().bytes;
    const arrived = once(client, 'message');
    for (const peer of server.clients) peer.send('x'.repeat(BODY_BYTES));
    await arrived;
    const after = door.sample().bytes;
    const closed = once(client, 'close');
    client.terminate();
    await closed;
    return after.up - before.up + after.down - before.down;
  });
}

async function behindDoor<T>(mount: Mounted, use: (url: URL, door: FrontDoor) => Promise<T>): Promise<T> {
  const door = await FrontDoor.open({ mounts: [mount], addresses: ['127.0.0.1'] });
  try {
    return await use(new URL(door.urls.get(mount)?.[0] ?? ''), door);
  } finally {
    await door.close();
  }
}

async function read(socket: Socket, bytes: number): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk.toString('latin1');
    if (text.length >= bytes) break;
  }
  return text;
}
