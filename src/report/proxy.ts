import type { NotMeasured } from './not-measured.js';
import { middle, perDelivery, type Runs, total } from './over-rounds.js';
import type { ProxyFigures } from './proxy-schema.js';
import { deliveriesInWindow, windowSeconds } from './round-load.js';
import type { RoundMeasurement } from './round-measurement.js';
import type { RunFigure } from './statistics.js';

const NOT_TOLD = 'this system does not tell what another process uses (/proc)';

/** What the proxy did in one round; without `proxy` where there was none. */
export function proxyOfRound(measured: RoundMeasurement): { proxy?: ProxyFigures; notMeasured: NotMeasured } {
  const { proxy, server } = measured;
  if (!proxy) return { notMeasured: {} };
  const { windowCpuUs, memoryBytes, lines } = proxy;
  const deliveries = deliveriesInWindow(measured);
  const accepted = (from: keyof typeof server, to: keyof typeof server) =>
    server[to].sockets.accepted - server[from].sockets.accepted;
  return {
    proxy: {
      lines: [...lines],
      connections: { run: accepted('started', 'closed'), window: accepted('settled', 'windowEnd') },
      cpuUsPerMessage: windowCpuUs === null || deliveries === 0 ? null : windowCpuUs / deliveries,
      cpuShare: windowCpuUs === null ? null : windowCpuUs / (windowSeconds(measured) * 1_000_000),
      memoryBytes,
    },
    notMeasured: {
      ...(deliveries === 0 ? { 'proxy.cpuUsPerMessage': 'nothing was delivered in the window' } : {}),
      ...(windowCpuUs === null ? { 'proxy.cpuUsPerMessage': NOT_TOLD, 'proxy.cpuShare': NOT_TOLD } : {}),
      ...(memoryBytes === null ? { 'proxy.memoryBytes': NOT_TOLD } : {}),
    },
  };
}

/** Over the rounds: connections are summed, CPU per delivery weighted by deliveries, the rest is the median. */
export function combineProxy(runs: Runs): { proxy?: ProxyFigures } {
  const [first] = runs;
  if (!first.proxy) return {};
  const figureOf =
    (value: (proxy: ProxyFigures) => number | null): RunFigure =>
    ({ proxy }) =>
      proxy ? value(proxy) : null;
  const ofEach = (value: (proxy: ProxyFigures) => number) => total(runs, ({ proxy }) => (proxy ? value(proxy) : 0));
  return {
    proxy: {
      lines: [...first.proxy.lines],
      connections: {
        run: ofEach(({ connections }) => connections.run),
        window: ofEach(({ connections }) => connections.window),
      },
      cpuUsPerMessage: perDelivery(
        runs,
        figureOf(({ cpuUsPerMessage }) => cpuUsPerMessage),
      ),
      cpuShare: middle(
        runs,
        figureOf(({ cpuShare }) => cpuShare),
      ),
      memoryBytes: middle(
        runs,
        figureOf(({ memoryBytes }) => memoryBytes),
      ),
    },
  };
}
