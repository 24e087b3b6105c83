import type { CDPSession } from 'playwright-core';
import { DevtoolsTarget } from './devtools-target.js';

/** With these two headers a page's clock has steps of 5 µs instead of 100. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
/** An icon in place, for the browser would fetch one. */
const DOCUMENT = '<!doctype html><title>rtbench</title><link rel="icon" href="data:,">';
/** The page reports over a socket to this process, which browsers ask a person about; older ones know the first alone. */
const PERMISSIONS = ['localNetworkAccess', 'localNetwork', 'loopbackNetwork'] as const;

/** An empty page to evaluate in, and to close with its connections. */
export class OpenedPage {
  readonly #browser: CDPSession;
  readonly #browserContextId: string;
  readonly #target: DevtoolsTarget;

  /** Its origin is that of `url`, and its context its own, as another person's browser. The server is not asked for it. */
  static async open(browser: CDPSession, url: string): Promise<OpenedPage> {
    const { browserContextId } = await browser.send('Target.createBrowserContext', { disposeOnDetach: true });
    try {
      await grantPermissions(browser, browserContextId);
      const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank', browserContextId });
      const target = await DevtoolsTarget.attach(browser, targetId);
      await putDocument(target, url);
      return new OpenedPage(browser, browserContextId, target);
    } catch (error) {
      await dispose(browser, browserContextId);
      throw error;
    }
  }

  private constructor(browser: CDPSession, browserContextId: string, target: DevtoolsTarget) {
    this.#browser = browser;
    this.#browserContextId = browserContextId;
    this.#target = target;
  }

  /** What the expression, or the promise that it is, comes to; as JSON has it. Rejects with what it throws. */
  async evaluate<T>(expression: string): Promise<T> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#target.send('Runtime.evaluate', options);
    if (exceptionDetails) throw new Error(thrownIn(exceptionDetails));
    return (result as { value: T }).value;
  }

  /** DevTools lets go: whatever the page does from now on, nobody is told. It can only be closed then. */
  detach(): Promise<void> {
    return this.#target.detach();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.#target.detach();
    await dispose(this.#browser, this.#browserContextId);
  }
}

async function grantPermissions(browser: CDPSession, browserContextId: string): Promise<void> {
  const grant = (permissions: readonly (typeof PERMISSIONS)[number][]) =>
    browser.send('Browser.grantPermissions', { browserContextId, permissions: [...permissions] });
  await grant(PERMISSIONS).catch(() => grant(PERMISSIONS.slice(0, 1)));
}

async function putDocument(target: DevtoolsTarget, url: string): Promise<void> {
  const headers = { 'Content-Type': 'text/html', ...ISOLATED };
  const answer = {
    responseCode: 200,
    responseHeaders: Object.entries(headers).map(([name, value]) => ({ name, value })),
    body: Buffer.from(DOCUMENT).toString('base64'),
  };
  target.on('Fetch.requestPaused', ({ requestId }) => {
    // Where the page is gone, navigating says so.
    target.send('Fetch.fulfillRequest', { requestId, ...answer }).catch(() => {});
  });
  await target.send('Fetch.enable', { patterns: [{ urlPattern: url }] });
  const { errorText } = await target.send('Page.navigate', { url });
  if (errorText) throw new Error(`no page at ${url}: ${errorText}`);
  // While anything is intercepted, every request waits for this process.
  await target.send('Fetch.disable');
}

async function dispose(browser: CDPSession, browserContextId: string): Promise<void> {
  // The browser may have ended, and the context with it.
  await browser.send('Target.disposeBrowserContext', { browserContextId }).catch(() => {});
}

function thrownIn(details: unknown): string {
  const { text, exception } = details as { text?: string; exception?: { description?: string } };
  return exception?.description ?? text ?? 'the page threw';
}
