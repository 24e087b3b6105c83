import { overHttp2, PING } from '../http/http2-theory.js';
import { pollTarget, pollTraffic, postTraffic } from '../http/theory.js';
import { handshakes, pollRoundTrips } from '../round-trips.js';
import { NO_FIGURES, type Theory } from '../theory.js';

/** As short polling, with `hold` in the request once there is a cursor; the next request follows each answer. */
export const theory: Theory = {
  brisk: () => ({ holdMs: 100 }),
  heartbeat: null,
  predict(circumstances) {
    // Nearly all of a poll is headers.
    if (overHttp2(circumstances.settings))
      return { ...NO_FIGURES, heartbeat: Number(circumstances.settings.pingMs) > 0 ? PING : null };
    const target = `${pollTarget(circumstances, 'since')}&hold=${circumstances.settings.holdMs}`;
    const connection = 'keep-alive';
    const held = (bodyBytes: number | null) => pollTraffic(circumstances, { target, bodyBytes, connection });
    const first = pollTraffic(circumstances, {
      target: pollTarget(circumstances, 'no since'),
      bodyBytes: null,
      connection,
    });
    return {
      opening: { up: first.up + held(null).up, down: first.down },
      message: held,
      publish: (bodyBytes) => postTraffic(circumstances, bodyBytes),
      emptyPoll: held(null),
      heartbeat: null,
      flowControl: null,
    };
  },
  // The first request fetches a cursor; the next, which is held, need not be there yet: the cursor covers what comes.
  roundTrips: ({ settings, tls }) =>
    pollRoundTrips(handshakes(tls) + 1, {
      poll: 1,
      held: true,
      uplinkOpening: overHttp2(settings) ? 0 : handshakes(tls),
    }),
};
