import { messageOf } from '../errors.js';
import type { FromHerd, ToHerd } from '../protocol/herd-messages.js';
import { parentLink } from '../protocol/link.js';
import { Herd } from './herd.js';

/** Entry of a herd's process: one outage, then it ends. */
const link = parentLink<FromHerd, ToHerd>();
let herd: Herd | undefined;

async function handle(message: ToHerd): Promise<void> {
  if (message.type === 'stop') process.exit(0);
  if (message.type === 'prepare') herd = await Herd.prepare(link, message);
  else await herd?.handle(message);
}

link.onMessage((message) => {
  handle(message).catch((error: unknown) => link.send({ type: 'failed', reason: messageOf(error) }));
});
link.send({ type: 'hello' });
