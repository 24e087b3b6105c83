import { messageOf } from '../errors.js';
import { parentLink } from '../protocol/link.js';
import type { FromWorker, ToWorker } from '../protocol/messages.js';
import { timeRoundTrips } from './round-trips/round-trips.js';
import { Worker } from './worker.js';

/** Entry of a probe or crowd process: one run, then it ends. */
const link = parentLink<FromWorker, ToWorker>();
let worker: Worker | undefined;

async function handle(message: ToWorker): Promise<void> {
  if (message.type === 'stop') process.exit(0);
  if (message.type === 'timeRoundTrips') {
    link.send({ type: 'roundTrips', answer: await timeRoundTrips(message.request) });
  } else if (message.type === 'prepare') worker = await Worker.prepare(link, message);
  else await worker?.handle(message);
}

link.onMessage((message) => {
  handle(message).catch((error: unknown) => link.send({ type: 'failed', reason: messageOf(error) }));
});
link.send({ type: 'hello' });
