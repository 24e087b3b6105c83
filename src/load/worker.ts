import { HostClock } from '../metrics/clock.js';
import { EpochClock } from '../metrics/epoch-clock.js';
import { GapWatch } from '../metrics/gap-watch.js';
import { rehearseOutline } from '../metrics/histogram.js';
import { type ProcessSample, sampleProcess } from '../metrics/process-sample.js';
import { PunctualWake } from '../metrics/punctual-wake.js';
import { sharedWake } from '../metrics/shared-wake.js';
import type {
  BrowserFacts,
  DeliveryTimes,
  LatencyOverTime,
  RecoveryTally,
  Staleness,
  Tally,
} from '../metrics/tally.js';
import type { Link } from '../protocol/link.js';
import type { ClientCounts, FromWorker, PublishPhase, ToWorker } from '../protocol/messages.js';
import { parseReconnectPolicy } from '../scenario/reconnect-policy.js';
import { loadTransport } from '../transports/index.js';
import type { ClientHalf } from '../transports/transport.js';
import type { ArrivalLog } from './arrivals.js';
import { BodyMaker } from './body.js';
import type { ProbeBrowser } from './browser/probe-browser.js';
import { Fleet } from './fleet.js';
import type { ForeignSide } from './foreign-server.js';
import type { MessageRecorder } from './message-recorder.js';
import { Observer } from './observer.js';
import { type Outlet, oneByOne, WayInOutlet } from './outlet.js';
import { latencyOverTime } from './over-time.js';
import { Publisher } from './publisher.js';
import { Recorder } from './recorder.js';
import { channelName, FROM_OUTSIDE, makeSchedule, type Schedule } from './schedule.js';
import { SlowWay } from './slow-way.js';
import { stalenessOf } from './staleness.js';
import { type UplinkSender, uplinkSender } from './uplink.js';
import { WayIn } from './way-in.js';

const PROGRESS_MS = 500;
const BEAT_MS = 50;
/** A beat that comes so late is a stall. */
const STALL_US = 100_000;

type Prepare = Extract<ToWorker, { type: 'prepare' }>;

/** What is there before a worker is. */
interface Prepared {
  readonly clock: HostClock;
  readonly clientHalf: ClientHalf;
  readonly worstWaitMs: number;
  readonly ingress: WayIn | undefined;
  readonly browser: ProbeBrowser | undefined;
  readonly slowWay: SlowWay | undefined;
  readonly foreign: ForeignSide | undefined;
}

/** One process of the load: the probe, which publishes and whose clients give the headline latency, or a crowd. */
export class Worker {
  readonly #link: Link<FromWorker, ToWorker>;
  readonly #clock: HostClock;
  readonly #recorder: MessageRecorder;
  /** The same, where the server passes on what is published. */
  readonly #ledger: Recorder | undefined;
  /** The same, where it does not. */
  readonly #observer: Observer | undefined;
  readonly #publisher: Publisher;
  readonly #uplink: UplinkSender | null;
  readonly #wake: PunctualWake;
  readonly #fleet: Fleet;
  readonly #slowWay: SlowWay | undefined;
  #readAtWindowEnd: number | null = null;
  readonly #browser: ProbeBrowser | undefined;
  readonly #ingress: WayIn | undefined;
  readonly #foreign: ForeignSide | undefined;
  readonly #progress: NodeJS.Timeout;
  readonly #startUs: Record<PublishPhase, number> = { warmup: Number.NaN, window: Number.NaN };
  readonly #deliveriesIn: (arrivals: ArrivalLog | null) => DeliveryTimes | null;
  readonly #stalenessIn: (arrivals: ArrivalLog) => Staleness;
  readonly #overTimeIn: (arrivals: ArrivalLog) => LatencyOverTime | null;
  readonly #windowMs: number;
  readonly #comesBack: boolean;
  readonly #isProbe: boolean;
  readonly #watch: GapWatch;
  readonly #beat: NodeJS.Timeout;

  static async prepare(link: Link<FromWorker, ToWorker>, message: Prepare): Promise<Worker> {
    const transport = await loadTransport(message.transport.module);
    const clock = new HostClock(BigInt(message.epochNs));
    const browser = message.inBrowser ? await openBrowser(message, transport, clock) : undefined;
    const foreign = message.foreign ? await foreignSide(message.foreign) : undefined;
    const plain = browser?.clientHalf ?? (await transport.client());
    const clientHalf = foreign?.speaking(plain) ?? plain;
    const { ingress: wayIn } = message;
    const keeps = message.comeBack?.keepsPublishes ?? false;
    const ingress = wayIn !== null && wayIn !== 'ownClients' ? await WayIn.open(wayIn, keeps) : undefined;
    const worstWaitMs = transport.worstWaitMs(message.transport.settings);
    const slow = message.slowBytesPerSecond ?? null;
    const way = slow === null ? undefined : await SlowWay.open(message.urls, slow);
    const own = way ? { ...message, urls: way.urls } : message;
    const parts = { clock, clientHalf, worstWaitMs, ingress, browser, slowWay: way?.way, foreign };
    const worker = new Worker(link, own, parts);
    link.send({ type: 'ready', clock: { source: 'hrtime', nowUs: clock.nowUs(), errorUs: clock.errorUs } });
    return worker;
  }

  private constructor(
    link: Link<FromWorker, ToWorker>,
    message: Prepare,
    { clock, clientHalf, worstWaitMs, ingress, browser, slowWay, foreign }: Prepared,
  ) {
    const { seed, workload, turn, clients } = message;
    const schedule = makeSchedule(seed, workload, turn);
    this.#link = link;
    this.#windowMs = workload.durationMs;
    this.#clock = clock;
    this.#ingress = ingress;
    this.#foreign = foreign;
    this.#slowWay = slowWay;
    this.#browser = browser;
    const observation = message.foreign?.observation;
    if (observation) {
      this.#observer = new Observer({ observation, slots: clients.length, clock, epoch: new EpochClock(clock) });
      this.#recorder = this.#observer;
    } else {
      this.#ledger = new Recorder({
        schedule,
        workload,
        clients,
        clock: browser?.clock ?? clock,
        keepsServiceLatency: message.role === 'probe',
        takesEnvelopes: foreign !== undefined,
        onAllReceived: (phase) => link.send({ type: 'received', phase }),
        // Pages have a clock of their own, and who publishes by a client is not to do so from within one's callback.
        onClock: ingress && !browser ? (nowUs) => this.#publisher.catchUp(nowUs) : null,
      });
      this.#recorder = this.#ledger;
    }
    const comeBack = message.comeBack && {
      policy: parseReconnectPolicy(message.comeBack.policy),
      resume: message.comeBack.resume,
      native: message.comeBack.native,
    };
    this.#comesBack = comeBack != null;
    this.#isProbe = message.role === 'probe';
    if (this.#isProbe) rehearseOutline();
    this.#wake = new PunctualWake(this.#clock);
    const wakeAt = workload.uplink === null ? this.#wake.at : sharedWake(this.#wake.at);
    const send = (client: number, channel: string, body: Uint8Array) => this.#fleet.send(client, channel, body);
    this.#uplink = uplinkSender({ seed, workload, turn, schedule, clients, clock: this.#clock, wakeAt, send });
    this.#fleet = new Fleet({
      ...message,
      onMessage: this.#uplink?.onMessage ?? null,
      comeBack: comeBack ?? null,
      clientHalf,
      recorder: this.#recorder,
      clock: this.#clock,
    });
    this.#publisher = new Publisher({
      schedule,
      sequences: sequencesPublishedHere(
        schedule,
        clients,
        message.ingress !== null || foreign?.publisher !== undefined,
      ),
      clock: this.#clock,
      wakeAt,
      outlet: this.#outlet(message, schedule),
    });
    this.#deliveriesIn = (arrivals) => (message.urlsByClient && arrivals ? arrivals.deliveriesIn(schedule) : null);
    this.#stalenessIn = (arrivals) =>
      stalenessOf({ arrivals, schedule, workload, startUs: this.#startUs, worstWaitMs });
    this.#overTimeIn = (arrivals) => (turn === null ? latencyOverTime(arrivals, schedule, workload.durationMs) : null);
    this.#progress = setInterval(() => this.#sendProgress(), PROGRESS_MS);
    this.#watch = new GapWatch(this.#clock, BEAT_MS * 1_000 + STALL_US);
    this.#beat = setInterval(() => this.#watch.beat(), BEAT_MS);
  }

  async handle(message: ToWorker): Promise<void> {
    switch (message.type) {
      case 'connect':
        await this.#fleet.connect(message.clients);
        this.#link.send({ type: 'connected', count: message.clients.length });
        break;
      case 'publish':
        this.#publish(message.phase, message.startUs);
        break;
      case 'ingress':
        await this.#ingress?.reopen(message.address, message.taken);
        this.#link.send({ type: 'reopened' });
        break;
      case 'sample':
        this.#link.send({ type: 'sample', mark: message.mark, sample: this.#sample() });
        if (message.mark === 'windowEnd') this.#readOn();
        break;
      case 'count':
        this.#link.send({ type: 'counted', counts: this.#count() });
        break;
      case 'collect':
        this.#stopSending();
        this.#link.send({ type: 'tally', tally: this.#tally(await this.#browser?.facts()) });
        break;
      case 'close':
        clearInterval(this.#progress);
        clearInterval(this.#beat);
        this.#stopSending();
        await this.#fleet.close();
        await this.#slowWay?.close();
        await this.#browser?.close();
        this.#ingress?.close();
        await this.#foreign?.close();
        this.#link.send({ type: 'closed' });
        break;
    }
  }

  #publish(phase: PublishPhase, startUs: number): void {
    this.#startUs[phase] = startUs;
    if (phase === 'window') this.#observer?.windowBegins(startUs, this.#windowMs);
    if (phase === 'window') this.#slowWay?.holdBackIn((startUs - this.#clock.nowUs()) / 1_000);
    // A process whose clients expect nothing of this phase has it all from the start.
    if (this.#recorder.expected[phase] === 0) this.#link.send({ type: 'received', phase });
    const streams = this.#uplink === null ? [this.#publisher] : [this.#publisher, this.#uplink];
    let left = streams.length;
    const onDone = () => {
      if (--left === 0) this.#link.send({ type: 'published', phase });
    };
    for (const stream of streams) stream.start(phase, startUs, onDone);
  }

  #stopSending(): void {
    this.#publisher.stop();
    this.#uplink?.stop();
  }

  /** Slow readers are so for the window alone: in the drain it shows what they get after all. */
  #readOn(): void {
    if (!this.#slowWay) return;
    this.#readAtWindowEnd = this.#slowWay.readBytes;
    this.#slowWay.letGo();
  }

  #outlet({ seed, workload, ingress, clients }: Prepare, schedule: Schedule): Outlet {
    const bodies = new BodyMaker(seed, workload.sizeBytes, workload.payload);
    const wayIn = this.#ingress;
    if (wayIn) return new WayInOutlet(schedule, bodies, (frames) => wayIn.write(frames));
    const handOver = ingress === 'ownClients' ? clients[0] : undefined;
    return oneByOne((sequence, dueUs, lagUs) => {
      const publisher = schedule.publisher[sequence] ?? FROM_OUTSIDE;
      const body = bodies.make({ publisher: Math.max(0, publisher), sequence, dueUs, lagUs });
      const channel = channelName(schedule.channel[sequence] ?? 0);
      if (publisher !== FROM_OUTSIDE) this.#fleet.send(publisher, channel, body);
      else if (handOver !== undefined) this.#fleet.send(handOver, channel, body);
      else this.#foreign?.publisher?.publish(channel, body);
    });
  }

  /** Waiting for the next due time is no work, though the event loop counts it as such. */
  #sample(): ProcessSample {
    const sample = sampleProcess(this.#clock);
    const waitedMs = this.#wake.waitedUs / 1_000;
    return { ...sample, loopActiveMs: sample.loopActiveMs - waitedMs, loopIdleMs: sample.loopIdleMs + waitedMs };
  }

  /** Without a server to ask. */
  #count(): ClientCounts {
    const { bytes, opened, open } = this.#foreign?.read() ?? { bytes: { up: 0, down: 0 }, opened: 0, open: 0 };
    const { received } = this.#recorder;
    const { published } = this.#publisher;
    return {
      bytes,
      sockets: { opened, open },
      received: received.warmup + received.window,
      published: this.#foreign?.publisher?.taken ?? published.warmup + published.window,
    };
  }

  #sendProgress(): void {
    const { latency, received } = this.#recorder;
    this.#link.send({
      type: 'progress',
      progress: {
        connected: this.#fleet.opened,
        published: this.#publisher.published,
        received,
        latency: this.#isProbe ? latency.outline() : null,
      },
    });
  }

  #recovery(ledger: Recorder): RecoveryTally {
    const { outages } = this.#fleet;
    return {
      outages: outages.map(({ client, droppedUs, backUs, attempts }) => ({ client, droppedUs, backUs, attempts })),
      ...ledger.dueWhileAway(outages, this.#startUs.window),
    };
  }

  #tally(browser: BrowserFacts | undefined): Tally {
    const recorder = this.#recorder;
    const published = this.#publisher.published.window;
    const { latency, serviceLatency } = recorder;
    const lag = this.#publisher.scheduleLag;
    return {
      latency: latency.encode(),
      serviceLatency: serviceLatency.encode(),
      scheduleLag: lag.encode(),
      connect: this.#fleet.connectTimes.encode(),
      delivery: {
        published,
        unpublished: this.#publisher.planned('window') - published,
        ...recorder.delivery,
      },
      connections: {
        opened: this.#fleet.opened,
        dropped: this.#fleet.dropped,
        closeCodes: this.#fleet.closeCodes,
      },
      recovery: this.#comesBack && this.#ledger ? this.#recovery(this.#ledger) : null,
      negative: latency.negative,
      outOfRange: latency.outOfRange + serviceLatency.outOfRange + lag.outOfRange,
      foreign: recorder.foreign,
      publishesReceived: recorder.publishesReceived,
      errors: [...(this.#foreign?.errors ?? []), ...this.#fleet.errors],
      ...(this.#foreign && { unstamped: this.#foreign.unstamped }),
      ...(this.#observer && { observed: this.#observer.observed() }),
      firstUs: Array.from(recorder.firstUs, Math.round),
      lastUs: Array.from(recorder.lastUs, Math.round),
      staleness: recorder.arrivals && this.#stalenessIn(recorder.arrivals),
      ...(this.#isProbe && { overTime: recorder.arrivals && this.#overTimeIn(recorder.arrivals) }),
      stalls: this.#watch.gaps.map((gap) => ({ ...gap, fromUs: gap.fromUs + BEAT_MS * 1_000 })),
      deliveries: this.#deliveriesIn(recorder.arrivals),
      readAtWindowEndBytes: this.#readAtWindowEnd,
      uplink: this.#uplink?.sent ?? null,
      ...(browser && { browser }),
    };
  }
}

function sequencesPublishedHere(schedule: Schedule, clients: readonly number[], fromOutside: boolean): Int32Array {
  const here = new Set(clients);
  const sequences: number[] = [];
  for (const [sequence, publisher] of schedule.publisher.entries()) {
    if (publisher === FROM_OUTSIDE ? fromOutside : here.has(publisher)) sequences.push(sequence);
  }
  return Int32Array.from(sequences);
}

/** Loaded where it is asked for alone: what drives a browser need not be installed. */
async function openBrowser(...args: Parameters<typeof ProbeBrowser.open>): Promise<ProbeBrowser> {
  return (await import('./browser/probe-browser.js')).ProbeBrowser.open(...args);
}

/** What it takes (an HTTP library) is a third of what a worker loads, and no use without a server of somebody's own. */
async function foreignSide(...args: ConstructorParameters<typeof ForeignSide>): Promise<ForeignSide> {
  return new (await import('./foreign-server.js')).ForeignSide(...args);
}
