import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.js';
import { HostClock } from '../../metrics/clock.js';
import type { RoundTripAnswer, RoundTripRequest, RoundTripTimes } from '../../protocol/round-trip-messages.js';
import { MAX_TIMED_POLL_WAIT_MS, roundTripsDeadlineMs } from '../../scenario/round-trips.js';
import { loadTransport } from '../../transports/index.js';
import { WayIn } from '../way-in.js';
import { timeFreshClient } from './fresh-client.js';

/**
 * Has clients connect anew through whatever stands between them and the server, a part of a round trip after each other,
 * so that what disturbs one does not disturb all. Never rejects: why there is nothing is part of the answer.
 */
export async function timeRoundTrips(request: RoundTripRequest): Promise<RoundTripAnswer> {
  try {
    return await timeAll(request);
  } catch (error) {
    return { clients: [], failure: messageOf(error) };
  }
}

async function timeAll(request: RoundTripRequest): Promise<RoundTripAnswer> {
  const { transport, clients, roundTripMs } = request;
  const { settings } = transport;
  const loaded = await loadTransport(transport.module);
  const clientHalf = await loaded.client();
  const waitMs = loaded.worstWaitMs(settings);
  const clock = new HostClock(BigInt(request.epochNs));
  const way = await WayIn.open(request.ingress);
  const deadline = new AbortController();
  const deadlineMs = roundTripsDeadlineMs(roundTripMs, waitMs);
  const timer = setTimeout(() => deadline.abort(new Error(`not done within ${deadlineMs} ms`)), deadlineMs);
  try {
    const outcomes = await Promise.allSettled(
      Array.from({ length: clients }, async (_, index) => {
        await delay((index * roundTripMs) / clients);
        return timeFreshClient({
          ...request,
          settings,
          clientHalf,
          index,
          of: clients,
          clock,
          write: (frames) => way.write([frames]),
          pollWaitMs: waitMs <= MAX_TIMED_POLL_WAIT_MS ? waitMs : null,
          signal: deadline.signal,
        });
      }),
    );
    return answerOf(outcomes);
  } finally {
    clearTimeout(timer);
    way.close();
  }
}

function answerOf(outcomes: readonly PromiseSettledResult<RoundTripTimes>[]): RoundTripAnswer {
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  return {
    clients: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    failure: failed ? messageOf(failed.reason) : null,
  };
}
