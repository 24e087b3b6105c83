import type { CompletedRow } from '../report/schema.js';
import { latencyMs, plainFigure } from '../report/wording.js';
import { formatBytes, formatCount } from '../units.js';
import { NO_FIGURE } from './columns.js';
import { type DetailFigure, type DetailGroup, figure } from './detail-figures.js';
import { uplinkGroup } from './uplink-details.js';

/** What became of the messages, and of clients that did not keep up. */
export const DELIVERY_GROUPS: readonly DetailGroup[] = [
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
];

function slow(
  label: string,
  of: (slow: NonNullable<CompletedRow['slowReaders']>) => number | null,
  format: (value: number) => string,
): DetailFigure {
  return figure(label, ({ slowReaders }) => (slowReaders === null ? null : of(slowReaders)), format);
}

function spelledCodes(codes: CompletedRow['connections']['closeCodes']): string {
  const spelled = Object.entries(codes).map(([code, count]) => `${code}: ${formatCount(count)}`);
  return spelled.length === 0 ? NO_FIGURE : spelled.join(', ');
}
