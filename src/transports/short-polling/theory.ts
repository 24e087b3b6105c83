import { overHttp2, PING } from '../http/http2-theory.js';
import { pollTarget, pollTraffic, postTraffic } from '../http/theory.js';
import { handshakes, pollRoundTrips } from '../round-trips.js';
import { NO_FIGURES, type Theory } from '../theory.js';

/** A request for every poll, each answered at once. Without a cursor yet, the first one fetches it. */
export const theory: Theory = {
  brisk: () => ({ intervalMs: 25 }),
  heartbeat: null,
  predict(circumstances) {
    // Nearly all of a poll is headers.
    if (overHttp2(circumstances.settings))
      return { ...NO_FIGURES, heartbeat: Number(circumstances.settings.pingMs) > 0 ? PING : null };
    const connection = circumstances.settings.keepAlive === false ? 'close' : 'keep-alive';
    const poll = (since: 'since' | 'no since', bodyBytes: number | null) =>
      pollTraffic(circumstances, { target: pollTarget(circumstances, since), bodyBytes, connection });
    return {
      opening: poll('no since', null),
      message: (bodyBytes) => poll('since', bodyBytes),
      publish: (bodyBytes) => postTraffic(circumstances, bodyBytes),
      emptyPoll: poll('since', null),
      heartbeat: null,
      flowControl: null,
    };
  },
  roundTrips: ({ settings, tls }) =>
    pollRoundTrips(handshakes(tls) + 1, {
      poll: settings.keepAlive === false ? handshakes(tls) + 1 : 1,
      held: false,
      uplinkOpening: overHttp2(settings) ? 0 : handshakes(tls),
    }),
};
