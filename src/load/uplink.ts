import type { Clock } from '../metrics/clock.js';
import type { WakeAt } from '../metrics/punctual-wake.js';
import type { UplinkSent } from '../metrics/tally.js';
import { hasEnvelope, readSequence } from '../protocol/envelope.js';
import type { PublishPhase } from '../protocol/messages.js';
import type { Workload } from '../scenario/scenario.js';
import type { Turn } from '../scenario/turns.js';
import { Acknowledger } from './acknowledger.js';
import { BodyMaker } from './body.js';
import { oneByOne } from './outlet.js';
import { Publisher } from './publisher.js';
import { channelName, channelOf, type Schedule } from './schedule.js';
import { makeUplinkSchedule } from './uplink-schedule.js';

export interface UplinkOptions {
  readonly seed: number;
  readonly workload: Workload;
  readonly turn: Turn | null;
  /** Of the messages that are published. */
  readonly schedule: Schedule;
  /** Indices of this process's clients. */
  readonly clients: readonly number[];
  readonly clock: Clock;
  readonly wakeAt: WakeAt;
  /** Sends one message from a client; must neither wait nor throw. */
  readonly send: (client: number, channel: string, body: Uint8Array) => void;
}

/** What the clients of one process send besides, while the server publishes. */
export interface UplinkSender {
  /** Sends what is due in a phase whose first instant is `startUs`; calls `onDone` after the last. */
  start(phase: PublishPhase, startUs: number, onDone: () => void): void;
  /** A client has got this message. */
  readonly onMessage: ((client: number, body: Uint8Array) => void) | null;
  stop(): void;
  readonly sent: UplinkSent;
}

/** `null` where clients send nothing besides. */
export function uplinkSender(options: UplinkOptions): UplinkSender | null {
  const { uplink } = options.workload;
  if (uplink === null) return null;
  return uplink.kind === 'stream' ? streamOf(options, uplink.sizeBytes) : answersOf(options, uplink.sizeBytes);
}

function streamOf({ seed, workload, turn, clients, clock, wakeAt, send }: UplinkOptions, sizeBytes: number) {
  const schedule = makeUplinkSchedule(seed, workload, turn);
  const bodies = new BodyMaker(seed, sizeBytes, workload.payload);
  const own = new Set(clients);
  const sequences = [...schedule.publisher.keys()].filter((sequence) => own.has(schedule.publisher[sequence] ?? -1));
  const publisher = new Publisher({
    schedule,
    sequences: Int32Array.from(sequences),
    clock,
    wakeAt,
    outlet: oneByOne((sequence, dueUs, lagUs) => {
      const client = schedule.publisher[sequence] ?? 0;
      const body = bodies.make({ publisher: client, sequence, dueUs, lagUs });
      send(client, channelName(schedule.channel[sequence] ?? 0), body);
    }),
  });
  return {
    start: publisher.start.bind(publisher),
    onMessage: null,
    stop: () => publisher.stop(),
    get sent(): UplinkSent {
      const { scheduleLag, published } = publisher;
      return { sent: published.window, scheduleLag: scheduleLag.encode(), outOfRange: scheduleLag.outOfRange };
    },
  };
}

function answersOf({ seed, workload, schedule, clock, send }: UplinkOptions, sizeBytes: number): UplinkSender {
  const { warmupCount, windowCount, channel } = schedule;
  const channels = Array.from({ length: workload.clients }, (_, client) => channelName(channelOf(client, workload)));
  const acknowledger = new Acknowledger({
    clock,
    template: new BodyMaker(seed, sizeBytes, workload.payload).make({ publisher: 0, sequence: 0, dueUs: 0, lagUs: 0 }),
    warmupCount,
    send: (client, body) => send(client, channels[client] ?? '', body),
  });
  return {
    start: (_phase, _startUs, onDone) => onDone(),
    onMessage(client, body) {
      const sequence = hasEnvelope(body) ? readSequence(body) : -1;
      if (sequence >= 0 && sequence < warmupCount + windowCount && channel[sequence] === channelOf(client, workload)) {
        acknowledger.acknowledge(client, sequence);
      }
    },
    stop: () => {},
    get sent() {
      return acknowledger.sent;
    },
  };
}
