import type { CompletedRow } from '../report/schema.js';
import { plainFigure } from '../report/wording.js';
import { formatBytes, formatCount, significant } from '../units.js';
import { NO_FIGURE } from './columns.js';
import { type DetailGroup, figure } from './detail-figures.js';

type Parts = NonNullable<CompletedRow['bytes']['parts']>;

/** What crossed the network. */
export const TRAFFIC_GROUPS: readonly DetailGroup[] = [
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
];

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

function gigabytes(gb: number): string {
  return gb < 999.5 ? significant(gb) : formatCount(gb);
}
