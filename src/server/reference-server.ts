import type { TransportRef } from '../protocol/messages.js';
import { loadTransport } from '../transports/index.js';
import type { Mounted, Payload, ServerLimits } from '../transports/transport.js';
import { FrontDoor } from './front-door.js';
import { type HubOptions, MessageHub } from './hub.js';

export interface ReferenceServerOptions {
  readonly transports: readonly TransportRef[];
  readonly payload: Payload;
  readonly limits: ServerLimits;
  readonly firstId: number;
  readonly history: HubOptions['history'];
  readonly addresses: readonly string[];
  /** Of the HTTP listener; 0: any free one. */
  readonly port?: number;
}

/** A hub with transports mounted on one front door, and the counts of what they answered. */
export class ReferenceServer {
  readonly hub: MessageHub;
  readonly door: FrontDoor;
  readonly answers: Readonly<AnswerCounts>;
  /** Base URLs, for each transport in the order given. */
  readonly urls: readonly (readonly string[])[];

  private constructor(hub: MessageHub, door: FrontDoor, answers: AnswerCounts, urls: readonly (readonly string[])[]) {
    this.hub = hub;
    this.door = door;
    this.answers = answers;
    this.urls = urls;
  }

  /** Rejects when a transport cannot be loaded or has no server half, or a port is in use. */
  static async open(options: ReferenceServerOptions): Promise<ReferenceServer> {
    const { payload, limits } = options;
    const hub = new MessageHub(options);
    const answers = new AnswerCounts();
    const mounts: Mounted[] = [];
    for (const { module, settings } of options.transports) {
      const transport = await loadTransport(module);
      if (!transport.server) throw new Error(`${transport.profile.name} has no server half`);
      const half = await transport.server();
      mounts.push(await half.mount({ hub, settings, payload, limits, onAnswer: (messages) => answers.add(messages) }));
    }
    const door = await FrontDoor.open({ mounts, addresses: options.addresses, port: options.port ?? 0 });
    const urls = mounts.map((mount) => door.urls.get(mount) ?? []);
    return new ReferenceServer(hub, door, answers, urls);
  }

  close(): Promise<void> {
    return this.door.close();
  }
}

/** Answers to polls. */
class AnswerCounts {
  total = 0;
  empty = 0;
  messages = 0;

  add(messages: number): void {
    this.total++;
    this.messages += messages;
    if (messages === 0) this.empty++;
  }
}
