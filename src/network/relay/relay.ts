import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Clock, HostClock } from '../../metrics/clock.js';
import { LatencyHistogram } from '../../metrics/histogram.js';
import { PunctualWake } from '../../metrics/punctual-wake.js';
import type { Chosen, Endpoint, RelayCommand, RelaySample } from '../../protocol/messages.js';
import { randomStream } from '../../random.js';
import type { NetworkConditions } from '../../scenario/network.js';
import type { Between } from '../between.js';
import { Passage, type PassageConditions } from './passage.js';
import { Timetable } from './timetable.js';

/** As the front door's: thousands of clients connect at once. */
const BACKLOG = 4096;
/** Of each direction of a connection; what a fast line holds under way must fit. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** More than the line itself holds would be a queue of seconds. */
const MIN_LINE_BYTES = 64 * 1024;

export interface RelayOptions {
  /** Addresses of the server; each gets a listener of its own, on a free port of the same host. */
  readonly upstreams: readonly Endpoint[];
  readonly conditions: NetworkConditions;
  /** A connection on which neither side has sent anything for so long is reset, or lost without a sign. */
  readonly idle?: { readonly afterMs: number; readonly end: 'reset' | 'silence' } | null;
  /** Of jitter, and of which connections a share is. */
  readonly seed: number;
  readonly clock?: Clock;
}

/**
 * Stands between clients and a server, at a distance from the server: what crosses arrives half a round trip later, in
 * order, at the bandwidth it is given. It can be told to stall, to cut and to lose connections. Resolves when it listens.
 *
 * A connection costs what it would over that distance: the server sees it half a round trip after the client opened it,
 * a refusal comes back after a whole one, the first bytes arrive at the server one and a half after. The client's own
 * `connect` does not wait, though: see `CANNOT_IMITATE`.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const relay = new Relay(options);
  try {
    await relay.listen();
  } catch (error) {
    await relay.stop();
    throw error;
  }
  return relay;
}

export class Relay implements Between {
  readonly #options: RelayOptions;
  readonly #conditions: PassageConditions;
  readonly #timetable: Timetable;
  readonly #clock: Clock;
  readonly #servers: Server[] = [];
  readonly #open = new Set<Passage>();
  readonly #late = new LatencyHistogram();
  readonly #drawShare: () => number;
  /** Of the connections that are made until then. */
  #stalledUntilUs = Number.NEGATIVE_INFINITY;
  #accepted = 0;
  #idleEnded = 0;
  #closedBytes = { up: 0, down: 0 };
  readonly addresses: Endpoint[] = [];

  constructor(options: RelayOptions) {
    const { conditions, idle = null, seed, clock = new HostClock(process.hrtime.bigint()) } = options;
    this.#options = options;
    this.#clock = clock;
    this.#timetable = new Timetable(clock, new PunctualWake(clock).at);
    this.#drawShare = randomStream(seed, 'connections chosen');
    this.#conditions = {
      rttUs: conditions.rttMs * 1_000,
      jitterUs: conditions.jitterMs * 1_000,
      bytesPerSecond: conditions.bytesPerSecond,
      maxBufferedBytes: maxBufferedBytes(conditions),
      idle: idle && { afterUs: idle.afterMs * 1_000, end: idle.end },
    };
  }

  async listen(): Promise<void> {
    for (const upstream of this.#options.upstreams) {
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#accept(near, upstream));
      this.#servers.push(server);
      server.listen({ host: upstream.host, port: 0, backlog: BACKLOG });
      await once(server, 'listening');
      this.addresses.push({ host: upstream.host, port: (server.address() as AddressInfo).port });
    }
  }

  /** Carries out a command at once; resolves to the ports of the clients whose connections it struck. */
  command(command: RelayCommand): readonly number[] {
    const { connections, except = [] } = command;
    const struck = this.#choose(
      connections,
      [...this.#open].filter(({ isSilent, clientPort }) => !isSilent && !except.includes(clientPort)),
    );
    const untilUs = command.type === 'stall' ? this.#clock.nowUs() + command.forMs * 1_000 : 0;
    if (command.type === 'stall' && connections === 'all') {
      this.#stalledUntilUs = Math.max(this.#stalledUntilUs, untilUs);
    }
    for (const passage of struck) {
      if (command.type === 'cut') passage.cut();
      else if (command.type === 'silence') passage.silence();
      else passage.stall(untilUs);
    }
    return struck.map(({ clientPort }) => clientPort);
  }

  sample(): RelaySample {
    const bytes = { ...this.#closedBytes };
    for (const passage of this.#open) {
      bytes.up += passage.bytes.up;
      bytes.down += passage.bytes.down;
    }
    const late = this.#late;
    return {
      connections: { accepted: this.#accepted, open: this.#open.size, idleEnded: this.#idleEnded },
      bytes,
      lateUs: late.count > 0 ? { p50: late.percentile(50), p99: late.percentile(99), max: late.max } : null,
    };
  }

  async stop(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const passage of this.#open) passage.destroy();
    this.#timetable.clear();
    await Promise.all(closed);
  }

  #accept(near: Socket, upstream: Endpoint): void {
    const { seed } = this.#options;
    const index = this.#accepted++;
    const passage: Passage = new Passage({
      near,
      upstream,
      conditions: this.#conditions,
      timetable: this.#timetable,
      stalledUntilUs: this.#stalledUntilUs,
      draw: { up: randomStream(seed, `jitter up ${index}`), down: randomStream(seed, `jitter down ${index}`) },
      onLate: (lateUs) => this.#late.record(lateUs),
      onIdle: () => {
        this.#idleEnded++;
      },
      onClosed: () => {
        this.#open.delete(passage);
        this.#closedBytes.up += passage.bytes.up;
        this.#closedBytes.down += passage.bytes.down;
      },
    });
    this.#open.add(passage);
  }

  /** A share is drawn connection by connection, in the order in which they came, until it is filled. */
  #choose(chosen: Chosen, open: Passage[]): Passage[] {
    if (chosen === 'all') return open;
    if ('clientPorts' in chosen) return open.filter(({ clientPort }) => chosen.clientPorts.includes(clientPort));
    let wanted = Math.round(chosen.share * open.length);
    return open.filter((_, index) => {
      const take = this.#drawShare() * (open.length - index) < wanted;
      if (take) wanted--;
      return take;
    });
  }
}

/** Twice what a line of this bandwidth holds, so that it is never idle for want of bytes. */
function maxBufferedBytes({ rttMs, bytesPerSecond: { up, down } }: NetworkConditions): number {
  if (up === null || down === null) return MAX_BUFFERED_BYTES;
  const lineBytes = (2 * Math.max(up, down) * rttMs) / 1_000;
  return Math.min(MAX_BUFFERED_BYTES, Math.max(MIN_LINE_BYTES, lineBytes));
}
