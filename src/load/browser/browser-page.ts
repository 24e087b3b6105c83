import type { Clock } from '../../metrics/clock.js';
import { ENVELOPE_BYTES } from '../../protocol/envelope.js';
import type { PageHalf } from '../../transports/page.js';
import type { Connection, ConnectOptions } from '../../transports/transport.js';
import type { Chromium } from './chromium.js';
import type { OpenedPage } from './opened-page.js';
import { type ClockExchange, PageClock } from './page-clock.js';
import type { PageHall, PageLink } from './page-hall.js';
import type { FromPage, PageArrival, PageSetup } from './page-messages.js';
import { pageProgram } from './page-program.js';

/** Questions for the clock in a series; the bound is that of the fastest ways among them. */
const EXCHANGES = 200;
const ANSWER_MS = 10_000;
const GATHER_MS = 50;

export interface BrowserPageOptions {
  readonly chromium: Chromium;
  readonly hall: PageHall;
  readonly pageHalf: PageHalf;
  readonly url: string;
  readonly clock: Clock;
  /** Takes each arrival with its time on the run's clock, in the order of the page's callbacks. */
  readonly onArrival: (atUs: number, deliver: () => void) => void;
}

/** A page of a browser that is one client at a time. */
export class BrowserPage {
  readonly #options: BrowserPageOptions;
  readonly #document: OpenedPage;
  readonly #link: PageLink;
  #onMessage: (message: FromPage) => void = () => {};
  #onGone: (error: Error) => void = () => {};
  #gone: Error | undefined;
  #clock: PageClock | undefined;
  isolated = false;
  resolutionUs = 0;

  static async open(options: BrowserPageOptions): Promise<BrowserPage> {
    const { chromium, hall, pageHalf, url } = options;
    const place = hall.expect();
    // It is asked for below; until then nobody would hear that the page never came.
    place.link.catch(() => {});
    const document = await chromium.openPage(url);
    const setup: PageSetup = { reportTo: place.address, headBytes: ENVELOPE_BYTES, gatherMs: GATHER_MS };
    await document.evaluate(`(${pageProgram})(${JSON.stringify(setup)}, ${pageHalf})`);
    await document.detach();
    const page = new BrowserPage(options, document, await place.link);
    const { isolated, resolutionUs } = await page.#next('ready');
    page.isolated = isolated;
    page.resolutionUs = resolutionUs;
    page.#clock = new PageClock(await page.#askClock());
    return page;
  }

  private constructor(options: BrowserPageOptions, document: OpenedPage, link: PageLink) {
    this.#options = options;
    this.#document = document;
    this.#link = link;
    link.onMessage((message) => this.#onMessage(message));
    link.onClose(() => {
      this.#gone = new Error(`the page at ${options.url} is gone`);
      this.#onGone(this.#gone);
    });
  }

  async close(): Promise<void> {
    this.#onGone = () => {};
    await this.#document.close();
  }

  /** How its clock is mapped to the run's. */
  get clock(): PageClock {
    if (!this.#clock) throw new Error('the page has not been asked for its clock');
    return this.#clock;
  }

  /** Compares the clocks once more, at the end of what was measured. */
  async checkClock(): Promise<void> {
    this.clock.checkAgain(await this.#askClock());
  }

  /** As `ClientHalf.connect`; of bodies, only the size and the envelope come from the page. */
  async connect(options: ConnectOptions): Promise<Connection> {
    const { signal, onDrop, onGap } = options;
    signal.throwIfAborted();
    let state: 'opening' | 'open' | 'ended' = 'opening';
    let opened: (tookUs: number) => void = () => {};
    let failed: (error: unknown) => void = () => {};
    const opening = new Promise<number>((resolve, reject) => {
      opened = resolve;
      failed = reject;
    });
    const drop = (error: Error) => {
      const before = state;
      state = 'ended';
      if (before === 'opening') failed(error);
      if (before === 'open') onDrop(error);
    };
    const onAbort = () => {
      if (state === 'opening') this.#link.send({ type: 'close' });
      failed(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#onGone = drop;
    this.#onMessage = (message) => {
      if (message.type === 'opened') opened(message.tookUs);
      if (message.type === 'messages' && state !== 'ended') this.#deliver(message.messages, options);
      if (message.type === 'gap') onGap(message.oldestId);
      if (message.type === 'dropped') drop(new Error(`${this.#options.url}: ${message.reason}`));
    };
    this.#open(options);
    try {
      const openedInUs = await opening;
      state = 'open';
      return {
        openedInUs,
        send() {
          throw new Error('a client in a browser does not publish');
        },
        close: async () => {
          state = 'ended';
          if (!this.#gone) await this.#ask({ type: 'close' }, 'closed');
        },
      };
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #open({ clientId, channels, since, settings, payload, phase }: ConnectOptions): void {
    const { url } = this.#options;
    this.#link.send({ type: 'open', url, clientId, channels, since, settings, payload, phase });
  }

  #deliver(arrivals: readonly PageArrival[], { onMessage }: ConnectOptions): void {
    const { offsetUs } = this.clock;
    for (const [atUs, id, bytes, head] of arrivals) {
      const body = Buffer.alloc(bytes);
      body.write(head, 'latin1');
      this.#options.onArrival(atUs + offsetUs, () => onMessage(body, id));
    }
  }

  async #askClock(): Promise<ClockExchange[]> {
    const { clock } = this.#options;
    const exchanges: ClockExchange[] = [];
    for (let i = 0; i < EXCHANGES; i++) {
      const askedUs = clock.nowUs();
      const { nowUs } = await this.#ask({ type: 'clock' }, 'clock');
      exchanges.push({ askedUs, pageUs: nowUs, answeredUs: clock.nowUs() });
    }
    return exchanges;
  }

  #ask<T extends FromPage['type']>(message: { type: 'clock' | 'close' }, type: T) {
    const answer = this.#next(type);
    this.#link.send(message);
    return answer;
  }

  /** The next message of a type; those of others go on to whom they are for. */
  #next<T extends FromPage['type']>(type: T): Promise<Extract<FromPage, { type: T }>> {
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise((resolve, reject) => {
      const { url } = this.#options;
      const before = { onMessage: this.#onMessage, onGone: this.#onGone };
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#onMessage = before.onMessage;
        this.#onGone = before.onGone;
        act();
      };
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`the page at ${url}: no "${type}" within ${ANSWER_MS / 1_000} s`)));
      }, ANSWER_MS);
      this.#onGone = (error) => settle(() => reject(error));
      this.#onMessage = (message) => {
        if (message.type === type) settle(() => resolve(message as Extract<FromPage, { type: T }>));
        else before.onMessage(message);
      };
    });
  }
}
