import { setTimeout as delay } from 'node:timers/promises';
import type { EncodedHistogram } from '../metrics/histogram.js';
import type { Endpoint, FromRelay, RelayCommand, ToRelay } from '../protocol/messages.js';
import type { InjectedFault, NetworkMeasurement } from '../report/round-measurement.js';
import type { Fault } from '../scenario/faults.js';
import type { NetworkConditions } from '../scenario/network.js';
import type { BetweenProcesses } from './between.js';
import { Child } from './child.js';
import { idleHelperThreads } from './helper-threads.js';
import { RttMeter } from './rtt-meter.js';

const ANSWER_TIMEOUT_MS = 30_000;

export interface DistanceOptions {
  readonly conditions: NetworkConditions;
  readonly seed: number;
  readonly epochNs: bigint;
  readonly upstreams: readonly Endpoint[];
}

/** A relay in a process of its own, and a meter of what its round trip really is. */
export class Distance implements BetweenProcesses {
  readonly #child: Child<ToRelay, FromRelay>;
  readonly #meter: RttMeter;
  readonly #conditions: NetworkConditions;
  readonly addresses: readonly Endpoint[];

  /** Resolves when clients may connect. Rejects with nothing left open. */
  static async start({ conditions, seed, epochNs, upstreams }: DistanceOptions): Promise<Distance> {
    const meter = await RttMeter.open();
    const child = new Child<ToRelay, FromRelay>({
      title: 'relay',
      entry: new URL('../network/relay/main.js', import.meta.url),
      execArgv: ['--single-threaded-gc'],
    });
    try {
      await child.hello();
      const start: ToRelay = {
        type: 'start',
        epochNs: String(epochNs),
        upstreams: [...upstreams, meter.endpoint],
        conditions,
        seed,
      };
      const { addresses } = await child.request(start, 'ready', ANSWER_TIMEOUT_MS);
      const toEcho = addresses.at(-1);
      if (!toEcho) throw new Error('the relay listens at no address');
      await meter.through(toEcho);
      await idleHelperThreads(child.pid);
      return new Distance(child, meter, conditions, addresses.slice(0, -1));
    } catch (error) {
      await Promise.all([meter.close(), child.stop({ type: 'stop' })]);
      throw error;
    }
  }

  private constructor(
    child: Child<ToRelay, FromRelay>,
    meter: RttMeter,
    conditions: NetworkConditions,
    addresses: readonly Endpoint[],
  ) {
    this.#child = child;
    this.#meter = meter;
    this.#conditions = conditions;
    this.addresses = addresses;
  }

  get pids(): readonly number[] {
    return [this.#child.pid];
  }

  get failure(): Promise<never> {
    return this.#child.failure;
  }

  /** Does this to the clients' connections; the meter's own is left alone. Resolves when it is over. */
  async inject(fault: Fault, signal: AbortSignal): Promise<InjectedFault> {
    const { atUs, clientPorts } = await this.#command(commandOf(fault));
    if (fault.forMs !== null) await delay(fault.forMs, undefined, { signal });
    return {
      fault,
      atUs,
      overUs: atUs + 1_000 * (fault.forMs ?? 0),
      connections: fault.share === null ? null : clientPorts.length,
    };
  }

  #command(command: RelayCommand): Promise<Extract<FromRelay, { type: 'done' }>> {
    const except = this.#meter.clientPort;
    return this.#child.request(
      { type: 'command', command: { ...command, except: [except] } },
      'done',
      ANSWER_TIMEOUT_MS,
    );
  }

  /** Measures round trips from now on, until `roundTrips` or `read`. */
  watch(): void {
    this.#meter.start();
  }

  /** Those since `watch`, µs. */
  roundTrips(): Promise<EncodedHistogram> {
    return this.#meter.end();
  }

  /** What the clients' way was like since `watch`. */
  async read(): Promise<NetworkMeasurement> {
    const { sample } = await this.#child.request({ type: 'sample' }, 'sample', ANSWER_TIMEOUT_MS);
    return { conditions: this.#conditions, rtt: await this.roundTrips(), relay: sample };
  }

  async stop(): Promise<void> {
    await this.#meter.close();
    await this.#child.stop({ type: 'stop' });
  }
}

function commandOf({ kind, share, forMs }: Fault): RelayCommand {
  switch (kind) {
    case 'half-open':
      return { type: 'silence', connections: { share: share ?? 1 } };
    case 'net-stall':
      return { type: 'stall', connections: 'all', forMs: forMs ?? 0 };
    default:
      throw new Error(`${kind} is done to the server`);
  }
}
