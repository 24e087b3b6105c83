import type { PageHalf, PageOptions } from '../../transports/page.js';
import type { Chromium } from './chromium.js';

export interface HeldConnections {
  /** Clients of the page that have told within the time that they are open. */
  readonly opened: number;
  /** How long one more request of the same page took, ms; `null`: there was no answer within the time. */
  readonly furtherRequestMs: number | null;
  /** Ends the page and all that it holds. */
  close(): Promise<void>;
}

export interface HoldOptions {
  readonly chromium: Chromium;
  readonly pageHalf: PageHalf;
  readonly client: Pick<PageOptions, 'url' | 'channels' | 'settings' | 'payload'>;
  /** Clients that the page opens, all at once. */
  readonly count: number;
  /** How long the page waits for them, and then for the answer to one more request. */
  readonly waitMs: number;
  /** Called when the first wait is over, while the page holds what it has got. */
  readonly onHeld: () => void;
  /** Closes the page, which rejects. */
  readonly signal: AbortSignal;
}

/** Opens many clients in one page and leaves them open: how many the browser lets it have at a time. */
export async function holdConnections(options: HoldOptions): Promise<HeldConnections> {
  const { chromium, pageHalf, client, count, waitMs, onHeld, signal } = options;
  const page = await chromium.openPage(client.url);
  const onAbort = () => void page.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const arguments_ = JSON.stringify({ client, count, waitMs });
    const opened = await page.evaluate<number>(`(${openMany})(${arguments_}, ${pageHalf})`);
    onHeld();
    const furtherRequestMs = await page.evaluate<number | null>(`(${askOnce})(${JSON.stringify({ waitMs })})`);
    return { opened, furtherRequestMs, close: () => page.close() };
  } catch (error) {
    await page.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Runs in the page: resolves to how many clients are open when all are, or the time is over. */
function openMany(
  { client, count, waitMs }: Pick<HoldOptions, 'client' | 'count' | 'waitMs'>,
  openClient: PageHalf,
): Promise<number> {
  return new Promise((resolve) => {
    let opened = 0;
    for (let clientId = 0; clientId < count; clientId++) {
      openClient({
        ...client,
        clientId,
        since: null,
        phase: 0,
        onOpen: () => {
          opened++;
        },
        onMessage: () => {},
        onDrop: () => {},
        onGap: () => {},
      });
    }
    setTimeout(() => resolve(opened), waitMs);
  });
}

/** Runs in the page: whatever is answered, even that there is no such path, has got through. */
async function askOnce({ waitMs }: Pick<HoldOptions, 'waitMs'>): Promise<number | null> {
  const startMs = performance.now();
  try {
    await fetch('/further', { signal: AbortSignal.timeout(waitMs) });
    return performance.now() - startMs;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') return null;
    throw error;
  }
}
