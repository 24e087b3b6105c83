import { dataBytes, overHttp2, PING, windowUpdates } from '../http/http2-theory.js';
import { base64Bytes, chunkBytes, chunkedHeadBytes, postTraffic, requestBytes } from '../http/theory.js';
import { handshakes, pushRoundTrips } from '../round-trips.js';
import type { Circumstances, Prediction, Theory } from '../theory.js';

/** A comment without a text, and the empty line. */
const HEARTBEAT_BYTES = ':\n\n'.length;

/** One HTTP answer in chunks, or over HTTP/2 in frames, an event in each. */
export const theory: Theory = {
  brisk: () => ({}),
  heartbeat: { heartbeatMs: 50 },
  predict(circumstances) {
    const { settings, host, channel } = circumstances;
    if (overHttp2(settings)) return predictOverHttp2(circumstances);
    return {
      opening: {
        up: requestBytes(`/events?channel=${channel}`, host, 'Accept: text/event-stream'),
        down:
          chunkedHeadBytes('Content-Type: text/event-stream', 'Cache-Control: no-cache') +
          retryBytes(Number(settings.retryMs)),
      },
      message: (bodyBytes) => ({ up: 0, down: chunkBytes(eventBytes(circumstances, bodyBytes)) }),
      publish: (bodyBytes) => postTraffic(circumstances, bodyBytes),
      emptyPoll: null,
      heartbeat: { up: 0, down: chunkBytes(HEARTBEAT_BYTES) },
      flowControl: null,
    };
  },
  // A request, and the head of its answer. A message up is a request of its own.
  roundTrips: ({ settings, tls }) => pushRoundTrips(handshakes(tls) + 1, overHttp2(settings) ? 0 : handshakes(tls)),
};

function predictOverHttp2(circumstances: Circumstances): Prediction {
  const { settings } = circumstances;
  return {
    opening: null,
    message: (bodyBytes) => ({ up: 0, down: dataBytes(eventBytes(circumstances, bodyBytes)) }),
    publish: () => null,
    emptyPoll: null,
    heartbeat: Number(settings.heartbeatMs) > 0 ? { up: 0, down: dataBytes(HEARTBEAT_BYTES) } : PING,
    flowControl: windowUpdates,
  };
}

/** What the stream begins with, in a chunk of its own: how long to wait before coming back. */
function retryBytes(retryMs: number): number {
  return retryMs > 0 ? chunkBytes(`retry: ${retryMs}\n\n`.length) : 0;
}

/** Fields in lines of their own, and an empty line. HTML Living Standard, 9.2.5. */
function eventBytes({ payload, id }: Circumstances, bodyBytes: number): number {
  const fields = payload === 'text' ? `id: ${id}\ndata: \n\n` : `id: ${id}\nevent: base64\ndata: \n\n`;
  return fields.length + (payload === 'text' ? bodyBytes : base64Bytes(bodyBytes));
}
