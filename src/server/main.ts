import { messageOf } from '../errors.js';
import { HostClock } from '../metrics/clock.js';
import { GapWatch } from '../metrics/gap-watch.js';
import { type ProcessSample, sampleProcess } from '../metrics/process-sample.js';
import { readWireCounters } from '../metrics/wire-counters.js';
import { parentLink } from '../protocol/link.js';
import type { FromServer, ServerSample, ToServer } from '../protocol/messages.js';
import { randomStream } from '../random.js';
import { loadTransport } from '../transports/index.js';
import { Ingress } from './ingress.js';
import { MessageLog } from './message-log.js';
import { PressureWatch } from './pressure-watch.js';
import { ReferenceServer } from './reference-server.js';
import { UplinkAccount } from './uplink-account.js';
import { UplinkNotes } from './uplink-notes.js';

/** Longest time in ms that the ends of connections are waited for which clients have closed. */
const CLOSING_MS = 1_000;

/** Entry of the server process: one run, then it ends. */
const link = parentLink<FromServer, ToServer>();
/**
 * Gaps between messages are all that is noted: a timer that wakes an idle server costs as much CPU as a message does,
 * and whether messages were due in a gap is known elsewhere.
 */
const NOTED_GAP_US = 100_000;
/** When connections were accepted, where that is to be kept; of polls with a connection each there may be any number. */
const acceptsUs: number[] = [];
const MAX_ACCEPTS = 500_000;
let accepted = 0;
/** For so long the event loop was made to stand still, and how often it then looks whether its parent is there. */
let stalledMs = 0;
const STALL_LOOK_MS = 50;
let running:
  | {
      server: ReferenceServer;
      ingress: Ingress;
      clock: HostClock;
      watch: GapWatch;
      wire: boolean;
      pressure: PressureWatch | null;
      uplinks: UplinkNotes;
      account: UplinkAccount | null;
    }
  | undefined;

async function start(message: Extract<ToServer, { type: 'start' }>): Promise<void> {
  const clock = new HostClock(BigInt(message.epochNs));
  const watch = new GapWatch(clock, NOTED_GAP_US);
  const stamps = message.stamps ? { request: message.stamps, clock } : undefined;
  const onAccept = message.logsAccepts
    ? () => {
        if (accepted++ < MAX_ACCEPTS) acceptsUs.push(clock.nowUs());
      }
    : undefined;
  const log = message.log === undefined ? undefined : new MessageLog(message.log);
  const server = await ReferenceServer.open({ ...message, log, stamps, onMessage: () => watch.beat(), onAccept });
  const listeningUs = clock.nowUs();
  const publish = (channel: string, body: Buffer) => server.hub.publish(channel, body);
  const ingress = await Ingress.open(publish, message.wire ? 'unix' : 'loopback');
  const pressure = message.slowDoor ? new PressureWatch(clock, () => server.hub.standing) : null;
  const uplinks = new UplinkNotes(clock);
  const account = message.uplink ? new UplinkAccount(message.uplink, clock) : null;
  server.hub.uplinkEnd = account && ((body) => account.take(body));
  running = { server, ingress, clock, watch, wire: message.wire ?? false, pressure, uplinks, account };
  link.send({
    type: 'ready',
    urls: server.urls[0] ?? [],
    sideDoors: server.sideDoors,
    slowDoor: server.slowUrls,
    ingress: ingress.endpoint,
    clock: { source: 'hrtime', nowUs: clock.nowUs(), errorUs: clock.errorUs },
    listeningUs,
    speech: server.speaks[0] ?? 'bytes',
    taken: log?.count ?? 0,
  });
}

function cut({ share, seed }: Extract<ToServer, { type: 'cut' }>): void {
  if (!running) throw new Error('the server has not started');
  const { clock, server } = running;
  const atUs = clock.nowUs();
  link.send({ type: 'cut', atUs, connections: server.door.cut(share, randomStream(seed, 'cut')) });
}

/** Blocks the event loop; not for longer than there is a parent, whose end it could not hear of. */
function standStill(forMs: number): void {
  const nobodyWakes = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const parent = process.ppid;
  const untilMs = performance.now() + forMs;
  for (let leftMs = forMs; leftMs > 0 && process.ppid === parent; leftMs = untilMs - performance.now()) {
    Atomics.wait(nobodyWakes, 0, 0, Math.min(leftMs, STALL_LOOK_MS));
  }
}

function stall({ forMs }: Extract<ToServer, { type: 'stall' }>): void {
  if (!running) throw new Error('the server has not started');
  const { clock } = running;
  const atUs = clock.nowUs();
  standStill(forMs);
  const overUs = clock.nowUs();
  stalledMs += (overUs - atUs) / 1_000;
  link.send({ type: 'stalled', atUs, overUs });
}

/** To stand still is no work, though the event loop counts it as such. */
function ownSample(clock: HostClock): ProcessSample {
  const own = sampleProcess(clock);
  return { ...own, loopActiveMs: own.loopActiveMs - stalledMs, loopIdleMs: own.loopIdleMs + stalledMs };
}

function sample(collectGarbage: boolean): ServerSample {
  if (!running) throw new Error('the server has not started');
  const { server, clock, watch, wire, pressure } = running;
  watch.beat();
  if (collectGarbage) globalThis.gc?.();
  const { total, empty, messages } = server.ledger.answers;
  return {
    ...ownSample(clock),
    ...server.door.sample(),
    hub: server.hub.counts,
    answers: { total, empty, messages },
    ledger: server.ledger.sample(),
    uncounted: server.uncounted,
    wire: wire ? readWireCounters() : null,
    gaps: watch.gaps,
    slowReaders: pressure && {
      standing: server.hub.standing,
      writtenBytes: server.door.writtenBy(server.hub.slowPorts),
      pressure: pressure.samples,
    },
  };
}

async function takeStock({ mark, collectGarbage }: Extract<ToServer, { type: 'sample' }>): Promise<void> {
  // The clients have closed, but the last they sent may still be on its way.
  if (mark === 'closed') await running?.server.door.untilAllClosed(CLOSING_MS);
  if (mark === 'windowEnd') running?.pressure?.stop();
  link.send({ type: 'sample', mark, sample: sample(collectGarbage) });
  // In the turn of the sample: the parts split exactly what follows it.
  if (mark === 'settled') {
    running?.server.ledger.restart();
    running?.pressure?.start();
  }
}

function takeUplinks(): Record<string, readonly number[]> {
  if (!running) throw new Error('the server has not started');
  const { server, uplinks } = running;
  server.hub.onReceived = uplinks.note;
  server.hub.uplinkEnd = null;
  return uplinks.take();
}

async function handle(message: ToServer): Promise<void> {
  switch (message.type) {
    case 'start':
      await start(message);
      break;
    case 'sample':
      await takeStock(message);
      break;
    case 'preload':
      for (const module of message.modules) await (await loadTransport(module)).server?.();
      link.send({ type: 'preloaded' });
      break;
    case 'cut':
      cut(message);
      break;
    case 'stall':
      stall(message);
      break;
    case 'collectAccepts':
      link.send({ type: 'accepts', atUs: acceptsUs, complete: accepted <= MAX_ACCEPTS });
      break;
    case 'collectStamps':
      link.send({ type: 'stamps', stamps: running?.server.stamps?.collect() ?? null });
      break;
    case 'awaitUplinks': {
      const all = (await running?.account?.allTaken(message.phase, message.withinMs)) ?? true;
      link.send({ type: 'uplinksAwaited', all });
      break;
    }
    case 'collectUplinks':
      link.send({ type: 'uplinksTaken', taken: running?.account?.collect() ?? null });
      break;
    case 'takeUplinks':
      link.send({ type: 'uplinks', atUs: takeUplinks() });
      break;
    case 'drain':
      if (!running) throw new Error('the server has not started');
      link.send({ type: 'drained', ...(await running.server.drain(message.deadlineMs)) });
      break;
    case 'stop':
      await running?.ingress.close();
      await running?.server.close();
      process.exit(0);
  }
}

link.onMessage((message) => {
  handle(message).catch((error: unknown) => link.send({ type: 'failed', reason: messageOf(error) }));
});
link.send({ type: 'hello' });
