import type { CDPSession } from 'playwright-core';

/** Answers and events are as the protocol defines them: https://chromedevtools.github.io/devtools-protocol/ */
type Payload = Readonly<Record<string, unknown>>;

interface Message extends Payload {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Payload;
  readonly result?: Payload;
  readonly error?: { readonly message: string };
}

/**
 * A page of a browser as DevTools sees it, by a session of one's own. The library's would stay attached and have every
 * message of the network reported for as long as the page is there; this one reports nothing that it was not asked for,
 * and lets go.
 */
export class DevtoolsTarget {
  readonly #browser: CDPSession;
  readonly #sessionId: string;
  readonly #answers = new Map<number, { resolve: (result: Payload) => void; reject: (error: Error) => void }>();
  readonly #listeners = new Map<string, (params: Payload) => void>();
  #lastId = 0;
  #ended: Error | undefined;

  /** `browser`: a session with the browser itself; stays its owner's. */
  static async attach(browser: CDPSession, targetId: string): Promise<DevtoolsTarget> {
    // Not `flatten`: messages of the target then come wrapped in those of the session that is known here.
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: false });
    return new DevtoolsTarget(browser, sessionId);
  }

  private constructor(browser: CDPSession, sessionId: string) {
    this.#browser = browser;
    this.#sessionId = sessionId;
    browser.on('Target.receivedMessageFromTarget', this.#onMessage);
    browser.on('Target.detachedFromTarget', this.#onDetached);
  }

  /** Rejects with what the browser says, and where the page is gone before it answers. */
  async send(method: string, params: Payload = {}): Promise<Payload> {
    if (this.#ended) throw this.#ended;
    const id = ++this.#lastId;
    const answered = new Promise<Payload>((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    const message = JSON.stringify({ id, method, params });
    this.#browser
      .send('Target.sendMessageToTarget', { sessionId: this.#sessionId, message })
      .catch((error: unknown) => this.#answers.get(id)?.reject(error as Error));
    try {
      return await answered;
    } finally {
      this.#answers.delete(id);
    }
  }

  /** One listener an event; the domain of the event is the caller's to enable. */
  on(method: string, listener: (params: Payload) => void): void {
    this.#listeners.set(method, listener);
  }

  /** Lets go: nothing of the page is reported any more. Idempotent. */
  async detach(): Promise<void> {
    if (this.#ended) return;
    this.#end('DevTools has let go of it');
    // It may be gone already.
    await this.#browser.send('Target.detachFromTarget', { sessionId: this.#sessionId }).catch(() => {});
  }

  readonly #onMessage = ({ sessionId, message }: { sessionId: string; message: string }) => {
    if (sessionId !== this.#sessionId) return;
    const { id, method, params = {}, result = {}, error } = JSON.parse(message) as Message;
    if (method !== undefined) this.#listeners.get(method)?.(params);
    if (id === undefined) return;
    const answer = this.#answers.get(id);
    if (error) answer?.reject(new Error(error.message));
    else answer?.resolve(result);
  };

  readonly #onDetached = ({ sessionId }: { sessionId: string }) => {
    if (sessionId === this.#sessionId) this.#end('the page is gone');
  };

  #end(why: string): void {
    this.#ended ??= new Error(why);
    this.#browser.off('Target.receivedMessageFromTarget', this.#onMessage);
    this.#browser.off('Target.detachedFromTarget', this.#onDetached);
    for (const { reject } of this.#answers.values()) reject(this.#ended);
  }
}
