// @ts-check

import { messageOf } from '../dist/errors.js';
import { HostClock } from '../dist/metrics/clock.js';
import { sampleProcess } from '../dist/metrics/process-sample.js';
import { parentLink } from '../dist/protocol/link.js';

/**
 * @typedef {Extract<import('../dist/protocol/messages.js').ToWorker, { type: 'prepare' }>} Prepare
 * @typedef {import('../dist/protocol/messages.js').ToWorker} ToWorker
 * @typedef {import('../dist/protocol/messages.js').FromWorker} FromWorker
 */

/**
 * Makes this process one that can be measured in a load process's place: it answers the same messages. What it receives
 * is not recorded; it ends without closing anything.
 *
 * @param {(prepare: Prepare) => Promise<void>} connect resolves when all clients are connected
 * @param {() => { cpuUs?: number }} otherCpu where the CPU time to report is not this process's own
 */
export function standIn(connect, otherCpu = () => ({})) {
  /** @type {import('../dist/protocol/link.js').Link<FromWorker, ToWorker>} */
  const link = parentLink();
  /** @type {{ message: Prepare, clock: HostClock } | undefined} */
  let prepared;

  /** @param {ToWorker} message */
  async function handle(message) {
    if (message.type === 'stop') process.exit(0);
    if (message.type === 'prepare') {
      const clock = new HostClock(BigInt(message.epochNs));
      prepared = { message, clock };
      link.send({ type: 'ready', clock: { source: 'hrtime', nowUs: clock.nowUs(), errorUs: clock.errorUs } });
    }
    if (message.type === 'connect' && prepared) {
      await connect(prepared.message);
      link.send({ type: 'connected', count: message.clients.length });
    }
    if (message.type === 'sample' && prepared) {
      const sample = { ...sampleProcess(prepared.clock), ...otherCpu() };
      link.send({ type: 'sample', mark: message.mark, sample });
    }
  }

  link.onMessage((message) => {
    handle(message).catch((error) => link.send({ type: 'failed', reason: messageOf(error) }));
  });
  link.send({ type: 'hello' });
}
