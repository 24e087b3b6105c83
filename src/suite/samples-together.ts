import { BYTE_PARTS, type PartBytes } from '../metrics/byte-ledger.js';
import type { ServerSample } from '../protocol/messages.js';

type UpDown = ServerSample['bytes'];

/** What two servers, one after the other, have counted since the first began; memory is that of the second. */
export function samplesTogether(past: ServerSample, now: ServerSample): ServerSample {
  return {
    ...now,
    cpuUs: past.cpuUs + now.cpuUs,
    loopActiveMs: past.loopActiveMs + now.loopActiveMs,
    loopIdleMs: past.loopIdleMs + now.loopIdleMs,
    runDelayUs: past.runDelayUs === null || now.runDelayUs === null ? null : past.runDelayUs + now.runDelayUs,
    bytes: added(past.bytes, now.bytes),
    tls: added(past.tls, now.tls),
    sockets: { accepted: past.sockets.accepted + now.sockets.accepted, open: now.sockets.open },
    hub: {
      published: past.hub.published + now.hub.published,
      received: past.hub.received + now.hub.received,
      delivered: past.hub.delivered + now.hub.delivered,
    },
    answers: {
      total: past.answers.total + now.answers.total,
      empty: past.answers.empty + now.answers.empty,
      messages: past.answers.messages + now.answers.messages,
    },
    ledger: {
      up: addedParts(past.ledger.up, now.ledger.up),
      down: addedParts(past.ledger.down, now.ledger.down),
      uplink: added(past.ledger.uplink, now.ledger.uplink),
    },
    requests: past.requests + now.requests,
    gaps: [...past.gaps, ...now.gaps],
  };
}

function added(a: UpDown, b: UpDown): UpDown {
  return { up: a.up + b.up, down: a.down + b.down };
}

function addedParts(a: Readonly<PartBytes>, b: Readonly<PartBytes>): PartBytes {
  const sum = { ...a };
  for (const part of BYTE_PARTS) sum[part] += b[part];
  return sum;
}
