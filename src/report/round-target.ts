import type { NotMeasured } from './not-measured.js';
import type { RoundMeasurement } from './round-measurement.js';
import type { CompletedRun } from './schema.js';

/** Why a figure of a server that is not rtbench's own is null. */
export const FOREIGN = {
  parts: "counted at the clients' sockets, which do not tell what bytes are for",
  requests: 'counted by the server alone, and this one is not of rtbench',
  stamps: "the server is not rtbench's own and stamps nothing",
  load: "the server's processes are not known: start it with --server-command, or name it with --server-pid",
  unknown: 'this system does not tell what another process uses (/proc)',
  loop: "another program's event loop cannot be seen, where it has one",
  exchanges: 'the model takes the number of polls, which the server alone counts',
} as const;

/** What of a server's load is known where it is not rtbench's own. */
export function foreignLoad(
  { server, workload }: RoundMeasurement,
  { isSampled, deliveries }: { readonly isSampled: boolean; readonly deliveries: number },
): { server: CompletedRun['server']; notMeasured: NotMeasured } {
  const { started, connected, settled, windowEnd } = server;
  const isKnown = isSampled && windowEnd.rssBytes > 0 && windowEnd.cpuUs >= settled.cpuUs;
  if (!isKnown) {
    const why = isSampled ? FOREIGN.unknown : FOREIGN.load;
    const parts = Object.keys(NOTHING_KNOWN).map((name) => [`server.${name}`, why]);
    return { server: NOTHING_KNOWN, notMeasured: { server: why, ...Object.fromEntries(parts) } };
  }
  const cpuUs = windowEnd.cpuUs - settled.cpuUs;
  const grownBytes = connected.rssBytes - started.rssBytes;
  return {
    server: {
      cpuUsPerMessage: deliveries > 0 ? cpuUs / deliveries : null,
      cpuShare: cpuUs / (windowEnd.atUs - settled.atUs),
      rssBytes: windowEnd.rssBytes,
      rssPerClientBytes: grownBytes > 0 ? Math.round(grownBytes / workload.clients) : null,
      eventLoopUtilization: null,
      runDelayShare: null,
    },
    notMeasured: { 'server.eventLoopUtilization': FOREIGN.loop, 'server.runDelayShare': FOREIGN.loop },
  };
}

const NOTHING_KNOWN: CompletedRun['server'] = {
  cpuUsPerMessage: null,
  cpuShare: null,
  rssBytes: null,
  rssPerClientBytes: null,
  eventLoopUtilization: null,
  runDelayShare: null,
};
