import type { ProcessSample } from '../metrics/process-sample.js';
import type { ServerSample } from '../protocol/messages.js';
import { mergeHistograms } from './distribution.js';
import { busyInFlight } from './flights.js';
import { type RoundMeasurement, sumOver, type WorkerMeasurement } from './round-measurement.js';
import { foreignLoad } from './round-target.js';
import type { CompletedRun } from './schema.js';

const NO_RUN_DELAY = 'this system does not tell how long a process waits for a core (/proc/self/schedstat)';

/** What one round cost the server and the load processes. */
export function loadOf(measured: RoundMeasurement): Pick<CompletedRun, 'server' | 'generator' | 'notMeasured'> {
  const { server, row, workers, workload, window } = measured;
  const deliveries = deliveriesInWindow(measured);
  const cpuUs = server.windowEnd.cpuUs - server.settled.cpuUs;
  const grownBytes = server.connected.rssBytes - server.started.rssBytes;
  const lag = mergeHistograms(workers.map(({ tally }) => tally.scheduleLag));
  const generatorCpuUs = sumOver(workers, ({ samples }) => samples.windowEnd.cpuUs - samples.settled.cpuUs);
  const serverDelay = runDelayShare(server.settled, server.windowEnd);
  const generatorDelay = highest(workers.map(({ samples }) => runDelayShare(samples.settled, samples.windowEnd)));
  const inFlight = highest(
    workers.map((worker) => (worker.role === 'crowd' ? busyInFlight(worker, window.dueOffsetsUs) : null)),
  );
  const foreign = measured.target && foreignLoad(measured, { ...measured.target, deliveries });
  const lagUs = (percentile: number) => (lag.count > 0 ? lag.percentile(percentile) : null);
  return {
    server: row.profile.inProcess
      ? NO_SERVER
      : (foreign?.server ?? {
          cpuUsPerMessage: deliveries > 0 ? cpuUs / deliveries : null,
          cpuShare: shareOfCore(server.settled, server.windowEnd),
          rssBytes: server.windowEnd.rssBytes,
          rssPerClientBytes: grownBytes > 0 ? Math.round(grownBytes / workload.clients) : null,
          eventLoopUtilization: utilization(server.settled, server.windowEnd),
          runDelayShare: serverDelay,
        }),
    generator: {
      cpuUsPerMessage: deliveries > 0 ? generatorCpuUs / deliveries : null,
      cpuShare: Math.max(...workers.map(({ samples }) => shareOfCore(samples.settled, samples.windowEnd))),
      rssBytes: sumOver(workers, ({ samples }) => samples.windowEnd.rssBytes),
      eventLoopUtilization: Math.max(...workers.map(utilizationOfWorker)),
      busyInFlightShare: inFlight,
      runDelayShare: generatorDelay,
      scheduleLagUs: { p50: lagUs(50), p99: lagUs(99), max: lag.count > 0 ? lag.max : null },
    },
    notMeasured: {
      ...(row.profile.inProcess ? { server: 'inside one process no server takes part' } : {}),
      ...(deliveries > 0
        ? {}
        : {
            'server.cpuUsPerMessage': 'nothing was delivered in the window',
            'generator.cpuUsPerMessage': 'nothing was delivered in the window',
          }),
      ...(grownBytes > 0 ? {} : { 'server.rssPerClientBytes': 'too few clients for the memory to grow visibly' }),
      ...(serverDelay === null ? { 'server.runDelayShare': NO_RUN_DELAY } : {}),
      ...foreign?.notMeasured,
      ...(generatorDelay === null ? { 'generator.runDelayShare': NO_RUN_DELAY } : {}),
      ...(inFlight === null ? { 'generator.busyInFlightShare': 'no crowd process received anything' } : {}),
      ...(lag.count > 0 ? {} : { 'generator.scheduleLagUs': 'nothing was published in the window' }),
    },
  };
}

const NO_SERVER: CompletedRun['server'] = {
  cpuUsPerMessage: null,
  cpuShare: null,
  rssBytes: null,
  rssPerClientBytes: null,
  eventLoopUtilization: null,
  runDelayShare: null,
};

/**
 * As the server counts them, at the instants at which its CPU and bytes were read; inside one process, where they come
 * with the call that sends them, as the clients do.
 */
export function deliveriesInWindow({ server, row, workers }: RoundMeasurement): number {
  if (row.profile.inProcess) return sumOver(workers, ({ tally }) => tally.delivery.delivered);
  const count = ({ hub, answers }: ServerSample) => hub.delivered + answers.messages;
  return count(server.windowEnd) - count(server.settled);
}

export function windowSeconds({ server }: RoundMeasurement): number {
  return (server.windowEnd.atUs - server.settled.atUs) / 1_000_000;
}

function shareOfCore(from: ProcessSample, to: ProcessSample): number {
  return (to.cpuUs - from.cpuUs) / (to.atUs - from.atUs);
}

/** Share of the time between two samples in which a process was ready to run and had no core. */
export function runDelayShare(from: ProcessSample, to: ProcessSample): number | null {
  if (from.runDelayUs === null || to.runDelayUs === null) return null;
  return (to.runDelayUs - from.runDelayUs) / (to.atUs - from.atUs);
}

function highest(shares: readonly (number | null)[]): number | null {
  const known = shares.filter((share) => share !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

/** Share of the time between two samples in which the event loop was busy. */
export function utilization(from: ProcessSample, to: ProcessSample): number {
  const active = to.loopActiveMs - from.loopActiveMs;
  const idle = to.loopIdleMs - from.loopIdleMs;
  return active + idle > 0 ? active / (active + idle) : 0;
}

export function utilizationOfWorker({ samples }: WorkerMeasurement): number {
  return utilization(samples.settled, samples.windowEnd);
}
