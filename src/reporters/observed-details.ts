import type { CompletedRow } from '../report/schema.js';
import { latencyMs, plainFigure } from '../report/wording.js';
import { formatCount } from '../units.js';
import { type DetailFigure, type DetailGroup, figure } from './detail-figures.js';

type Observed = NonNullable<CompletedRow['observed']>;

/** What arrived of a server whose messages are not rtbench's. */
export const OBSERVED_GROUPS: readonly DetailGroup[] = [
  {
    title: 'Latency in ms, all rounds together: time in the message → callback of a probe client',
    appliesTo: ({ observed, latencyUs }) => observed !== undefined && latencyUs.count > 0,
    figures: [
      ...(['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const).map((key) =>
        figure(key === 'p999' ? 'p99.9' : key, (row) => row.latencyUs[key], latencyMs),
      ),
      stamp("step of the server's time", ({ resolutionUs }) => resolutionUs, latencyMs),
      stamp('its clock, ±', ({ clockErrorUs }) => clockErrorUs, latencyMs),
      stamp('later than the arrival', ({ negative }) => negative, formatCount),
      stamp('older than 60 s', ({ beyondRange }) => beyondRange, formatCount),
    ],
  },
  {
    title: 'Arrivals in the window, all rounds together; times in ms',
    appliesTo: ({ observed }) => observed !== undefined,
    figures: [
      seen('messages', ({ messages }) => messages, formatCount),
      seen('per second and client', ({ perClientPerSecond }) => perClientPerSecond, plainFigure),
      seen('clients without any', ({ silentClients }) => silentClients, formatCount),
      seen('bytes of a body, mean', ({ bodyBytesPerMessage }) => bodyBytesPerMessage, plainFigure),
      stamp('with a stamp', ({ read }) => read, formatCount),
      stamp('without', ({ unread }) => unread, formatCount),
      seen('first message, p50', ({ firstMessageUs }) => firstMessageUs.p50, latencyMs),
      seen('first message, max', ({ firstMessageUs }) => firstMessageUs.max, latencyMs),
      ...(['p50', 'p90', 'p99'] as const).map((key) => seen(`gap, ${key}`, ({ gapUs }) => gapUs[key], latencyMs)),
      seen('longest gap', ({ longestGapUs }) => longestGapUs, latencyMs),
    ],
  },
];

function seen(
  label: string,
  of: (observed: Observed) => number | null,
  format: (value: number) => string,
): DetailFigure {
  return figure(label, ({ observed }) => (observed ? of(observed) : null), format);
}

function stamp(
  label: string,
  of: (stamp: NonNullable<Observed['stamp']>) => number | null,
  format: (value: number) => string,
): DetailFigure {
  return seen(label, ({ stamp }) => stamp && of(stamp), format);
}
