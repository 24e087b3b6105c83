import { latencyMs } from '../../report/wording.js';
import { figureCells, rowName, wrapTable } from './bars.js';
import { type Content, html, type Markup } from './markup.js';
import { colorVariable, type PageRow } from './tones.js';

export interface StripDot {
  readonly us: number;
  readonly look: 'dot' | 'ring';
  /** What hovering says, before the figure. */
  readonly name: string;
}

export interface StripLine {
  readonly shown: PageRow;
  readonly figures: readonly Content[];
  readonly dots: readonly StripDot[];
}

/** A table whose last column has dots on one logarithmic axis of ms; `limitMs` is a line across, where it is near. */
export function stripTable(
  caption: string,
  titles: readonly string[],
  lines: readonly StripLine[],
  limitMs: number | null,
): Markup {
  const all = lines.flatMap(({ dots }) => dots.map(({ us }) => us / 1_000)).filter((ms) => ms > 0);
  if (all.length === 0) return html`<p class="sub">No latency was measured.</p>`;
  const { low, high, ticks } = axisOf(all);
  const at = (ms: number) => `${((100 * Math.log(ms / low)) / Math.log(high / low)).toFixed(2)}%`;
  const limit = limitMs !== null && limitMs > low && limitMs < high ? limitMs : null;
  const marks = html`${ticks.map((ms) => html`<u style="left:${at(ms)}"></u>`)}${
    limit === null ? '' : html`<u class="limit" style="left:${at(limit)}"></u>`
  }`;
  const dot = ({ us, look, name }: StripDot) =>
    html`<b class="${look}" style="left:${at(us / 1_000)}" title="${name}: ${latencyMs(us)} ms"></b>`;
  return wrapTable(
    caption,
    html`<th scope="col"></th>${titles.map((title) => html`<th scope="col" class="num">${title}</th>`)}<th scope="col" aria-hidden="true"><div class="ticks">${ticks.map(
      (ms) => html`<span style="left:${at(ms)}">${ms.toLocaleString('en-US')}</span>`,
    )}</div></th>`,
    lines.map(
      ({ shown, figures, dots }) =>
        html`<tr data-row="${shown.index}"><th scope="row">${rowName(shown)}</th>${figureCells(figures, titles)}<td class="bar"><div class="strip" style="--tone:${colorVariable(shown.tone)}">${marks}${dots.map(dot)}</div></td></tr>
`,
    ),
  );
}

/** From the 1, 2 or 5 below all values to the one above; marks at powers of ten where there are several. */
function axisOf(values: readonly number[]): { low: number; high: number; ticks: number[] } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)) + 1; power++) powers.push(power);
  const marks = powers.flatMap((power) => [1, 2, 5].map((step) => Number((step * 10 ** power).toPrecision(1))));
  const low = marks.findLast((mark) => mark <= least) ?? least;
  const high = marks.find((mark) => mark >= most && mark > low) ?? 10 * low;
  const isWithin = (mark: number) => mark >= low && mark <= high;
  const tens = marks.filter((mark, index) => index % 3 === 0 && isWithin(mark));
  return { low, high, ticks: tens.length >= 3 ? tens : marks.filter(isWithin) };
}
