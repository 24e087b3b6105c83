// @ts-check
// @ts-expect-error it ships no types
import autocannon from 'autocannon';
import { standIn } from '../stand-in.js';
import { pollUrl } from './poll-url.js';

const ONE_HOUR_S = 3_600;

/** Entry of a process that polls by autocannon: a connection for each client, the clients' rate of polls. */
standIn(async (prepare) => {
  const { clients, transport } = prepare;
  autocannon({
    url: await pollUrl(prepare),
    connections: clients.length,
    overallRate: Math.round((clients.length * 1_000) / Number(transport.settings.intervalMs)),
    // Until the process ends. The correction would only add work that the generator has no counterpart of.
    duration: ONE_HOUR_S,
    ignoreCoordinatedOmission: true,
  });
});
