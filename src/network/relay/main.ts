import { messageOf } from '../../errors.js';
import { HostClock } from '../../metrics/clock.js';
import { parentLink } from '../../protocol/link.js';
import type { FromRelay, ToRelay } from '../../protocol/messages.js';
import { type Relay, startRelay } from './relay.js';

/** Entry of the relay process: one run, then it ends. */
const link = parentLink<FromRelay, ToRelay>();
let relay: Relay | undefined;
let clock: HostClock | undefined;

async function handle(message: ToRelay): Promise<void> {
  switch (message.type) {
    case 'start':
      clock = new HostClock(BigInt(message.epochNs));
      relay = await startRelay({ ...message, clock });
      link.send({ type: 'ready', addresses: relay.addresses });
      break;
    case 'command':
      link.send({ type: 'done', atUs: clock?.nowUs() ?? 0, clientPorts: running().command(message.command) });
      break;
    case 'sample':
      link.send({ type: 'sample', sample: running().sample() });
      break;
    case 'stop':
      await relay?.stop();
      process.exit(0);
  }
}

function running(): Relay {
  if (!relay) throw new Error('the relay has not started');
  return relay;
}

link.onMessage((message) => {
  handle(message).catch((error: unknown) => link.send({ type: 'failed', reason: messageOf(error) }));
});
link.send({ type: 'hello' });
