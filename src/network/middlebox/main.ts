import { messageOf } from '../../errors.js';
import { parentLink } from '../../protocol/link.js';
import type { FromMiddlebox, ToMiddlebox } from '../../protocol/messages.js';
import { ForeignProcess } from './foreign-process.js';
import { HostileProxy } from './hostile-proxy.js';
import { foreignMiddlebox } from './middleboxes.js';

/**
 * Entry of the process that holds one middlebox: the hostile proxy itself, or the program of others, which then does
 * not outlive a coordinator that was killed.
 */
const link = parentLink<FromMiddlebox, ToMiddlebox>();
let stopping = false;
let running: { stop(): Promise<void> } | undefined;

async function start({ middlebox, servers }: Extract<ToMiddlebox, { type: 'start' }>): Promise<void> {
  if (middlebox.kind === 'hostile') {
    const proxy = await HostileProxy.start({ ...middlebox, servers });
    running = proxy;
    link.send({ type: 'ready', addresses: proxy.addresses, pid: process.pid });
    return;
  }
  const known = foreignMiddlebox(middlebox.name);
  const mends = known.mends.filter(({ name }) => middlebox.mends.includes(name));
  const proxy = await ForeignProcess.start(known, mends, servers);
  running = proxy;
  void proxy.ended.then(() => {
    if (!stopping) link.send({ type: 'failed', reason: `${known.title} ended: ${proxy.lastWords}` });
  });
  link.send({ type: 'ready', addresses: proxy.addresses, pid: proxy.pid });
}

async function handle(message: ToMiddlebox): Promise<void> {
  if (message.type === 'start') return start(message);
  stopping = true;
  await running?.stop();
  process.exit(0);
}

link.onMessage((message) => {
  handle(message).catch((error: unknown) => link.send({ type: 'failed', reason: messageOf(error) }));
});
link.send({ type: 'hello' });
