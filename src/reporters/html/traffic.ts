import { reasonFor } from '../../report/not-measured.js';
import type { CompletedRow } from '../../report/schema.js';
import { plainFigure } from '../../report/wording.js';
import { formatBytes } from '../../units.js';
import { NO_FIGURE } from '../columns.js';
import { type BarLine, type BarSegment, barTable, figureOr, type MeasuredRow, rowName } from './bars.js';
import { partsLegend } from './latency.js';
import { type Content, fold, html, type Markup, table } from './markup.js';

type Parts = NonNullable<CompletedRow['bytes']['parts']>;
type Way = 'up' | 'down';

const PARTS = [
  { key: 'payload', name: 'payload' },
  { key: 'framing', name: 'framing' },
  { key: 'headers', name: 'headers' },
  { key: 'emptyPolls', name: 'empty polls' },
  { key: 'heartbeats', name: 'heartbeats' },
  { key: 'flowControl', name: 'flow control' },
] as const satisfies readonly { key: keyof Parts; name: string }[];

const ARROWS = { down: '↓', up: '↑' } as const;

/** What the bytes were for, as bars, per delivery. */
export function trafficSection(rows: readonly MeasuredRow[]): Markup {
  const known = rows.filter(({ row }) => row.bytes.parts !== null && row.delivery.delivered > 0);
  const lines = known.map(ledgerLine);
  const full = Math.max(0, ...lines.flatMap(({ bars }) => bars.map(sum)));
  return html`<section id="bytes"><h2>Bytes</h2>
<p class="sub">TCP payload per delivery, all rounds together, and what it was for; the table above has medians of rounds. The upper bar is ↓ to the client, the lower one ↑ to the server. What opening and warming up took is in the table only.</p>
${partsLegend(PARTS.map(({ name }) => name))}
${known.length === 0 ? html`<p>Bytes were not counted.</p>` : barTable('Bytes per delivery by what they were for', ['B ↓', 'B ↑'], lines, full)}
${unnamed(known)}
${fold('The ledger as a table', ledgerTable(known))}
</section>`;
}

function ledgerLine(shown: MeasuredRow): BarLine {
  const { bytes } = shown.row;
  return {
    shown,
    figures: [figureOr(bytes.perMessage.down, plainFigure), figureOr(bytes.perMessage.up, plainFigure)],
    bars: [segmentsOf(shown.row, 'down'), segmentsOf(shown.row, 'up')],
  };
}

function segmentsOf({ bytes: { parts }, delivery: { delivered } }: CompletedRow, way: Way): BarSegment[] {
  return PARTS.flatMap(({ key, name }, index) => {
    const total = parts?.[key][way] ?? null;
    if (total === null) return [];
    const value = total / delivered;
    return [
      { value, color: `var(--part-${index})`, title: `${name} ${ARROWS[way]}: ${plainFigure(value)} B per delivery` },
    ];
  });
}

function sum(segments: readonly BarSegment[]): number {
  return segments.reduce((total, { value }) => total + value, 0);
}

/** Parts that a row's library does not tell apart, and where they are. */
function unnamed(rows: readonly MeasuredRow[]): Content {
  const notes = rows.flatMap(({ row }) => {
    const missing = PARTS.filter(
      ({ key }) => row.bytes.parts?.[key].down === null || row.bytes.parts?.[key].up === null,
    );
    const [first] = missing;
    if (first === undefined) return [];
    const why =
      reasonFor(row.notMeasured, `bytes.parts.${first.key}.down`) ??
      reasonFor(row.notMeasured, `bytes.parts.${first.key}`);
    return [
      `${row.label}: no figure of its own for ${missing.map(({ name }) => name).join(', ')}${why === undefined ? '' : ` (${why})`}.`,
    ];
  });
  return notes.map((note) => html`<p><small>${note}</small></p>`);
}

function ledgerTable(rows: readonly MeasuredRow[]): Content {
  if (rows.length === 0) return '';
  const columns = [...PARTS, { key: 'opening', name: 'before the window' }] as const;
  return table(
    [{ title: 'all rounds', align: 'left' }, ...columns.map(({ name }) => ({ title: name, align: 'right' as const }))],
    rows.flatMap((shown) =>
      (['down', 'up'] as const).map((way) => [
        html`${rowName(shown)} ${ARROWS[way]}`,
        ...columns.map(({ key }) => {
          const bytes = shown.row.bytes.parts?.[key][way] ?? null;
          return bytes === null ? NO_FIGURE : formatBytes(bytes);
        }),
      ]),
    ),
    'Total bytes of all rounds by what they were for',
  );
}
