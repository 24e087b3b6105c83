import type { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { ByteLedger, UncountedParts } from '../metrics/byte-ledger.js';
import type { Conformance } from './conformance.js';
import type { AuthWay, Credentials } from './credentials.js';
import type { Endpoint, EndpointKey } from './endpoint.js';
import type { Inspector } from './inspection.js';
import type { PageHalf } from './page.js';
import type { Theory } from './theory.js';

/**
 * The contract of a technique. A transport moves messages: it never measures, schedules, retries or prints.
 *
 * A transport is a folder with `index.ts` (this object; it imports neither half), `server.ts` and `client.ts`. The
 * core reads `profile` and never compares a name.
 */
export interface Transport {
  readonly profile: TransportProfile;
  /** Every setting a scenario or `-t name:key=value` may set, and no others. */
  readonly settings: SettingSpecs;
  /** What these settings change in the profile, such as a mode that pulls where the default pushes. */
  profileWith?(settings: Settings): Partial<Omit<TransportProfile, 'name'>>;
  /** Why these settings do not go together, and what to do; `undefined` where they do. */
  problemWith?(settings: Settings): string | undefined;
  /**
   * The longest time in ms that a message may wait for the transport itself (a poll interval; 0 for a push), network
   * and queues aside. Sizes the drain, the settle step and the server's history.
   */
  worstWaitMs(settings: Settings): number;
  /** What keeps an idle connection alive, and tells each side that the other is gone; absent: nothing does. */
  readonly heartbeat?: Heartbeat;
  /** Loads the server half; absent where only foreign servers speak it. */
  readonly server?: () => Promise<ServerHalf>;
  /** Loads the client half. */
  readonly client: () => Promise<ClientHalf>;
  /** Loads what a page of a browser runs to be a client; absent where no page can. */
  readonly page?: () => Promise<PageHalf>;
  /** Loads what the protocol's definition says of its bytes; absent where nothing is known. */
  readonly theory?: () => Promise<Theory>;
  /** Loads what reads its bytes for people; absent: `rtbench inspect` does not show it. */
  readonly inspector?: () => Promise<Inspector>;
  /** Loads what holds the bytes of a server elsewhere against the contract; absent: the client half alone is tried on it. */
  readonly conformance?: () => Promise<Conformance>;
}

/** Facts known before any measurement. */
export interface TransportProfile {
  /** Name in `-t`, in results and in URLs; lower case, words joined by hyphens. */
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /** Name for people where clients publish too, when that takes something more ("SSE + POST"). */
  readonly titleWithUplink?: string;
  /** One line: how a message gets from server to client. */
  readonly summary: string;
  /** `web`: a page can use it; `rpc`: services only; `control`: not a technique but the floor the others stand on. */
  readonly group: 'web' | 'rpc' | 'control';
  /** Protocol as the guide's table names it. */
  readonly protocol: string;
  /** What is opened and how long it lives, as in the guide's row "Connection". */
  readonly connection: string;
  readonly delivery: 'pull' | 'push';
  readonly uplink: 'same-connection' | 'separate-request' | 'none';
  /** `text`: binary bodies travel in an encoding of their own (base64); `binary`: bytes travel as they are. */
  readonly framing: 'text' | 'binary';
  readonly reconnect: 'built-in' | 'by-client';
  readonly browser: 'built-in' | 'library' | 'unavailable';
  /** Why, where no browser can; a clause that can stand after "because". */
  readonly browserObstacle?: string;
  /** Browsers speak this protocol over TLS only. */
  readonly browserOverTlsOnly?: true;
  /**
   * Whether `onMessage` reports ids, so that a new connection can go on after the last one: always, only with
   * `resumeSettings`, or never.
   */
  readonly resume: 'always' | 'setting' | 'none';
  /** The settings that turn ids on where `resume` is `setting`. */
  readonly resumeSettings?: Settings;
  /** The clients of a process have one connection together: they lose it as one, and one of them makes it again. */
  readonly sharesConnection?: true;
  /**
   * What tells a client that the server goes in good order (`Mount.drain`), once everything published before has
   * arrived. Absent: its server half does not drain.
   */
  readonly farewell?: string;
  /**
   * Code of the drop of a client that the server ended for being too slow (`Subscriber.tooSlow`) and that still reads.
   * Absent: the transport does not promise one, or nothing waits for its clients.
   */
  readonly tooSlow?: string;
  /**
   * How a client can show a token when it connects, the usual way first; `browser`: which of these a page can use with
   * what browsers have built in. Absent: the transport does not authenticate.
   */
  readonly auth?: { readonly ways: readonly AuthWay[]; readonly browser: readonly AuthWay[] };
  /**
   * What can be said of where a server that is not rtbench's own takes it; absent: only the URL of one that speaks as
   * the reference server does.
   */
  readonly endpoint?: readonly EndpointKey[];
  /**
   * Messages never leave the process that publishes them: no server, no socket. Only of a control, which measures the
   * instrument; its clients are the probes alone, and every client may `send` to every channel.
   */
  readonly inProcess?: true;
}

/** Resolved settings: every key present, units as in the key's name. */
export type Settings = Readonly<Record<string, number | boolean | string>>;

export type SettingSpecs = Readonly<Record<string, SettingSpec>>;

export type SettingSpec =
  | {
      readonly kind: 'durationMs';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      /** `false`: patience with network and processor, which a scaled scenario leaves as it is; absent: a period. */
      readonly scales?: false;
      readonly meaning: string;
    }
  | {
      readonly kind: 'integer';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly meaning: string;
    }
  | { readonly kind: 'boolean'; readonly default: boolean; readonly meaning: string }
  | {
      readonly kind: 'choice';
      readonly default: string;
      readonly choices: readonly string[];
      /** The title tells the choice (`profileWith`), so that a label need not. */
      readonly inTitle?: boolean;
      readonly meaning: string;
    };

export interface Heartbeat {
  /** Settings under which something crosses an idle connection every `everyMs`, and its absence is noticed. */
  settingsAt(everyMs: number, settings: Settings): Settings;
  /** What these settings promise. */
  promise(settings: Settings): HeartbeatPromise;
}

/** `null`: never. Times are in ms, network and queues aside. */
export interface HeartbeatPromise {
  /** What crosses an idle connection, for people ("ping and pong"). */
  readonly means: string | null;
  /** Longest time in which nothing crosses an idle connection. */
  readonly everyMs: number | null;
  /** Longest time until the client notices that the server is gone without a word: `onDrop`. */
  readonly clientNoticesMs: number | null;
  /** Longest time until the server notices that the client is gone without a word, and closes. */
  readonly serverNoticesMs: number | null;
}

/** Whether bodies are UTF-8 text or arbitrary bytes. Fixed for a run; a body is bytes in the contract either way. */
export type Payload = 'text' | 'binary';

// ---------------------------------------------------------------------------------------------------------- client

export interface ClientHalf {
  /**
   * Opens one client's connection. Resolves when a message published from now on will arrive. Rejects with an
   * `Error` that names the address when it cannot, and with `signal.reason` after an abort; it then leaves nothing
   * open.
   */
  connect(options: ConnectOptions): Promise<Connection>;
}

export interface ConnectOptions {
  /** Base URLs of the server (`http://127.0.0.1:4000`); one for each address it listens on. A client uses one. */
  readonly urls: readonly string[];
  /** Index of the client in its run, from 0. */
  readonly clientId: number;
  /** Channels to receive; the first is the client's own, to which it publishes. */
  readonly channels: readonly string[];
  /** Deliver what came after this id, first of all; `null`: from now on. 0: everything the server still keeps. */
  readonly since: number | null;
  readonly settings: Settings;
  /** Connect over TLS; `null`: in the clear. */
  readonly tls: TlsTrust | null;
  /** What to show the server, in one of `profile.auth.ways`; absent or `null`: nothing. Never in an error. */
  readonly credentials?: Credentials | null | undefined;
  /** How a server that is not rtbench's own takes it; absent or `null`: as the reference server does. */
  readonly endpoint?: Endpoint | null | undefined;
  readonly payload: Payload;
  /** In [0, 1): where in its own period a client that does something periodic (a poll, a ping) starts. */
  readonly phase: number;
  /** Whether this client will call `send`: what an uplink needs to have open can be opened with the connection. */
  readonly publishes: boolean;
  readonly signal: AbortSignal;
  /**
   * One message, in the order of publishing. The body is only lent: it may be overwritten after the call returns.
   * `id` is `null` where the transport carries none (`profile.resume`).
   */
  readonly onMessage: (body: Uint8Array, id: number | null) => void;
  /**
   * The connection is gone without `close()` having been called. At most once, and nothing is called after it. A
   * `DropError` where the protocol or the system says why.
   */
  readonly onDrop: (error: Error) => void;
  /**
   * With `profile.reconnect: built-in` alone: a loss is left to the library, which comes back by itself and goes on after
   * the last message; `onDrop` is for when it gives up. Absent or `null`: a loss is a drop.
   */
  readonly native?: NativeReconnect | null | undefined;
  /** `since` is older than the server's history, which starts at `oldestId`: what lies between is lost. */
  readonly onGap: (oldestId: number) => void;
  /** A body given to `send` did not reach the server; it is not sent again. */
  readonly onSendFailed: (error: Error) => void;
}

export interface NativeReconnect {
  /** The connection is lost, and the library will try again; called again for each attempt of its that fails. */
  readonly onDown: (error: Error) => void;
  /** It is connected again, and a message published from now on will arrive. */
  readonly onUp: () => void;
}

export interface TlsTrust {
  /** The one certificate authority to trust, PEM: a server with a certificate of another is refused. `null`: the system's. */
  readonly ca: string | null;
}

export interface Connection {
  /** Publishes to a channel, exactly once or `onSendFailed`; in order. A transport without an uplink throws. */
  send(channel: string, body: Uint8Array): void;
  /** How long opening took, µs, where that is not as long as `connect` took. */
  readonly openedInUs?: number;
  /** Ends the connection; idempotent; resolves when its sockets are closed, after a drop too. No callback follows. */
  close(): Promise<void>;
}

// ---------------------------------------------------------------------------------------------------------- server

export interface ServerHalf {
  /** Puts the transport on the front door. Called once a process. */
  mount(context: MountContext): Mounted | Promise<Mounted>;
}

export interface MountContext {
  readonly hub: Hub;
  readonly settings: Settings;
  readonly payload: Payload;
  readonly limits: ServerLimits;
  /**
   * What every client has to show; absent or `null`: nothing. HTTP requests and upgrades without it do not come through
   * the front door; a first message, or what has no HTTP, is the server half's to check.
   */
  readonly credentials?: Credentials | null | undefined;
  /** To be told what bytes are for, and of each answer to a poll. */
  readonly ledger: ByteLedger;
}

export interface ServerLimits {
  /** Largest body a client may publish, bytes. */
  readonly maxBodyBytes: number;
  /** Most bytes one socket may have waiting in this process before the hub stops pushing to it. */
  readonly maxBufferedBytes: number;
  /** Most messages, and most bytes of bodies, in one answer to a poll. */
  readonly maxAnswerMessages: number;
  readonly maxAnswerBytes: number;
}

/** What handlers use of a request: `IncomingMessage` over HTTP/1.1, `Http2ServerRequest` over HTTP/2. */
export interface HttpRequest extends Readable {
  readonly headers: IncomingHttpHeaders;
  readonly httpVersionMajor: number;
  readonly socket: Socket;
  /** Over HTTP/2 only. */
  readonly stream?: { readonly session?: EventEmitter | undefined };
}

/** What handlers use of a response: `ServerResponse` or `Http2ServerResponse`, which lacks `writableNeedDrain`. */
export interface HttpResponse extends Omit<Writable, 'writableNeedDrain'> {
  readonly req: HttpRequest;
  readonly socket: Socket | null;
  readonly headersSent: boolean;
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  /** Both have it; Node's types leave it out of `Http2ServerResponse`. */
  flushHeaders?(): void;
}

export type HttpHandler = (request: HttpRequest, response: HttpResponse, url: URL) => void;
export type UpgradeHandler = (request: IncomingMessage, socket: Socket, head: Buffer, url: URL) => void;

/** What a server half wants from the front door. */
export type Mounted = HttpMount | Http2Mount | SocketMount;

interface Mount {
  /**
   * Parts whose bytes a library writes or reads without saying how many. What the sockets moved beyond everything in
   * the ledger is reported in the first of them, and the others, which the ledger is never told, are null. Absent: every
   * byte is in the ledger.
   */
  readonly uncounted?: UncountedParts | undefined;
  /**
   * Says farewell to every client in the protocol's own way, after all that was published before; no client comes any
   * more. Resolves when nothing is left to say: idle connections are then ended for it. Whoever calls bounds the time,
   * and calls `close` after it.
   */
  drain?(): Promise<void>;
  /** Ends everything at once. Idempotent. */
  close(): Promise<void>;
}

export interface HttpMount extends Mount {
  /** HTTP/1.1 requests by method and path (`GET /messages`), and upgrades by path. */
  readonly accept: 'http1';
  readonly routes: Readonly<Record<string, HttpHandler>>;
  readonly upgrades?: Readonly<Record<string, UpgradeHandler>>;
}

export interface Http2Mount extends Mount {
  /** HTTP/2 requests by method and path. */
  readonly accept: 'http2';
  readonly routes: Readonly<Record<string, HttpHandler>>;
}

export interface SocketMount extends Mount {
  /** Every socket of a port of its own; decrypted where there is TLS. */
  readonly accept: 'socket';
  /** The protocol's name in ALPN, where it has one. */
  readonly alpn?: string;
  readonly onSocket: (socket: Socket) => void;
}

// ------------------------------------------------------------------------------------------------------------- hub

/** One published message. Ids grow by one over the whole hub, so a message is encoded once for all its readers. */
export interface Message {
  readonly id: number;
  readonly channel: string;
  readonly body: Buffer;
}

/** A log with cursors: what a server half reads from and publishes to. History is bounded. */
export interface Hub {
  /** Id of the newest message; one below the first id while there is none. */
  readonly lastId: number;
  /** A message from a client. */
  receive(channel: string, body: Buffer): Message;
  /**
   * What came after `since` in these channels, oldest first, within `limits.maxAnswer…`; `null` reads nothing.
   * `localPort`: of the connection it goes out on, by which the core tells whose turn it is; without it, latency of
   * this transport is not split into its parts.
   */
  read(channels: readonly string[], since: number | null, localPort?: number): HubRead;
  /** Calls back once, at the next message in one of these channels. Returns a function that takes it back. */
  waitFor(channels: readonly string[], onMessage: () => void): () => void;
  /** Backlog after `since` first, then live. `null`: from now on. */
  subscribe(channels: readonly string[], since: number | null, subscriber: Subscriber): Subscription;
}

export type HubRead =
  | {
      readonly gap: false;
      readonly messages: readonly Message[] /** Cursor for the next read. */;
      readonly last: number /** There is more already. */;
      readonly more: boolean;
    }
  | { readonly gap: true; readonly oldestId: number };

export interface Subscriber {
  /** As in `Hub.read`. */
  readonly localPort?: number | undefined;
  /**
   * Takes one message. `false`: taken, but the socket is full; the hub stops until `resume()`. May subscribe and
   * close, but must neither throw nor publish: other subscribers have yet to get this message.
   */
  deliver(message: Message): boolean;
  /** The cursor has fallen out of the history; nothing is delivered any more. */
  gap(oldestId: number): void;
  /**
   * It has been full for longer than the server allows; nothing is delivered any more. Ends the connection, in the
   * protocol's own words where it has any; what waits for it in this process is gone a second later at the latest, read or
   * not (`farewell.ts`).
   */
  tooSlow(): void;
  /** Bytes that wait in this process to be written to it. Asked for now and then. */
  waitingBytes(): number;
}

export interface Subscription {
  /** The socket has room again: go on from the cursor. */
  resume(): void;
  /** Closes once everything published by then has been delivered, and calls back; not where it is closed before. */
  finish(onFinished: () => void): void;
  /** Idempotent. */
  close(): void;
}
