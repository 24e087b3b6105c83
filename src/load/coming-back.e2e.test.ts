import { describe, expect, it, onTestFinished } from 'vitest';
import { HostClock } from '../metrics/clock.js';
import { startRelay } from '../network/relay/relay.js';
import { randomStream } from '../random.js';
import { NO_DISTANCE } from '../scenario/network.js';
import { parseReconnectPolicy } from '../scenario/reconnect-policy.js';
import type { Workload } from '../scenario/scenario.js';
import { MessageHub } from '../server/hub.js';
import { FIRST_ID } from '../server/limits.js';
import { HUB_OPTIONS, openServer } from '../suite/same-process.js';
import { builtInTransports, loadTransport } from '../transports/index.js';
import type { Settings, Transport } from '../transports/transport.js';
import { BodyMaker } from './body.js';
import { Fleet } from './fleet.js';
import { Recorder } from './recorder.js';
import { channelName, makeSchedule } from './schedule.js';

const CLIENTS = 8;
const WORKLOAD: Workload = {
  clients: CLIENTS,
  publish: 'server',
  channels: 1,
  ratePerSecond: 100,
  sizeBytes: 64,
  payload: 'text',
  arrivals: 'periodic',
  uplink: null,
  warmupMs: 100,
  durationMs: 400,
};

function settingsOf({ settings, profile }: Transport): Settings {
  const defaults = Object.fromEntries(Object.entries(settings).map(([key, spec]) => [key, spec.default]));
  return { ...defaults, ...(defaults.intervalMs === undefined ? {} : { intervalMs: 20 }), ...profile.resumeSettings };
}

/** Notes for each client the message it had when it was cut, and where it began again. */
class WatchedHub extends MessageHub {
  readonly since: (number | null)[] = [];
  /** Id of the newest message when a client without a cursor came. */
  readonly joinedAt: number[] = [];

  override read(...parameters: Parameters<MessageHub['read']>) {
    if (parameters[1] === null) this.joinedAt.push(this.lastId);
    return super.read(...parameters);
  }

  override subscribe(...parameters: Parameters<MessageHub['subscribe']>) {
    this.since.push(parameters[1]);
    if (parameters[1] === null) this.joinedAt.push(this.lastId);
    return super.subscribe(...parameters);
  }
}

/** By which a connection that died silently is noticed; long enough for a machine with other things to do. */
const HEARTBEAT_MS = 400;

function beating(transport: Transport): Settings {
  const settings = settingsOf(transport);
  return { ...settings, ...transport.heartbeat?.settingsAt(HEARTBEAT_MS, settings) };
}

/** A server, a relay and clients, all of which have got the messages of the warm-up; `publish` sends the next ones. */
async function open(
  transport: Transport,
  module: string,
  resume: boolean,
  settings = settingsOf(transport),
  native = false,
) {
  const hub = new WatchedHub(HUB_OPTIONS);
  const server = await openServer({ module, settings }, { hub });
  const { protocol, hostname, port } = new URL(server.urls[0]?.[0] ?? '');
  const upstreams = [{ host: hostname, port: Number(port) }];
  const relay = await startRelay({ upstreams, conditions: NO_DISTANCE, seed: 1 });
  const [way] = relay.addresses;
  const clock = new HostClock(process.hrtime.bigint());
  const schedule = makeSchedule(1, WORKLOAD);
  const clients = Array.from({ length: CLIENTS }, (_, client) => client);
  let note: () => void = () => {};
  let allReceived: () => void = () => {};
  const windowComplete = new Promise<void>((resolve) => {
    allReceived = resolve;
  });
  const recorder = new Recorder({
    schedule,
    workload: WORKLOAD,
    clients,
    clock,
    keepsServiceLatency: false,
    onAllReceived: (phase) => {
      if (phase === 'window') allReceived();
    },
  });
  const fleet = new Fleet({
    clientHalf: await transport.client(),
    transport: { settings },
    urls: [`${protocol}//${way?.host}:${way?.port}`],
    tls: null,
    clients,
    seed: 1,
    workload: WORKLOAD,
    recorder: new Proxy(recorder, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]) => {
          const result: unknown = Reflect.apply(value, target, parameters);
          if (key === 'onMessage') note();
          return result;
        };
      },
    }),
    clock,
    comeBack: { policy: parseReconnectPolicy('fixed:5ms'), resume, native },
  });
  onTestFinished(async () => {
    // The relay first: through one that has lost connections, no goodbye would ever be answered.
    await relay.stop();
    await fleet.close();
    await server.close();
  });
  const bodies = new BodyMaker(1, WORKLOAD.sizeBytes, WORKLOAD.payload);
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => (holds() ? resolve() : void setTimeout(look, 2));
      note = () => {
        if (holds()) resolve();
      };
      look();
    });
  let next = 0;
  const publish = (count: number) => {
    for (const last = next + count; next < last; next++) {
      const dueUs = clock.nowUs();
      hub.publish(channelName(0), Buffer.from(bodies.make({ publisher: 0, sequence: next, dueUs, lagUs: 0 })));
    }
  };
  await fleet.connect(clients);
  publish(schedule.warmupCount);
  await until(() => recorder.received.warmup === recorder.expected.warmup);
  return { hub, server, relay, fleet, recorder, schedule, publish, until, windowComplete };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

type Run = Awaited<ReturnType<typeof open>>;

/** Ways of losing connections: what is done, and with which settings clients get to know of it. */
const LOSSES = [
  {
    how: 'cut',
    settings: settingsOf,
    strike: ({ server }: Run, share: number) => server.door.cut(share, randomStream(1, 'cut')),
  },
  {
    how: 'half-open',
    settings: beating,
    strike: ({ relay }: Run, share: number) => relay.command({ type: 'silence', connections: { share } }).length,
  },
] as const;

for (const { name, module } of builtInTransports) {
  const transport = await loadTransport(module);
  const losses = LOSSES.filter(({ how }) => how === 'cut' || transport.heartbeat !== undefined);
  describe.skipIf(transport.profile.resume === 'none').each(losses)(`${name}, $how`, ({ strike, settings }) => {
    it('with resume: nothing is missed and nothing comes twice', async () => {
      const run = await open(transport, module, true, settings(transport));
      const { fleet, recorder } = run;
      run.publish(5);
      await run.until(() => recorder.received.window >= 5 * CLIENTS);
      // In flight when the connections go.
      run.publish(5);
      const struck = strike(run, 0.5);
      expect(struck).toBeGreaterThan(0);
      run.publish(10);
      await run.until(() => fleet.dropped >= struck && fleet.outages.every(({ backUs }) => backUs !== null));
      run.publish(run.schedule.windowCount - 20);
      await run.windowComplete;
      expect(recorder.delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
      await run.until(() => fleet.reconnected === fleet.dropped);
    });

    it('without resume: what is missed is what was published while the clients were away', async () => {
      const run = await open(transport, module, false, settings(transport));
      const { hub, fleet, recorder } = run;
      run.publish(5);
      await run.until(() => recorder.received.window === 5 * CLIENTS);
      const joinedBefore = hub.joinedAt.length;
      const lostBefore = fleet.outages.length;
      strike(run, 1);
      run.publish(7);
      await run.until(() => fleet.outages.length >= lostBefore + CLIENTS);
      const isBack = () => fleet.outages.every(({ backUs }) => backUs !== null);
      await run.until(isBack);
      run.publish(run.schedule.windowCount - 12);
      // Ids less sequence numbers: what was published from the last message that a client had to its return.
      const publishedWhileAway = () =>
        sum(hub.joinedAt.slice(joinedBefore).map((id) => id - FIRST_ID)) -
        sum(fleet.outages.slice(lostBefore).map(({ afterSequence }) => afterSequence));
      await run.until(() => isBack() && recorder.received.window === recorder.expected.window - publishedWhileAway());
      const lost = publishedWhileAway();
      expect(recorder.delivery).toMatchObject({ lost, duplicated: 0, reordered: 0 });
      // A machine with other things to do may starve a heartbeat, and a client is dropped once more.
      if (fleet.outages.length > CLIENTS) return;
      expect(lost).toBe(7 * CLIENTS);
      // As the result tells it: all that was due until the clients were back, and nothing else.
      const windowUs =
        Math.min(...fleet.outages.map(({ backUs }) => backUs ?? 0)) -
        (run.schedule.offsetUs[run.schedule.warmupCount + 11] ?? 0) -
        1;
      expect(recorder.dueWhileAway(fleet.outages, windowUs)).toMatchObject({
        missed: lost,
        outstanding: 0,
        silent: [],
      });
    });
  });

  it(`${name}, half-open where nothing looks for it: nobody notices, and what each client lacks is told`, async () => {
    const run = await open(transport, module, true);
    const { fleet, recorder } = run;
    run.publish(5);
    await run.until(() => recorder.received.window === 5 * CLIENTS);
    const struck = run.relay.command({ type: 'silence', connections: { share: 0.5 } }).length;
    expect(struck).toBe(CLIENTS / 2);
    const left = run.schedule.windowCount - 5;
    run.publish(left);
    await run.until(() => recorder.received.window === 5 * CLIENTS + left * (CLIENTS - struck));
    expect(fleet.dropped).toBe(0);
    expect(recorder.dueWhileAway(fleet.outages, 0)).toEqual({
      missed: 0,
      recovered: 0,
      outstanding: 0,
      silent: Array(struck).fill(left),
    });
  });
}

it('comes back by its own library where that is asked for, and goes on after the last message', async () => {
  for (const { module } of builtInTransports) {
    const transport = await loadTransport(module);
    if (transport.profile.reconnect !== 'built-in') continue;
    const run = await open(transport, module, true, { ...settingsOf(transport), retryMs: 30 }, true);
    const { fleet, recorder, server } = run;
    run.publish(5);
    await run.until(() => recorder.received.window >= 5 * CLIENTS);
    expect(server.door.cut(0.5, randomStream(1, 'cut'))).toBe(CLIENTS / 2);
    run.publish(10);
    await run.until(() => fleet.reconnected === CLIENTS / 2);
    run.publish(run.schedule.windowCount - 15);
    await run.windowComplete;
    expect(recorder.delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
    expect(fleet.outages.map(({ attempts }) => attempts)).toEqual(Array(CLIENTS / 2).fill(1));
  }
});
