import type { Mark } from '../protocol/messages.js';
import type { Workload } from '../scenario/scenario.js';
import type { NotMeasured } from './not-measured.js';
import { projectedTraffic } from './projection.js';
import { deliveriesInWindow, windowSeconds } from './round-load.js';
import { type RoundMeasurement, sumOver } from './round-measurement.js';
import { partsOf } from './round-parts.js';
import { FOREIGN } from './round-target.js';
import type { CompletedRun } from './schema.js';

/** Bytes of one round by phase and per message, requests and frames. `delivered`: deliveries of the window's messages. */
export function bytesOf(
  measured: RoundMeasurement,
  delivered: number,
): { bytes: Omit<CompletedRun['bytes'], 'ip'>; notMeasured: NotMeasured } {
  const { server, row, workload } = measured;
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
  const seen = measured.target?.observed ? deliveriesInWindow(measured) : delivered;
  const counted = pull ? answers.messages : seen;
  const deliveries = row.profile.inProcess ? 0 : counted;
  // What arrives belongs to when it arrives, where nobody knows when it was due.
  const moved =
    pull || measured.target?.observed
      ? phases.window
      : { up: phases.window.up + phases.drain.up, down: phases.window.down + phases.drain.down };
  const perMessage = {
    up: deliveries > 0 ? moved.up / deliveries : null,
    down: deliveries > 0 ? moved.down / deliveries : null,
  };
  const perPublish = bytesPerPublish(measured, pull ? null : moved.up);
  const perUplink = bytesPerUplink(measured);
  const { parts, notMeasured } = partsOf(measured);
  const deliveriesPerSecond = deliveriesInWindow(measured) / windowSeconds(measured);
  const filled = measured.target ? 0 : answers.total - answers.empty;
  const requests = server.windowEnd.requests - server.settled.requests;
  return {
    bytes: {
      layer: 'socket',
      side: measured.target ? 'client' : 'server',
      ...server.closed.bytes,
      perMessage,
      perPublish,
      perUplink,
      phases,
      parts,
      projected: projectedTraffic(perMessage, deliveriesPerSecond, workload.clients),
      // Polls of a protocol that the front door does not read are known by their answers only.
      requests: measured.target
        ? { total: null, empty: null }
        : { total: requests > 0 ? requests : answers.total, empty: answers.empty },
      messagesPerResponse: filled > 0 ? answers.messages / filled : null,
      frames: pull || row.profile.inProcess ? null : server.windowEnd.hub.delivered - server.settled.hub.delivered,
    },
    notMeasured: {
      ...notMeasured,
      ...(deliveries > 0 ? {} : { 'bytes.perMessage': NO_DELIVERY, 'bytes.projected': NO_DELIVERY }),
      ...(perPublish.up === null ? { 'bytes.perPublish.up': notSeparated(workload) } : {}),
      ...(perPublish.down === null ? { 'bytes.perPublish.down': notSeparated(workload) } : {}),
      ...(perUplink.up === null ? { 'bytes.perUplink.up': uplinkNotSeparated(measured) } : {}),
      ...(perUplink.down === null ? { 'bytes.perUplink.down': uplinkNotSeparated(measured) } : {}),
      ...(pull ? { 'bytes.frames': 'polls answer with requests, not frames' } : {}),
      ...(filled > 0 ? {} : { 'bytes.messagesPerResponse': measured.target ? FOREIGN.requests : NO_ANSWER }),
      ...(measured.target ? { 'bytes.requests': FOREIGN.requests } : {}),
      ...(row.profile.inProcess ? NO_SOCKET_FIGURES : {}),
    },
  };
}

const NO_ANSWER = 'no poll was answered with a message';
const NO_DELIVERY = 'nothing was delivered in the window';
const NO_SOCKET = 'inside one process nothing crosses a socket';
const NO_SOCKET_FIGURES = {
  'bytes.perMessage': NO_SOCKET,
  'bytes.projected': NO_SOCKET,
  'bytes.frames': NO_SOCKET,
};

/**
 * Bytes of uplinks and of the answers to them, from the window's begin to the drain's end, per message published in the
 * window. `allUp`: every byte that came up then, where that is nothing but uplinks; it stands in for a ledger that
 * cannot count them.
 */
function bytesPerPublish(
  { server, row, workload, workers }: RoundMeasurement,
  allUp: number | null,
): CompletedRun['bytes']['perPublish'] {
  const published = sumOver(workers, ({ tally }) => tally.delivery.published);
  if (workload.publish !== 'clients' || row.profile.inProcess || published === 0) return { up: null, down: null };
  const { ledger, uncounted, tls } = server.drained;
  // What TLS adds is known of a connection, not of the requests on it.
  const isTold = ledger.uplink.up > 0 && tls.up === 0;
  const up = isTold && uncounted.up.length === 0 ? ledger.uplink.up : allUp;
  const down = isTold && uncounted.down.length === 0 ? ledger.uplink.down : null;
  return { up: up === null ? null : up / published, down: down === null ? null : down / published };
}

function notSeparated({ publish }: Workload): string {
  return publish !== 'clients' ? 'no client publishes in this workload' : 'not separated from what deliveries cost';
}

/**
 * The same per message that clients sent besides, where the ledger tells every byte of them: what comes up may be for
 * deliveries too (flow control, polls), and nothing else stands in for it.
 */
function bytesPerUplink({ server, row, workers }: RoundMeasurement): CompletedRun['bytes']['perUplink'] {
  const sent = sumOver(workers, ({ tally }) => tally.uplink?.sent ?? 0);
  const { ledger, uncounted, tls } = server.drained;
  const isTold = ledger.uplink.up > 0 && tls.up === 0;
  if (row.profile.inProcess || sent === 0 || !isTold) return { up: null, down: null };
  return {
    up: uncounted.up.length === 0 ? ledger.uplink.up / sent : null,
    down: uncounted.down.length === 0 ? ledger.uplink.down / sent : null,
  };
}

function uplinkNotSeparated({ uplink, row }: RoundMeasurement): string {
  if (row.profile.inProcess) return NO_SOCKET;
  return uplink
    ? 'not separated from what deliveries cost'
    : 'clients send nothing besides in this workload (`uplink`)';
}
