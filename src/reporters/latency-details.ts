import { hasIntervals } from '../report/estimate.js';
import type { CompletedRow, Distribution, Interval, LatencyParts } from '../report/schema.js';
import { between, latencyMs, plainFigure } from '../report/wording.js';
import { NO_FIGURE } from './columns.js';
import { type DetailFigure, type DetailGroup, figure, type Getter } from './detail-figures.js';

/** Whether what came is what was published. */
function isMatched({ observed }: CompletedRow): boolean {
  return observed === undefined;
}

/** How long messages took, and in which stages. */
export const LATENCY_GROUPS: readonly DetailGroup[] = [
  {
    title: 'Latency in ms, all rounds together: due time → callback of a probe client',
    appliesTo: isMatched,
    figures: [
      ...(['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const).map((key) => latency(key, (row) => row.latencyUs, key)),
    ],
  },
  {
    title: '95 % intervals from whole rounds drawn anew (bootstrap)',
    appliesTo: (row) => hasIntervals([row]),
    figures: [
      interval('latency p50, ms', (row) => row.interval.latencyUs.p50, latencyMs),
      interval('latency p99, ms', (row) => row.interval.latencyUs.p99, latencyMs),
      interval('bytes/delivery ↓', (row) => row.interval.bytesPerMessage.down, plainFigure),
      interval('bytes/delivery ↑', (row) => row.interval.bytesPerMessage.up, plainFigure),
      interval('server CPU µs/delivery', (row) => row.interval.serverCpuUsPerMessage, plainFigure),
    ],
  },
  {
    title: 'Other latencies in ms, and how old the newest message is that a client holds',
    figures: [
      latency('from actual publish, p50', (row) => row.serviceLatencyUs, 'p50'),
      latency('from actual publish, p99', (row) => row.serviceLatencyUs, 'p99'),
      latency('crowd clients, p50', (row) => row.crowdLatencyUs, 'p50'),
      latency('crowd clients, p99', (row) => row.crowdLatencyUs, 'p99'),
      latency('first recipient, p50', (row) => row.firstRecipientUs, 'p50'),
      latency('last recipient, p50', (row) => row.lastRecipientUs, 'p50'),
      latency('last recipient, p99', (row) => row.lastRecipientUs, 'p99'),
      latency('connecting, p50', (row) => row.connectUs, 'p50'),
      latency('connecting, max', (row) => row.connectUs, 'max'),
      figure('newest held: mean age', (row) => row.stalenessMs.mean, plainFigure),
      figure('newest held: p99 age', (row) => row.stalenessMs.p99, plainFigure),
    ],
  },
  {
    title: 'Where latency goes, in ms: means of the stages of deliveries to probes, which add up to the whole',
    appliesTo: isMatched,
    figures: [
      ...stages('all', (row) => row.attribution.mean),
      ...stages('near p50', (row) => row.attribution.aroundP50),
      ...stages('over p99', (row) => row.attribution.aboveP99),
    ],
  },
];

function latency(
  label: string,
  of: Getter<Distribution>,
  key: Exclude<keyof Distribution, 'count' | 'histogram'>,
): DetailFigure {
  return figure(label === 'p999' ? 'p99.9' : label, (row) => of(row)[key], latencyMs);
}

function interval(label: string, of: Getter<Interval>, format: (value: number) => string): DetailFigure {
  const text = ({ low, high }: Interval) =>
    low === null || high === null ? NO_FIGURE : between(format(low), format(high));
  return { label, value: (row) => text(of(row)) };
}

function stages(label: string, of: Getter<LatencyParts>): DetailFigure[] {
  return [
    figure(`${label}: sent late`, (row) => of(row).scheduleLagUs, latencyMs),
    figure(`${label}: to the hub`, (row) => of(row).ingressUs, latencyMs),
    figure(`${label}: until its turn`, (row) => of(row).turnUs, latencyMs),
    figure(`${label}: to callback`, (row) => of(row).transportUs, latencyMs),
    figure(`${label}: together`, (row) => of(row).latencyUs, latencyMs),
  ];
}
