import type { NetworkMeasurement, ProxyMeasurement } from '../report/round-measurement.js';
import type { Scenario } from '../scenario/scenario.js';
import { proxyOf } from '../scenario/via.js';
import { oneBehindTheOther, type StartBetween } from './between.js';
import { Distance } from './distance.js';
import { RunProxy } from './proxy.js';

export interface WayOptions {
  readonly seed: number;
  readonly epochNs: bigint;
}

/** What stands between clients and server in a run: a relay that makes a distance, a proxy behind it, or nothing. */
export class Way {
  #distance: Distance | undefined;
  #proxy: RunProxy | undefined;
  /** Puts it there; `null`: clients connect to the server itself. */
  readonly start: StartBetween | null;

  constructor(scenario: Pick<Scenario, 'network' | 'via'>, { seed, epochNs }: WayOptions) {
    const { network } = scenario;
    const via = proxyOf(scenario);
    const starts: StartBetween[] = [];
    if (via !== null) {
      starts.push(async (upstreams, speech) => {
        this.#proxy = await RunProxy.start(via, upstreams, speech);
        return this.#proxy;
      });
    }
    if (network !== null) {
      starts.push(async (upstreams) => {
        this.#distance = await Distance.start({ conditions: network, seed, epochNs, upstreams });
        return this.#distance;
      });
    }
    this.start = starts.length === 0 ? null : oneBehindTheOther(starts);
  }

  /** `undefined`: there is none, or it is not there yet. */
  get distance(): Distance | undefined {
    return this.#distance;
  }

  windowBegins(): void {
    this.#distance?.watch();
    this.#proxy?.windowBegins();
  }

  windowEnds(): void {
    this.#proxy?.windowEnds();
  }

  /** What the way was like; `null`: there was none. */
  async read(): Promise<{ network: NetworkMeasurement | null; proxy: ProxyMeasurement | null }> {
    return { network: (await this.#distance?.read()) ?? null, proxy: this.#proxy?.read() ?? null };
  }
}
