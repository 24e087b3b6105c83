import { describe, expect, it, onTestFinished } from 'vitest';
import { HostClock } from '../metrics/clock.js';
import { randomStream } from '../random.js';
import { parseReconnectPolicy } from '../scenario/reconnect-policy.js';
import type { Workload } from '../scenario/scenario.js';
import { MessageHub } from '../server/hub.js';
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

/** A server and its clients, all of which have got the messages of the warm-up; `publish` sends the next ones. */
async function open(transport: Transport, module: string, resume: boolean) {
  const settings = settingsOf(transport);
  const hub = new WatchedHub(HUB_OPTIONS);
  const server = await openServer({ module, settings }, { hub });
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
    urls: server.urls[0] ?? [],
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
    comeBack: { policy: parseReconnectPolicy('fixed:5ms'), resume },
  });
  onTestFinished(async () => {
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
  return { hub, server, fleet, recorder, schedule, publish, until, windowComplete };
}

for (const { name, module } of builtInTransports) {
  const transport = await loadTransport(module);
  describe.skipIf(transport.profile.resume === 'none')(name, () => {
    it('cut, with resume: nothing is missed and nothing comes twice', async () => {
      const run = await open(transport, module, true);
      const { fleet, recorder, server } = run;
      run.publish(5);
      await run.until(() => recorder.received.window >= 5 * CLIENTS);
      // In flight when the connections go.
      run.publish(5);
      expect(server.door.cut(0.5, randomStream(1, 'cut'))).toBeGreaterThan(0);
      run.publish(10);
      await run.until(() => fleet.dropped > 0 && fleet.outages.every(({ backUs }) => backUs !== null));
      run.publish(run.schedule.windowCount - 20);
      await run.windowComplete;
      expect(recorder.delivery).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
      expect(fleet.reconnected).toBe(fleet.dropped);
    });

    it('cut, without resume: what is missed is what was published while the clients were away', async () => {
      const run = await open(transport, module, false);
      const { hub, fleet, recorder, server } = run;
      run.publish(5);
      await run.until(() => recorder.received.window === 5 * CLIENTS);
      const joinedBefore = hub.joinedAt.length;
      const idAtCut = hub.lastId;
      server.door.cut(1, randomStream(1, 'cut'));
      run.publish(7);
      await run.until(() => fleet.outages.length >= CLIENTS);
      await run.until(() => fleet.outages.every(({ backUs }) => backUs !== null));
      const away = hub.joinedAt.slice(joinedBefore).map((id) => id - idAtCut);
      const publishedWhileAway = away.reduce((sum, count) => sum + count, 0);
      run.publish(run.schedule.windowCount - 12);
      const expected = recorder.expected.window - publishedWhileAway;
      await run.until(() => recorder.received.window === expected);
      expect(away).toEqual(Array(CLIENTS).fill(7));
      expect(recorder.delivery).toMatchObject({ lost: publishedWhileAway, duplicated: 0, reordered: 0 });
      // As the result tells it: all that was due until the clients were back, and nothing else.
      const windowUs =
        Math.min(...fleet.outages.map(({ backUs }) => backUs ?? 0)) -
        (run.schedule.offsetUs[run.schedule.warmupCount + 11] ?? 0) -
        1;
      expect(recorder.dueWhileAway(fleet.outages, windowUs)).toMatchObject({
        missed: publishedWhileAway,
        outstanding: 0,
      });
    });
  });
}
