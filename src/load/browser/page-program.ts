import type { PageHalf } from '../../transports/page.js';
import type { FromPage, PageArrival, PageSetup, ToPage } from './page-messages.js';

/**
 * What a page runs: one client, opened and closed on command, whose arrivals it notes by its own clock and reports.
 * Its source is sent to the page, so it uses what a browser has and its own parameters, and nothing of this module.
 */
export function pageProgram({ reportTo, headBytes, gatherMs }: PageSetup, openClient: PageHalf): void {
  const link = new WebSocket(reportTo);
  const gathered: PageArrival[] = [];
  let closeClient: (() => void) | undefined;
  let flushing = false;

  const report = (message: FromPage) => link.send(JSON.stringify(message));
  const flush = () => {
    flushing = false;
    if (gathered.length > 0) report({ type: 'messages', messages: gathered.splice(0) });
  };
  const note = (body: string | ArrayBuffer, id: number | null, encoding?: 'base64') => {
    const atUs = performance.now() * 1_000;
    if (encoding === 'base64' && typeof body === 'string') {
      const padding = body.endsWith('==') ? 2 : body.endsWith('=') ? 1 : 0;
      const head = atob(body.slice(0, Math.ceil(headBytes / 3) * 4)).slice(0, headBytes);
      gathered.push([atUs, id, (body.length / 4) * 3 - padding, head]);
    } else if (typeof body === 'string') {
      gathered.push([atUs, id, new TextEncoder().encode(body).length, body.slice(0, headBytes)]);
    } else {
      const head = String.fromCharCode(...new Uint8Array(body, 0, Math.min(headBytes, body.byteLength)));
      gathered.push([atUs, id, body.byteLength, head]);
    }
    if (flushing) return;
    flushing = true;
    setTimeout(flush, gatherMs);
  };
  const resolutionUs = () => {
    let smallestMs = 1;
    let lastMs = performance.now();
    const endMs = lastMs + 3;
    while (lastMs < endMs) {
      const nowMs = performance.now();
      if (nowMs > lastMs) smallestMs = Math.min(smallestMs, nowMs - lastMs);
      lastMs = nowMs;
    }
    return Math.round(smallestMs * 1_000);
  };
  const open = ({ type: _, ...options }: Extract<ToPage, { type: 'open' }>) => {
    const startMs = performance.now();
    closeClient = openClient({
      ...options,
      onOpen: () => report({ type: 'opened', tookUs: (performance.now() - startMs) * 1_000 }),
      onMessage: note,
      onGap(oldestId) {
        flush();
        report({ type: 'gap', oldestId });
      },
      onDrop(reason) {
        flush();
        report({ type: 'dropped', reason });
      },
    });
  };

  link.onopen = () => {
    const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
    report({ type: 'ready', isolated, resolutionUs: resolutionUs() });
  };
  link.onmessage = ({ data }) => {
    const nowUs = performance.now() * 1_000;
    const message = JSON.parse(data) as ToPage;
    if (message.type === 'clock') report({ type: 'clock', nowUs });
    if (message.type === 'open') open(message);
    if (message.type === 'close') {
      closeClient?.();
      flush();
      report({ type: 'closed' });
    }
  };
}
