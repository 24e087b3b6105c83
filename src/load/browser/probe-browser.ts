import type { Clock } from '../../metrics/clock.js';
import type { BrowserFacts } from '../../metrics/tally.js';
import type { ToWorker } from '../../protocol/messages.js';
import type { ClientHalf, Transport } from '../../transports/transport.js';
import { BrowserClients } from './browser-clients.js';
import { Chromium } from './chromium.js';

/** A browser of its own for the clients of one load process. */
export class ProbeBrowser {
  readonly #chromium: Chromium;
  readonly #clients: BrowserClients;

  /** Rejects where there is no browser, or none that reaches the transport. */
  static async open(
    { clients, urls, urlsByClient, tls }: Extract<ToWorker, { type: 'prepare' }>,
    { profile, page }: Transport,
    clock: Clock,
  ): Promise<ProbeBrowser> {
    const pageHalf = await page?.();
    if (!pageHalf) throw new Error(`${profile.name} has nothing for a page to run`);
    const urlOf = (client: number, slot: number) => {
      const own = urlsByClient?.[slot] ?? urls;
      return own[client % own.length] ?? '';
    };
    const chromium = await Chromium.launch({ certificate: tls?.ca ?? null });
    try {
      const places = new Map(clients.map((client, slot) => [client, urlOf(client, slot)]));
      return new ProbeBrowser(chromium, await BrowserClients.open({ chromium, pageHalf, urls: places, clock }));
    } catch (error) {
      await chromium.close();
      throw error;
    }
  }

  private constructor(chromium: Chromium, clients: BrowserClients) {
    this.#chromium = chromium;
    this.#clients = clients;
  }

  get clientHalf(): ClientHalf {
    return this.#clients.clientHalf;
  }

  /** What arrivals are to be timed by. */
  get clock(): Clock {
    return this.#clients.clock;
  }

  /** How well the clocks agree, at the end of what was measured. */
  facts(): Promise<BrowserFacts> {
    return this.#clients.checkClocks();
  }

  async close(): Promise<void> {
    await this.#clients.close();
    await this.#chromium.close();
  }
}
