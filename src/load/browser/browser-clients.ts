import type { Clock } from '../../metrics/clock.js';
import type { BrowserFacts } from '../../metrics/tally.js';
import type { PageHalf } from '../../transports/page.js';
import type { ClientHalf } from '../../transports/transport.js';
import { BrowserPage } from './browser-page.js';
import type { Chromium } from './chromium.js';
import { PageHall } from './page-hall.js';

export interface BrowserClientsOptions {
  /** Stays its owner's. */
  readonly chromium: Chromium;
  readonly pageHalf: PageHalf;
  /** Base URL of the server for each client, by its id. */
  readonly urls: ReadonlyMap<number, string>;
  /** The run's. */
  readonly clock: Clock;
}

/**
 * Clients that live in a browser, a page each, and are used as any others are. Their messages come a little later than
 * they arrived in the page; `clock` says during each callback when that was.
 */
export class BrowserClients {
  readonly #chromium: Chromium;
  readonly #hall: PageHall;
  readonly #pages: ReadonlyMap<number, BrowserPage>;
  readonly clock: Clock;

  /** Opens the pages; nobody is connected yet. */
  static async open({ chromium, pageHalf, urls, clock }: BrowserClientsOptions): Promise<BrowserClients> {
    const hall = await PageHall.open();
    const arrival = new ArrivalClock(clock);
    const pages = new Map<number, BrowserPage>();
    const clients = new BrowserClients(chromium, hall, pages, arrival);
    try {
      const { onArrival } = arrival;
      // One after the other: a clock is read best while nothing else starts.
      for (const [client, url] of urls) {
        pages.set(client, await BrowserPage.open({ chromium, hall, pageHalf, url, clock, onArrival }));
      }
      return clients;
    } catch (error) {
      await clients.close();
      throw error;
    }
  }

  private constructor(chromium: Chromium, hall: PageHall, pages: ReadonlyMap<number, BrowserPage>, clock: Clock) {
    this.#chromium = chromium;
    this.#hall = hall;
    this.#pages = pages;
    this.clock = clock;
  }

  readonly clientHalf: ClientHalf = {
    connect: (options) => {
      const page = this.#pages.get(options.clientId);
      if (!page) return Promise.reject(new Error(`no page was opened for client ${options.clientId}`));
      return page.connect(options);
    },
  };

  /** Compares the clocks of the pages with this machine's again; what was measured lies between this and `open`. */
  async checkClocks(): Promise<BrowserFacts> {
    for (const page of this.#pages.values()) await page.checkClock();
    const pages = [...this.#pages.values()];
    return {
      name: this.#chromium.name,
      version: this.#chromium.version,
      clock: {
        source: 'performance.now',
        isolated: pages.every(({ isolated }) => isolated),
        resolutionUs: Math.max(...pages.map(({ resolutionUs }) => resolutionUs)),
        errorUs: Math.max(...pages.map((page) => page.clock.errorUs + page.resolutionUs)),
        driftUs: Math.max(...pages.map((page) => page.clock.driftUs)),
        offsetsUs: pages.map((page) => page.clock.offsetUs),
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pages.values()].map((page) => page.close()));
    await this.#hall.close();
  }
}

/** The run's clock; during a delivery, when it arrived. */
class ArrivalClock implements Clock {
  readonly #clock: Clock;
  #atUs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowUs(): number {
    return this.#atUs ?? this.#clock.nowUs();
  }

  readonly onArrival = (atUs: number, deliver: () => void): void => {
    this.#atUs = atUs;
    try {
      deliver();
    } finally {
      this.#atUs = undefined;
    }
  };
}
