import type { PageHalf } from '../page.js';

/**
 * Polls `GET /messages` by the browser's own `fetch`, held where `holdMs` is set, each `intervalMs` where that is.
 * Without a cursor the first poll only fetches one.
 */
export const pageHalf: PageHalf = (options) => {
  const { url, channels, settings, payload, phase, onOpen, onMessage, onDrop, onGap } = options;
  const holdMs = Number(settings.holdMs ?? 0);
  const intervalMs = Number(settings.intervalMs ?? 0);
  const startMs = performance.now();
  const over = new AbortController();
  let cursor = options.since;
  let opened = false;

  const open = () => {
    if (!opened) onOpen();
    opened = true;
  };
  const ask = () => {
    const address = new URL('/messages', url);
    for (const channel of channels) address.searchParams.append('channel', channel);
    // One browser lets requests of the same address wait for each other, in case the answer can be kept.
    address.searchParams.set('client', String(options.clientId));
    if (cursor !== null) address.searchParams.set('since', String(cursor));
    const held = cursor !== null && holdMs > 0;
    if (held) address.searchParams.set('hold', String(holdMs));
    const answer = fetch(address, { signal: over.signal });
    if (held) open();
    return answer;
  };
  const takeJson = (text: string) => {
    const answer = JSON.parse(text);
    const encoding = payload === 'binary' ? 'base64' : undefined;
    for (const { id, text: body, data } of answer.messages) onMessage(body ?? data, id, encoding);
    cursor = answer.last;
    return answer.more;
  };
  const takeBinary = (bytes: ArrayBuffer) => {
    const view = new DataView(bytes);
    const idAt = (at: number) => view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
    for (let at = 7; at < bytes.byteLength; ) {
      const end = at + 10 + view.getUint32(at + 6);
      onMessage(bytes.slice(at + 10, end), idAt(at));
      at = end;
    }
    cursor = idAt(0);
    return view.getUint8(6) === 1;
  };
  /** Resolves to whether there is more to fetch at once. */
  const poll = async () => {
    const answer = await ask();
    if (answer.status === 410) {
      const { oldest } = JSON.parse(await answer.text());
      cursor = oldest - 1;
      onGap(oldest);
      return true;
    }
    if (answer.status !== 200) throw new Error(`answered ${answer.status} ${await answer.text()}`);
    return settings.format === 'binary' ? takeBinary(await answer.arrayBuffer()) : takeJson(await answer.text());
  };
  /** At `startMs + phase × intervalMs + k × intervalMs`, whatever happened before. */
  const pause = () => {
    const firstMs = startMs + phase * intervalMs;
    const dueMs = firstMs + Math.max(0, Math.floor((performance.now() - firstMs) / intervalMs) + 1) * intervalMs;
    return new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
  };
  const loop = async () => {
    while (!over.signal.aborted) {
      const more = await poll();
      if (holdMs === 0) open();
      if (!more && intervalMs > 0) await pause();
    }
  };
  loop().catch((error) => {
    if (!over.signal.aborted) onDrop(String(error));
  });
  return () => over.abort();
};
