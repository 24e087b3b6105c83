import { base64Bytes, chunkBytes, chunkedHeadBytes, postTraffic, requestBytes } from '../http/theory.js';
import type { Circumstances, Theory } from '../theory.js';

/** One HTTP answer in chunks, an event in each. */
export const theory: Theory = {
  brisk: () => ({}),
  heartbeat: { heartbeatMs: 50 },
  predict(circumstances) {
    const { host, channel } = circumstances;
    return {
      opening: {
        up: requestBytes(`/events?channel=${channel}`, host, 'Accept: text/event-stream'),
        down: chunkedHeadBytes('Content-Type: text/event-stream', 'Cache-Control: no-cache'),
      },
      message: (bodyBytes) => ({ up: 0, down: chunkBytes(eventBytes(circumstances, bodyBytes)) }),
      publish: (bodyBytes) => postTraffic(circumstances, bodyBytes),
      emptyPoll: null,
      // A comment without a text, and the empty line.
      heartbeat: { up: 0, down: chunkBytes(':\n\n'.length) },
      flowControl: null,
    };
  },
};

/** Fields in lines of their own, and an empty line. HTML Living Standard, 9.2.5. */
function eventBytes({ payload, id }: Circumstances, bodyBytes: number): number {
  const fields = payload === 'text' ? `id: ${id}\ndata: \n\n` : `id: ${id}\nevent: base64\ndata: \n\n`;
  return fields.length + (payload === 'text' ? bodyBytes : base64Bytes(bodyBytes));
}
