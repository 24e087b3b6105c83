import type { CompletedRow, Distribution } from '../../report/schema.js';
import { latencyMs, plainFigure } from '../../report/wording.js';
import { formatCount } from '../../units.js';
import { figureOr, type MeasuredRow, rowName } from './bars.js';
import { html, type Markup, table } from './markup.js';
import { type StripDot, stripTable } from './strips.js';

/** How a message reaches all of its clients: the first of them, the crowd, the last. */
export function fanOutSection(rows: readonly MeasuredRow[]): Markup {
  const lines = rows.map((shown) => {
    const { firstRecipientUs: first, crowdLatencyUs: crowd, lastRecipientUs: last } = shown.row;
    return {
      shown,
      figures: [first.p50, crowd.p50, last.p50, last.p99].map((us) => figureOr(us, latencyMs)),
      dots: [
        ...dot(last, 'p99', 'ring', 'last client'),
        ...dot(first, 'p50', 'dot', 'first client'),
        ...dot(last, 'p50', 'dot', 'last client'),
      ],
    };
  });
  return html`<section id="fan-out"><h2>Fan-out</h2>
<p class="sub">How long a message takes to its first client and to its last, in ms. The dots are the p50 of the first and of the last client, the ring is the p99 of the last.</p>
${stripTable('First and last client of a message', ['first p50', 'crowd p50', 'last p50', 'last p99'], lines, null)}
</section>`;
}

function dot(of: Distribution, key: 'p50' | 'p99', look: StripDot['look'], name: string): StripDot[] {
  const us = of[key];
  return us === null ? [] : [{ us, look, name: `${name}, ${key}` }];
}

const DELIVERY: readonly { readonly title: string; readonly value: (row: CompletedRow) => string }[] = [
  { title: 'published', value: ({ delivery }) => figureOr(delivery.published, formatCount) },
  { title: 'unpublished', value: ({ delivery }) => figureOr(delivery.unpublished, formatCount) },
  { title: 'expected', value: ({ delivery }) => figureOr(delivery.expected, formatCount) },
  { title: 'delivered', value: ({ delivery }) => formatCount(delivery.delivered) },
  { title: 'lost', value: ({ delivery }) => figureOr(delivery.lost, formatCount) },
  { title: 'twice', value: ({ delivery }) => figureOr(delivery.duplicated, formatCount) },
  { title: 'out of order', value: ({ delivery }) => figureOr(delivery.reordered, formatCount) },
  { title: 'drops', value: ({ connections }) => formatCount(connections.dropped) },
  { title: 'deliveries/s', value: ({ throughput }) => figureOr(throughput.deliveredPerSecond, plainFigure) },
];

/** Whether every message came, once and in order. */
export function deliverySection(rows: readonly MeasuredRow[]): Markup {
  return html`<section id="delivery"><h2>Delivery</h2>
<p class="sub">Messages of all rounds together. What was published to a client and is not delivered once and in order is counted.</p>
${table(
  [{ title: '', align: 'left' }, ...DELIVERY.map(({ title }) => ({ title, align: 'right' as const }))],
  rows.map((shown) => [rowName(shown), ...DELIVERY.map(({ value }) => value(shown.row))]),
  'Delivery of messages',
)}
</section>`;
}
