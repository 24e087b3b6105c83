import { clockErrorUs } from '../report/browser-notes.js';
import { hasIntervals } from '../report/estimate.js';
import type { CompletedRow, CompletedRun, Distribution, Interval, LatencyParts, RunResult } from '../report/schema.js';
import { between, latencyMs, plainFigure } from '../report/wording.js';
import { formatBytes, formatCount, significant } from '../units.js';
import { authGroups } from './auth-details.js';
import { NO_FIGURE } from './columns.js';
import { recoveryGroups } from './recovery-details.js';
import { roundTripGroups } from './round-trip-details.js';
import { uplinkGroup } from './uplink-details.js';

/** Everything measured beyond the table: one line a figure, one column a technique. */
export interface DetailGroup {
  readonly title: string;
  readonly figures: readonly DetailFigure[];
  /** Left out where it applies to none of the rows; by default it applies to all. */
  readonly appliesTo?: (row: CompletedRow) => boolean;
}

export interface DetailFigure {
  readonly label: string;
  readonly value: (row: CompletedRow) => string;
}

type Parts = NonNullable<CompletedRow['bytes']['parts']>;
type Getter<Value> = (row: CompletedRow) => Value;

/** The groups that have something to say of these rows. */
export function detailGroupsOf(rows: readonly CompletedRow[]): DetailGroup[] {
  const groups = DETAIL_GROUPS.filter(({ appliesTo }) => appliesTo === undefined || rows.some(appliesTo));
  return [...groups, ...roundTripGroups(rows), ...authGroups(rows), ...recoveryGroups(rows)];
}

const DETAIL_GROUPS: readonly DetailGroup[] = [
  {
    title: 'Latency in ms, all rounds together: due time → callback of a probe client',
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
    figures: [
      ...stages('all', (row) => row.attribution.mean),
      ...stages('near p50', (row) => row.attribution.aroundP50),
      ...stages('over p99', (row) => row.attribution.aboveP99),
    ],
  },
  {
    title: 'Messages, all rounds together',
    figures: [
      figure('published', (row) => row.delivery.published, formatCount),
      figure('due, never published', (row) => row.delivery.unpublished, formatCount),
      figure('deliveries expected', (row) => row.delivery.expected, formatCount),
      figure('delivered', (row) => row.delivery.delivered, formatCount),
      figure('lost', (row) => row.delivery.lost, formatCount),
      figure('delivered twice', (row) => row.delivery.duplicated, formatCount),
      figure('out of order', (row) => row.delivery.reordered, formatCount),
      figure('offered messages/s', (row) => row.throughput.offeredPerSecond, plainFigure),
      figure('deliveries/s', (row) => row.throughput.deliveredPerSecond, plainFigure),
      figure('connections opened', (row) => row.connections.opened, formatCount),
      figure('connections dropped', (row) => row.connections.dropped, formatCount),
      { label: 'dropped with code', value: ({ connections }) => spelledCodes(connections.closeCodes) },
    ],
  },
  uplinkGroup,
  {
    title: 'Slow readers, all rounds together; memory is the median of the rounds, peaks are the highest',
    appliesTo: (row) => row.slowReaders !== null,
    figures: [
      slow('slow readers', ({ clients }) => clients, formatCount),
      slow('their latency ms, p50', ({ latencyUs }) => latencyUs.p50, latencyMs),
      slow('their latency ms, p99', ({ latencyUs }) => latencyUs.p99, latencyMs),
      slow('deliveries expected', ({ delivery }) => delivery.expected, formatCount),
      slow('delivered', ({ delivery }) => delivery.delivered, formatCount),
      slow('missed', ({ delivery }) => delivery.missed, formatCount),
      slow('dropped by the server', ({ dropped }) => dropped, formatCount),
      slow('disconnected', ({ disconnected }) => disconnected, formatCount),
      {
        label: 'closed with code',
        value: ({ slowReaders }) => (slowReaders === null ? NO_FIGURE : spelledCodes(slowReaders.closeCodes)),
      },
      slow('out of the history', ({ gaps }) => gaps, formatCount),
      slow('waiting, peak', ({ waitingBytes }) => waitingBytes.peak, formatBytes),
      slow('on the way at the end', ({ onTheWayBytes }) => onTheWayBytes, formatBytes),
      slow('held back, peak', ({ behindMessages }) => behindMessages.peak, formatCount),
      slow('full, peak', ({ full }) => full.peak, formatCount),
      slow('server memory, start', ({ memory }) => memory.rssBytes.start, formatBytes),
      slow('server memory, peak', ({ memory }) => memory.rssBytes.peak, formatBytes),
      slow('outside the heap, start', ({ memory }) => memory.externalBytes.start, formatBytes),
      slow('outside the heap, peak', ({ memory }) => memory.externalBytes.peak, formatBytes),
    ],
  },
  {
    title: 'TCP payload, all rounds together: ↑ client to server, ↓ server to client',
    figures: [
      figure('total ↑', (row) => row.bytes.up, formatBytes),
      figure('total ↓', (row) => row.bytes.down, formatBytes),
      ...(['open', 'warmup', 'window', 'drain', 'close'] as const).flatMap((phase) => [
        figure(`${phase} ↑`, (row) => row.bytes.phases[phase].up, formatBytes),
        figure(`${phase} ↓`, (row) => row.bytes.phases[phase].down, formatBytes),
      ]),
      figure('per message sent ↑', (row) => row.bytes.perPublish.up, plainFigure),
      figure('per message sent ↓', (row) => row.bytes.perPublish.down, plainFigure),
      figure('requests', (row) => row.bytes.requests.total, formatCount),
      figure('empty answers', (row) => row.bytes.requests.empty, formatCount),
      figure('messages/answer', (row) => row.bytes.messagesPerResponse, plainFigure),
      figure('frames', (row) => row.bytes.frames, formatCount),
    ],
  },
  partsGroup('What the bytes ↓ to the client were for; they add up to the total ↓', 'down'),
  partsGroup('What the bytes ↑ to the server were for; they add up to the total ↑', 'up'),
  {
    title: 'GB a month at this load without a pause: 30 days, TCP payload, median of the rounds',
    figures: [
      figure('all clients ↓', (row) => row.bytes.projected.gbPerMonth.down, gigabytes),
      figure('all clients ↑', (row) => row.bytes.projected.gbPerMonth.up, gigabytes),
      figure('one client ↓', (row) => row.bytes.projected.gbPerMonthPerClient.down, gigabytes),
      figure('one client ↑', (row) => row.bytes.projected.gbPerMonthPerClient.up, gigabytes),
    ],
  },
  {
    title: 'IP layer, all rounds together: TCP payload, headers and acknowledgements, both directions',
    figures: [
      { label: 'how it is known', value: (row) => row.bytes.ip?.source ?? NO_FIGURE },
      figure('bytes/delivery', (row) => row.bytes.ip?.perMessage.bytes ?? null, plainFigure),
      figure('packets/delivery', (row) => row.bytes.ip?.perMessage.packets ?? null, plainFigure),
      figure('total bytes', (row) => row.bytes.ip?.bytes ?? null, formatBytes),
      figure('total packets', (row) => row.bytes.ip?.packets ?? null, formatCount),
      figure('segments sent again', (row) => row.bytes.ip?.retransmitted ?? null, formatCount),
    ],
  },
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

/** A column of the table of rounds. */
export interface RoundColumn {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  /** Whether a narrow terminal can do without it. */
  readonly optional: boolean;
  readonly value: (run: RunResult) => string;
}

/** The technique's name comes first and is not a figure of the round. */
export const ROUND_COLUMNS: readonly RoundColumn[] = [
  { title: 'technique', width: 0, align: 'left', optional: false, value: () => '' },
  { title: 'round', width: 5, align: 'right', optional: false, value: (run) => String(run.round + 1) },
  roundColumn('p50 ms', false, (run) => run.latencyUs.p50, latencyMs),
  roundColumn('p99 ms', false, (run) => run.latencyUs.p99, latencyMs),
  roundColumn('bytes ↓', true, (run) => run.bytes.perMessage.down, plainFigure),
  roundColumn('bytes ↑', true, (run) => run.bytes.perMessage.up, plainFigure),
  roundColumn('CPU µs', true, (run) => run.server.cpuUsPerMessage, plainFigure),
  {
    title: 'verdict',
    width: 9,
    align: 'left',
    optional: false,
    value: (run) => (run.state === 'completed' ? run.verdict : run.state),
  },
];

function roundColumn(
  title: string,
  optional: boolean,
  value: (run: CompletedRun) => number | null,
  format: (value: number) => string,
): RoundColumn {
  return {
    title,
    width: 7,
    align: 'right',
    optional,
    value: (run) => (run.state === 'completed' ? orDash(value(run), format) : NO_FIGURE),
  };
}

function partsGroup(title: string, way: 'up' | 'down'): DetailGroup {
  const part = (label: string, name: keyof Parts) =>
    figure(label, (row) => row.bytes.parts?.[name][way] ?? null, formatBytes);
  return {
    title,
    appliesTo: (row) => row.bytes.parts !== null,
    figures: [
      part('payload', 'payload'),
      part('framing', 'framing'),
      part('headers', 'headers'),
      part('empty polls', 'emptyPolls'),
      part('heartbeats', 'heartbeats'),
      part('flow control', 'flowControl'),
      part('before the window', 'opening'),
    ],
  };
}

function latency(
  label: string,
  of: Getter<Distribution>,
  key: Exclude<keyof Distribution, 'count' | 'histogram'>,
): DetailFigure {
  return figure(label === 'p999' ? 'p99.9' : label, (row) => of(row)[key], latencyMs);
}

function figure(label: string, value: Getter<number | null>, format: (value: number) => string): DetailFigure {
  return { label, value: (row) => orDash(value(row), format) };
}

function slow(
  label: string,
  of: (slow: NonNullable<CompletedRow['slowReaders']>) => number | null,
  format: (value: number) => string,
): DetailFigure {
  return figure(label, ({ slowReaders }) => (slowReaders === null ? null : of(slowReaders)), format);
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

function spelledCodes(codes: CompletedRow['connections']['closeCodes']): string {
  const spelled = Object.entries(codes).map(([code, count]) => `${code}: ${formatCount(count)}`);
  return spelled.length === 0 ? NO_FIGURE : spelled.join(', ');
}

function orDash(value: number | null, format: (value: number) => string): string {
  return value === null ? NO_FIGURE : format(value);
}

function gigabytes(gb: number): string {
  return gb < 999.5 ? significant(gb) : formatCount(gb);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
