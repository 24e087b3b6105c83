import type { Mark } from '../protocol/messages.js';
import { clientsSend } from '../scenario/uplink.js';
import { type ModelledTraffic, modelPull, modelPush, type Volume } from './ip-model.js';
import type { NotMeasured } from './not-measured.js';
import { windowSeconds } from './round-load.js';
import type { RoundMeasurement } from './round-measurement.js';
import { silentWaste } from './round-recovery.js';
import { FOREIGN } from './round-target.js';
import type { CompletedRun } from './schema.js';

type Ip = NonNullable<CompletedRun['bytes']['ip']>;
type IpOfRound = { ip: Ip | null; notMeasured: NotMeasured };

/**
 * Bytes and packets of one round at the IP layer, both directions together: TCP payload, headers and
 * acknowledgements. Per message as at the socket layer: window and drain of a push, by the deliveries of the window's
 * messages; the window of a pull, by the messages answered in it. `delivered`: deliveries of the window's messages.
 */
export function ipOf(measured: RoundMeasurement, delivered: number): IpOfRound {
  const { server, row } = measured;
  const pull = row.profile.delivery === 'pull';
  const deliveries = pull ? server.windowEnd.answers.messages - server.settled.answers.messages : delivered;
  if (row.profile.inProcess) return nothing('inside one process nothing crosses a socket');
  const { started, closed } = server;
  if (started.wire === null || closed.wire === null) return modelledIp(measured, pull, deliveries);
  const between = (from: Mark, to: Mark) => volumeBetween(server[from], server[to]);
  const moved = between('settled', pull ? 'windowEnd' : 'drained');
  return {
    ip: {
      source: 'measured',
      ...between('started', 'closed'),
      retransmitted: closed.wire.retransmitted - started.wire.retransmitted,
      perMessage: perMessage(moved, deliveries),
      phases: {
        open: between('started', 'connected'),
        warmup: between('connected', 'settled'),
        window: between('settled', 'windowEnd'),
        drain: between('windowEnd', 'drained'),
        close: between('drained', 'closed'),
      },
    },
    notMeasured: deliveries > 0 ? {} : { 'bytes.ip.perMessage': 'nothing was delivered in the window' },
  };
}

function modelledIp(measured: RoundMeasurement, pull: boolean, deliveries: number): IpOfRound {
  const { server, workload } = measured;
  if (clientsSend(workload)) {
    return nothing('not modelled where clients send; rtbench run --wire measures it');
  }
  const waste = silentWaste(measured);
  if (waste !== undefined) return nothing(waste);
  if (deliveries === 0) return nothing('nothing was delivered in the window');
  if (pull && measured.target) return nothing(FOREIGN.exchanges);
  const end = pull ? server.windowEnd : server.drained;
  const traffic: ModelledTraffic = {
    up: end.bytes.up - server.settled.bytes.up,
    down: end.bytes.down - server.settled.bytes.down,
    connections: end.sockets.accepted - server.settled.sockets.accepted,
  };
  const exchanges = server.windowEnd.answers.total - server.settled.answers.total;
  const pauseMs = (1_000 * windowSeconds(measured) * workload.clients) / exchanges;
  const moved = pull ? modelPull(traffic, exchanges, pauseMs) : modelPush(traffic, deliveries);
  return {
    ip: {
      source: 'modelled',
      bytes: null,
      packets: null,
      retransmitted: null,
      perMessage: perMessage(moved, deliveries),
      phases: null,
    },
    notMeasured: { 'bytes.ip': 'modelled per message only; rtbench run --wire measures it' },
  };
}

function nothing(reason: string): IpOfRound {
  return { ip: null, notMeasured: { 'bytes.ip': reason } };
}

function perMessage({ bytes, packets }: Volume, deliveries: number): Ip['perMessage'] {
  if (deliveries === 0) return { bytes: null, packets: null };
  return { bytes: bytes / deliveries, packets: packets / deliveries };
}

function volumeBetween(from: { wire: Volume | null }, to: { wire: Volume | null }): Volume {
  return {
    bytes: (to.wire?.bytes ?? 0) - (from.wire?.bytes ?? 0),
    packets: (to.wire?.packets ?? 0) - (from.wire?.packets ?? 0),
  };
}
