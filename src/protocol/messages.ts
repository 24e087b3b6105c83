import type { LedgerSample, UncountedParts } from '../metrics/byte-ledger.js';
import type { Gap } from '../metrics/gap-watch.js';
import type { LatencyOutline } from '../metrics/histogram.js';
import type { ProcessSample } from '../metrics/process-sample.js';
import type { Tally } from '../metrics/tally.js';
import type { WireCounters } from '../metrics/wire-counters.js';
import type { NetworkConditions } from '../scenario/network.js';
import type { Workload } from '../scenario/scenario.js';
import type { ClockOffset, Stamp } from '../scenario/stamp.js';
import type { Turn } from '../scenario/turns.js';
import type { WhenFull } from '../scenario/when-full.js';
import type { Credentials } from '../transports/credentials.js';
import type { Endpoint as ForeignEndpoint, PublishTemplate } from '../transports/endpoint.js';
import type { Payload, ServerLimits, Settings, TlsTrust } from '../transports/transport.js';
import type { RoundTripAnswer, RoundTripRequest } from './round-trip-messages.js';
import type { SlowReaderSample } from './standing.js';
import type { UplinkRequest, UplinkTaken } from './uplink-messages.js';

/**
 * Everything that crosses a process boundary: plain JSON, one discriminated union for each direction. Times are µs
 * since the run's epoch, an instant of the machine's monotonic clock that the coordinator chose.
 */

/** Points of a run at which everyone takes stock; bytes and CPU between two of them belong to a phase. */
export type Mark = 'started' | 'connected' | 'settled' | 'windowEnd' | 'drained' | 'closed';

/** The part of a run a message belongs to, by when it was due. */
export type PublishPhase = 'warmup' | 'window';

export interface TransportRef {
  /** URL of the module with the transport as its default export. */
  readonly module: string;
  readonly settings: Settings;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Where the hub takes messages from outside; `path`: of a Unix domain socket, which the IP layer does not see. */
export type IngressAddress = Endpoint | { readonly path: string };

export type ToServer =
  | {
      type: 'start';
      epochNs: string;
      transports: readonly TransportRef[];
      payload: Payload;
      limits: ServerLimits;
      /** What becomes of readers that are full. */
      whenFull: WhenFull;
      firstId: number;
      history: { messages: number; bytes: number };
      addresses: readonly string[];
      /** Whether to keep when the readers of the side doors had their turn; as many doors are then opened. */
      stamps?: StampRequest | null;
      /** What clients will send besides, which ends in an account; absent or `null`: what they send is published. */
      uplink?: UplinkRequest | null;
      /** Whether some readers will be slow: they get a door of their own, and the server keeps watch on its memory. */
      slowDoor?: boolean;
      /** The processes have a network namespace to themselves: whatever crosses its loopback is the technique's. */
      wire?: boolean;
      /** What to be over TLS, PEM; `null`: in the clear. */
      tls: { certificate: string; key: string } | null;
      /** What every client has to show; absent or `null`: nothing. */
      credentials?: Credentials | null;
      /** Of the HTTP listener, for a server that takes the place of one that is gone; absent or 0: any free one. */
      port?: number;
      /** Whether to keep when connections were accepted. */
      logsAccepts?: boolean;
      /** Descriptor of the file in which messages are kept for a server that takes this one's place. */
      log?: number;
    }
  /** Load what `start` will need, so that it takes no longer than listening does. */
  | { type: 'preload'; modules: readonly string[] }
  /** Reset a share of the connections, chosen by the seed. */
  | { type: 'cut'; share: number; seed: number }
  /** Let the event loop stand still, without taking CPU. */
  | { type: 'stall'; forMs: number }
  | { type: 'collectAccepts' }
  /** `replaced`: the last of a server whose place another one takes. */
  | { type: 'sample'; mark: Mark | 'replaced'; collectGarbage: boolean }
  | { type: 'collectStamps' }
  /** Wait until the account has every message of the phase that clients send, or for so long. */
  | { type: 'awaitUplinks'; phase: PublishPhase; withinMs: number }
  | { type: 'collectUplinks' }
  /**
   * Tell which messages of clients came since the last such question, and go on noting them; the first begins, and what
   * they send is published from then on.
   */
  | { type: 'takeUplinks' }
  /** Let every client go in good order; who has not gone after `deadlineMs` is cut. Nobody can come any more. */
  | { type: 'drain'; deadlineMs: number }
  | { type: 'stop' };

export type FromServer =
  | { type: 'hello' }
  | {
      type: 'ready';
      urls: readonly string[];
      /** For each reader that is stamped, the URLs that only it may use. */
      sideDoors: readonly (readonly string[])[];
      /** The URLs for slow readers alone; `null` where there are none. */
      slowDoor: readonly string[] | null;
      ingress: IngressAddress;
      clock: ClockReading;
      /** From here on connections are taken. */
      listeningUs: number;
      /** What is spoken at its URLs; of its first transport, where it has more than one. */
      speech: Speech;
      /** Messages that it and those before it have taken, where they are kept in a file; else 0. */
      taken: number;
    }
  | { type: 'preloaded' }
  | { type: 'cut'; atUs: number; connections: number }
  | { type: 'stamps'; stamps: ServerStamps | null }
  | { type: 'uplinksAwaited'; all: boolean }
  /** `null`: there is no account. */
  | { type: 'uplinksTaken'; taken: UplinkTaken | null }
  /** When the hub had each message that a client sent, in order, by channel. */
  | { type: 'uplinks'; atUs: Readonly<Record<string, readonly number[]>> }
  | { type: 'stalled'; atUs: number; overUs: number }
  /**
   * One time for each connection accepted so far, ascending; none where it was not asked to keep them. `complete`: they
   * were not more than are kept.
   */
  | { type: 'accepts'; atUs: readonly number[]; complete: boolean }
  /** Connections there were, and how many of them had to be cut. */
  | { type: 'drained'; open: number; cut: number }
  | { type: 'sample'; mark: Mark | 'replaced'; sample: ServerSample }
  | { type: 'failed'; reason: string };

/** Which messages the server stamps: it reads a number of fixed width in their bodies. */
export interface StampRequest {
  readonly readers: number;
  readonly firstSequence: number;
  readonly messages: number;
  /** Where in a body the number is, and how many digits it has. */
  readonly sequenceAt: number;
  readonly sequenceDigits: number;
}

/** By message of the window, in order; `null`: it never happened. */
export interface ServerStamps {
  /** The hub had taken the message. */
  readonly takenUs: readonly (number | null)[];
  /** For each reader: its turn had come. */
  readonly turnUs: readonly (readonly (number | null)[])[];
}

/** What a process knows of its clock: `nowUs` was read between the question and the answer. */
export interface ClockReading {
  readonly source: 'hrtime';
  readonly nowUs: number;
  /** How far the reading may be off, from how well the process's two clocks nest. */
  readonly errorUs: number;
}

export interface ServerSample extends ProcessSample {
  /** TCP payload over all technique sockets so far, as the server sees it: `up` from clients, `down` to them. */
  readonly bytes: { readonly up: number; readonly down: number };
  /** What TLS takes of these bytes: handshakes, and what its records add to their content. 0 in the clear. */
  readonly tls: { readonly up: number; readonly down: number };
  readonly sockets: { readonly accepted: number; readonly open: number };
  readonly hub: { readonly published: number; readonly received: number; readonly delivered: number };
  readonly answers: { readonly total: number; readonly empty: number; readonly messages: number };
  /** What the transport's server half told of the bytes since the mark `settled`; before it, since the start. */
  readonly ledger: LedgerSample;
  /** The parts that it cannot count one by one. */
  readonly uncounted: UncountedParts;
  /** HTTP requests, upgrades included; 0 where the front door does not read the protocol. */
  readonly requests: number;
  /** The IP layer at the same instant; `null`: not in a namespace of its own, where loopback carries other things. */
  readonly wire: WireCounters | null;
  /** So far, between two messages; whether it stood still or had nothing to do is for whoever knows when they were due. */
  readonly gaps: readonly Gap[];
  /** `null` where no reader is meant to be slow. */
  readonly slowReaders: SlowReaderSample | null;
}

/** `slow`: of the crowd, those that do not keep up; they have a process of their own, which does nothing else. */
export type WorkerRole = 'probe' | 'crowd' | 'slow';

export type ToWorker =
  | {
      type: 'prepare';
      epochNs: string;
      role: WorkerRole;
      transport: TransportRef;
      urls: readonly string[];
      /** Whom to trust over TLS; `null`: in the clear. */
      tls: TlsTrust | null;
      /** What its clients show the server. */
      credentials?: Credentials | null;
      /** URLs for each of its clients, where the server is to know them apart. */
      urlsByClient?: readonly (readonly string[])[] | null;
      /**
       * Where to publish, for the process that holds the publisher: over the ingress, or straight to its own clients
       * (a row inside one process). `null`: its clients publish, or nobody here does.
       */
      ingress: IngressAddress | 'ownClients' | null;
      /** Its clients read at this rate each while the window lasts, 0 not at all; absent or `null`: as fast as they can. */
      slowBytesPerSecond?: number | null;
      /** Its clients live in a browser, a page each. */
      inBrowser?: boolean;
      /** Indices of this process's clients. */
      clients: readonly number[];
      seed: number;
      workload: Workload;
      /** In an interleaved round; `null`: the run is alone. */
      turn: Turn | null;
      /** How its clients come back after a drop; absent or `null`: they do not. */
      comeBack?: ComeBack | null;
      /** A server that is not rtbench's own; absent or `null`: the one of the run. */
      foreign?: ForeignServer | null;
    }
  /** Another server has taken the place of the one before it, and knows this many messages. */
  | { type: 'ingress'; address: IngressAddress; taken: number }
  | { type: 'connect'; clients: readonly number[] }
  | { type: 'publish'; phase: PublishPhase; startUs: number }
  | { type: 'sample'; mark: Mark }
  /** Tell what went over its sockets so far. */
  | { type: 'count' }
  | { type: 'collect' }
  | { type: 'close' }
  /** Of the probe, when everything else is over. */
  | { type: 'timeRoundTrips'; request: RoundTripRequest }
  | { type: 'stop' };

/** Texts hold `${NAME}` for what a process reads from its environment: that crosses no link. */
export interface ForeignServer {
  readonly endpoint: ForeignEndpoint;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** How this process publishes; `null`: its clients do, or another process. */
  readonly publish: PublishAt | null;
  /** How long it may take to take a connection and answer, ms. */
  readonly answerMs: number;
  /** What is seen of its messages where it does not pass on what is published; absent or `null`: it does. */
  readonly observation?: Observation | null;
  /** Whom to trust where it is reached over TLS. */
  readonly trust: TlsTrust;
}

export interface Observation {
  readonly stamp: Exclude<Stamp, { readonly kind: 'envelope' }>;
  /** Of the server's clock against this machine's; `null`: not known, so that its times tell no latency. */
  readonly clock: ClockOffset | null;
}

export type PublishAt = PublishTemplate & { readonly url: string };

/** What the clients of a process saw so far, where the server cannot be asked. */
export interface ClientCounts {
  readonly bytes: { readonly up: number; readonly down: number };
  readonly sockets: { readonly opened: number; readonly open: number };
  /** Deliveries, each once. */
  readonly received: number;
  /** Messages that the server said it has, or that were handed to clients. */
  readonly published: number;
}

export interface ComeBack {
  /** As `parseReconnectPolicy` reads it. */
  readonly policy: string;
  /** Whether they go on after the last message they saw. */
  readonly resume: boolean;
  /** Their library comes back by itself, and the policy is not used. */
  readonly native: boolean;
  /** Whether what is published is kept, to be handed over again to a server that takes another one's place. */
  readonly keepsPublishes: boolean;
}

export type FromWorker =
  | { type: 'hello' }
  | { type: 'ready'; clock: ClockReading }
  | { type: 'connected'; count: number }
  | { type: 'reopened' }
  | { type: 'progress'; progress: WorkerProgress }
  | { type: 'published'; phase: PublishPhase }
  /** Every message of the phase that this process's clients expect has arrived. */
  | { type: 'received'; phase: PublishPhase }
  | { type: 'sample'; mark: Mark; sample: ProcessSample }
  | { type: 'counted'; counts: ClientCounts }
  | { type: 'tally'; tally: Tally }
  | { type: 'closed' }
  | { type: 'roundTrips'; answer: RoundTripAnswer }
  | { type: 'failed'; reason: string };

export interface WorkerProgress {
  readonly connected: number;
  readonly published: Readonly<Record<PublishPhase, number>>;
  readonly received: Readonly<Record<PublishPhase, number>>;
  /** Of the window so far; null while there is nothing, and from a process whose clients give no headline. */
  readonly latency: LatencyOutline | null;
}

export type ToRelay =
  | {
      type: 'start';
      epochNs: string;
      /** Addresses of the server; for each the relay listens at one of its own. */
      upstreams: readonly Endpoint[];
      conditions: NetworkConditions;
      idle?: { afterMs: number; end: 'reset' | 'silence' } | null;
      seed: number;
    }
  | { type: 'command'; command: RelayCommand }
  | { type: 'sample' }
  | { type: 'stop' };

export type FromRelay =
  | { type: 'hello' }
  | { type: 'ready'; addresses: readonly Endpoint[] }
  /** A command was carried out, then, on the connections of these clients. */
  | { type: 'done'; atUs: number; clientPorts: readonly number[] }
  | { type: 'sample'; sample: RelaySample }
  | { type: 'failed'; reason: string };

/**
 * What a relay can be told, to be done at once. `stall`: hand nothing on for a while, then everything; of all connections
 * it is those too that are made meanwhile. `cut`: reset both sides. `silence`: lose whatever is sent from now on, ends of
 * connections included, and tell nobody.
 */
export type RelayCommand = {
  readonly connections: Chosen;
  /** Clients whose connections are left alone, by their local ports. */
  readonly except?: readonly number[];
} & ({ readonly type: 'stall'; readonly forMs: number } | { readonly type: 'cut' } | { readonly type: 'silence' });

/**
 * Of the connections open now that were not silenced before: all, those of clients with these local ports, or a share in
 * [0, 1] drawn by the seed.
 */
export type Chosen = 'all' | { readonly clientPorts: readonly number[] } | { readonly share: number };

export interface RelaySample {
  readonly connections: { readonly accepted: number; readonly open: number; readonly idleEnded: number };
  /** Handed on so far. */
  readonly bytes: { readonly up: number; readonly down: number };
  /** How much later than due chunks were handed on; `null`: none had to wait. */
  readonly lateUs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
}

/** What a server speaks on a port; `bytes`: nothing that a proxy for HTTP understands. */
export type Speech = 'http/1.1' | 'h2' | 'bytes';

/** What a middlebox process is to be: a program of others with its `default` and these mends, or the hostile proxy. */
export type MiddleboxRef =
  | { readonly kind: 'foreign'; readonly name: string; readonly mends: readonly string[] }
  | { readonly kind: 'hostile'; readonly mode: string; readonly idleCutMs: number };

export type ToMiddlebox = { type: 'start'; middlebox: MiddleboxRef; servers: readonly Endpoint[] } | { type: 'stop' };

export type FromMiddlebox =
  | { type: 'hello' }
  /** `pid`: of the program; for each server, in their order, where clients connect instead. */
  | { type: 'ready'; addresses: readonly Endpoint[]; pid: number }
  | { type: 'failed'; reason: string };
