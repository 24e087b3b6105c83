import type { Mark } from '../protocol/messages.js';
import type { Workload } from '../scenario/scenario.js';
import type { NotMeasured } from './not-measured.js';
import { type RoundMeasurement, sumOver } from './round-measurement.js';
import type { CompletedRun } from './schema.js';

/** Bytes of one round by phase and per message, requests and frames. `delivered`: deliveries of the window's messages. */
export function bytesOf(
  { server, row, workload, workers }: RoundMeasurement,
  delivered: number,
): { bytes: Omit<CompletedRun['bytes'], 'ip'>; notMeasured: NotMeasured } {
  const between = (from: Mark | undefined, to: Mark) => ({
    up: server[to].bytes.up - (from ? server[from].bytes.up : 0),
    down: server[to].bytes.down - (from ? server[from].bytes.down : 0),
  });
  const phases = {
    open: between(undefined, 'connected'),
    warmup: between('connected', 'settled'),
    window: between('settled', 'windowEnd'),
    drain: between('windowEnd', 'drained'),
    close: between('drained', 'closed'),
  };
  const answers = {
    total: server.windowEnd.answers.total - server.settled.answers.total,
    empty: server.windowEnd.answers.empty - server.settled.answers.empty,
    messages: server.windowEnd.answers.messages - server.settled.answers.messages,
  };
  const pull = row.profile.delivery === 'pull';
  // Of a pull, messages that wait for a poll at the window's end belong to bytes that are not in it either.
  const counted = pull ? answers.messages : delivered;
  const deliveries = row.profile.inProcess ? 0 : counted;
  const moved = pull
    ? phases.window
    : { up: phases.window.up + phases.drain.up, down: phases.window.down + phases.drain.down };
  const perMessage = {
    up: deliveries > 0 ? moved.up / deliveries : null,
    down: deliveries > 0 ? moved.down / deliveries : null,
  };
  const published = sumOver(workers, ({ tally }) => tally.delivery.published);
  const upIsUplink = workload.publish === 'clients' && !pull && !row.profile.inProcess && published > 0;
  const filled = answers.total - answers.empty;
  const requests = server.windowEnd.requests - server.settled.requests;
  return {
    bytes: {
      layer: 'socket',
      side: 'server',
      ...server.closed.bytes,
      perMessage,
      perPublish: { up: upIsUplink ? moved.up / published : null, down: null },
      phases,
      parts: null,
      // Polls of a protocol that the front door does not read are known by their answers only.
      requests: { total: requests > 0 ? requests : answers.total, empty: answers.empty },
      messagesPerResponse: filled > 0 ? answers.messages / filled : null,
      frames: pull || row.profile.inProcess ? null : server.windowEnd.hub.delivered - server.settled.hub.delivered,
    },
    notMeasured: {
      ...(deliveries > 0 ? {} : { 'bytes.perMessage': 'nothing was delivered in the window' }),
      ...(upIsUplink ? {} : { 'bytes.perPublish.up': notSeparated(workload) }),
      'bytes.perPublish.down': notSeparated(workload),
      'bytes.parts': 'this version does not split bytes into their parts',
      ...(pull ? { 'bytes.frames': 'polls answer with requests, not frames' } : {}),
      ...(filled > 0 ? {} : { 'bytes.messagesPerResponse': 'no poll was answered with a message' }),
      ...(row.profile.inProcess ? { 'bytes.perMessage': NO_SOCKET, 'bytes.frames': NO_SOCKET } : {}),
    },
  };
}

const NO_SOCKET = 'inside one process nothing crosses a socket';

function notSeparated({ publish }: Workload): string {
  return publish === 'server' ? 'no client publishes in this workload' : 'not separated from what deliveries cost';
}
