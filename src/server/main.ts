import { messageOf } from '../errors.js';
import { HostClock } from '../metrics/clock.js';
import { sampleProcess } from '../metrics/process-sample.js';
import { parentLink } from '../protocol/link.js';
import type { FromServer, ServerSample, ToServer } from '../protocol/messages.js';
import { Ingress } from './ingress.js';
import { ReferenceServer } from './reference-server.js';

/** Entry of the server process: one run, then it ends. */
const link = parentLink<FromServer, ToServer>();
let running: { server: ReferenceServer; ingress: Ingress; clock: HostClock } | undefined;

async function start(message: Extract<ToServer, { type: 'start' }>): Promise<void> {
  const clock = new HostClock(BigInt(message.epochNs));
  const server = await ReferenceServer.open(message);
  const ingress = await Ingress.open((channel, body) => server.hub.publish(channel, body));
  running = { server, ingress, clock };
  link.send({
    type: 'ready',
    urls: server.urls[0] ?? [],
    ingress: ingress.endpoint,
    clock: { source: 'hrtime', nowUs: clock.nowUs(), errorUs: clock.errorUs },
  });
}

function sample(collectGarbage: boolean): ServerSample {
  if (!running) throw new Error('the server has not started');
  const { server, clock } = running;
  if (collectGarbage) globalThis.gc?.();
  const { total, empty, messages } = server.answers;
  return {
    ...sampleProcess(clock),
    ...server.door.sample(),
    hub: server.hub.counts,
    answers: { total, empty, messages },
  };
}

async function handle(message: ToServer): Promise<void> {
  switch (message.type) {
    case 'start':
      await start(message);
      break;
    case 'sample':
      link.send({ type: 'sample', mark: message.mark, sample: sample(message.collectGarbage) });
      break;
    case 'stop':
      await running?.ingress.close();
      await running?.server.close();
      process.exit(0);
  }
}

link.onMessage((message) => {
  handle(message).catch((error: unknown) => link.send({ type: 'failed', reason: messageOf(error) }));
});
link.send({ type: 'hello' });
