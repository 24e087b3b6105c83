import { serverCpuEstimate } from '../../report/estimate.js';
import { reasonFor } from '../../report/not-measured.js';
import { between, plainFigure } from '../../report/wording.js';
import { formatBytes } from '../../units.js';
import { type BarLine, barTable, figureOr, type MeasuredRow } from './bars.js';
import { type Content, html, type Markup } from './markup.js';
import { colorVariable } from './tones.js';

/** What the server spent: CPU per delivery and memory per client. */
export function serverSection(rows: readonly MeasuredRow[]): Markup {
  const cpu = rows.map(cpuLine);
  const memory = rows.map(memoryLine);
  return html`<section id="server"><h2>Server</h2>
<h3>CPU per delivery</h3>
<p class="sub">Of the server's process, in µs; the line across a bar is the interval or the range of its rounds.</p>
${barTable(
  'Server CPU in µs per delivery',
  ['µs', 'range'],
  cpu.map(({ line }) => line),
  highest(cpu),
)}
<h3>Memory per client</h3>
<p class="sub">What the server's resident memory grew by while clients connected, over their number.</p>
${barTable(
  'Server memory per client',
  ['per client'],
  memory.map(({ line }) => line),
  highest(memory),
)}
${memory.flatMap(({ why }) => (why === '' ? [] : [html`<p><small>${why}</small></p>`]))}
</section>`;
}

interface Measured {
  readonly line: BarLine;
  readonly highest: number;
  /** Why it was not measured; empty where it was. */
  readonly why: string;
}

function highest(lines: readonly Measured[]): number {
  return Math.max(0, ...lines.map((one) => one.highest));
}

function cpuLine(shown: MeasuredRow): Measured {
  const { value, bounds } = serverCpuEstimate(shown.row);
  const range: Content = bounds === null ? '' : between(plainFigure(bounds.low), plainFigure(bounds.high));
  return {
    line: {
      shown,
      figures: [figureOr(value, plainFigure), html`<span class="sub">${range}</span>`],
      bars: [bar(shown, value, `${value === null ? '' : plainFigure(value)} µs per delivery`)],
      range: value === null ? null : bounds,
    },
    highest: Math.max(value ?? 0, bounds?.high ?? 0),
    why: '',
  };
}

function memoryLine(shown: MeasuredRow): Measured {
  const { row } = shown;
  const { median, min, max } = row.spread.rssPerClientBytes;
  const reason = reasonFor(row.notMeasured, 'server.rssPerClientBytes');
  return {
    line: {
      shown,
      figures: [figureOr(median, formatBytes)],
      bars: [bar(shown, median, `${median === null ? '' : formatBytes(median)} per client`)],
      range: median === null || min === null || max === null ? null : { low: Math.max(0, min), high: max },
    },
    highest: Math.max(median ?? 0, max ?? 0),
    why: median === null && reason !== undefined ? `${row.label}: not measured, ${reason}.` : '',
  };
}

function bar({ tone }: MeasuredRow, value: number | null, title: string): BarLine['bars'][number] {
  return value === null ? [] : [{ value, color: colorVariable(tone), title }];
}
