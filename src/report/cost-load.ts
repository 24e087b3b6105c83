import { machineOf } from './round-machine.js';
import type { RoundMeasurement } from './round-measurement.js';

/** What one run says of the server's cost, between the ends of its window. */
export interface CostLoad {
  readonly clients: number;
  readonly publishesPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly pollsPerSecond: number;
  /** TCP payload at the server's sockets, both directions. */
  readonly bytesPerSecond: number;
  /** Of the server process, all threads. */
  readonly cpuUsPerSecond: number;
  /** Of all cores and programs; null where the system does not tell. */
  readonly machineBusyUsPerSecond: number | null;
  /** RSS from before the first to after the last connect, garbage collected before both. */
  readonly serverGrownBytes: number;
}

/** As the server counts it, all at the same two instants. */
export function costLoadOf(measured: RoundMeasurement): CostLoad {
  const { started, connected, settled, windowEnd } = measured.server;
  const seconds = (windowEnd.atUs - settled.atUs) / 1_000_000;
  const { busyMs } = machineOf(measured).machine;
  return {
    clients: measured.workload.clients,
    publishesPerSecond:
      (windowEnd.hub.published + windowEnd.hub.received - settled.hub.published - settled.hub.received) / seconds,
    deliveriesPerSecond:
      (windowEnd.hub.delivered + windowEnd.answers.messages - settled.hub.delivered - settled.answers.messages) /
      seconds,
    pollsPerSecond: (windowEnd.answers.total - settled.answers.total) / seconds,
    bytesPerSecond: (windowEnd.bytes.up + windowEnd.bytes.down - settled.bytes.up - settled.bytes.down) / seconds,
    cpuUsPerSecond: (windowEnd.cpuUs - settled.cpuUs) / seconds,
    machineBusyUsPerSecond: busyMs === null ? null : (busyMs * 1_000) / seconds,
    serverGrownBytes: connected.rssBytes - started.rssBytes,
  };
}
