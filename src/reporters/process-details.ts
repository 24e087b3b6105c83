import { clockErrorUs } from '../report/browser-notes.js';
import { plainFigure } from '../report/wording.js';
import { formatBytes, formatCount } from '../units.js';
import { type DetailGroup, figure } from './detail-figures.js';

/** What the processes and the machine had to do for it. */
export const PROCESS_GROUPS: readonly DetailGroup[] = [
  {
    title: 'Server process, median of the rounds',
    figures: [
      figure('CPU, share of a core', (row) => row.server.cpuShare, percent),
      figure('event loop busy', (row) => row.server.eventLoopUtilization, percent),
      figure('waiting for a core', (row) => row.server.runDelayShare, percent),
      figure('resident memory', (row) => row.server.rssBytes, formatBytes),
    ],
  },
  {
    title: 'Proxy between clients and server, median of the rounds; connections of all rounds together',
    appliesTo: (row) => row.proxy !== undefined,
    figures: [
      figure('CPU µs/delivery', (row) => row.proxy?.cpuUsPerMessage ?? null, plainFigure),
      figure('CPU, share of a core', (row) => row.proxy?.cpuShare ?? null, percent),
      figure('memory', (row) => row.proxy?.memoryBytes ?? null, formatBytes),
      figure('connections to server', (row) => row.proxy?.connections.run ?? null, formatCount),
      figure('of these in windows', (row) => row.proxy?.connections.window ?? null, formatCount),
      figure('lines for it', (row) => row.proxy?.lines.length ?? null, formatCount),
    ],
  },
  {
    title: 'Load generator (the instrument), median of the rounds',
    figures: [
      figure('CPU µs/delivery', (row) => row.generator.cpuUsPerMessage, plainFigure),
      figure('CPU, share of a core', (row) => row.generator.cpuShare, percent),
      figure('event loop busy', (row) => row.generator.eventLoopUtilization, percent),
      figure('crowd busy, in flight', (row) => row.generator.busyInFlightShare, percent),
      figure('waiting for a core', (row) => row.generator.runDelayShare, percent),
      figure('resident memory', (row) => row.generator.rssBytes, formatBytes),
      figure('publisher late µs, p50', (row) => row.generator.scheduleLagUs.p50, plainFigure),
      figure('publisher late µs, p99', (row) => row.generator.scheduleLagUs.p99, plainFigure),
      figure('publisher late µs, max', (row) => row.generator.scheduleLagUs.max, plainFigure),
    ],
  },
  {
    title: 'Browser, the worst of the rounds',
    appliesTo: (row) => clockErrorUs(row) !== null,
    figures: [figure("page's clock known to ± µs", clockErrorUs, plainFigure)],
  },
  {
    title: 'The whole machine, other programs included; shares are medians of the rounds',
    figures: [
      figure('cores busy', (row) => row.machine.busyShare, percent),
      figure('stolen by hypervisor', (row) => row.machine.stealShare, percent),
      figure('held by CPU limit, ms', (row) => row.machine.throttledMs, plainFigure),
    ],
  },
];

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
