import { formatBytes } from '../../units.js';
import { counted, latencyMs, listed, plainFigure } from '../wording.js';
import { MIN_COUNTED_EFFECT } from './judgement.js';
import type { Compared, ComparedVerdict, ComparisonReport } from './schema.js';

/** `3 figures are worse and one is better; 24 are not told apart.` */
export function comparisonSentence({ figures }: ComparisonReport): string {
  const of = (verdict: ComparedVerdict) => figures.filter((figure) => figure.verdict === verdict).length;
  const [worse, better, few] = [of('worse'), of('better'), of('too few rounds')];
  const changed = [
    ...(worse > 0 ? [`${counted(worse, 'figure')} ${worse === 1 ? 'is' : 'are'} worse`] : []),
    ...(better > 0 ? [`${counted(better, 'figure')} ${better === 1 ? 'is' : 'are'} better`] : []),
  ];
  const first = changed.length === 0 ? 'No figure has changed so that it can be told' : listed(changed);
  const open = few === 0 ? '' : `; of ${few} timed ones nothing is said, which takes 6 rounds on either side`;
  return `${first}${open}.`;
}

/** A figure with its unit: `2.31 ms`, `14.2 µs`, `227 B`, `3`. */
export function comparedFigure({ path, unit }: Compared, value: number | null): string {
  if (value === null) return '–';
  if (path.startsWith('latencyUs.')) return `${latencyMs(value)} ms`;
  if (path === 'server.rssPerClientBytes') return formatBytes(value);
  return unit === '' ? plainFigure(value) : `${plainFigure(value)} ${unit}`;
}

/** `1.25`; `–` where there is none. */
export function ratioText(ratio: number | null): string {
  return ratio === null ? '–' : ratio.toFixed(Math.abs(ratio - 1) < 0.0095 && ratio !== 1 ? 3 : 2);
}

/** `1.25 (1.12–1.40)`. */
export function ratioWithInterval({ ratio, interval }: Compared): string {
  if (ratio === null || interval === null) return ratioText(ratio);
  return `${ratioText(ratio)} (${interval.low.toFixed(2)}–${interval.high.toFixed(2)})`;
}

/** What is unlike or missing on either side, worst first. */
export function comparisonCaveats({ unlike, differs, unmatched, figures }: ComparisonReport): string[] {
  const only = (side: 'base' | 'head') => unmatched.filter((row) => row.side === side).map(({ label }) => label);
  const reasons = [
    ...new Set(
      figures.flatMap(({ label, title, verdict, reason }) =>
        verdict === 'not measured' && reason ? [`${label}, ${title} (${reason})`] : [],
      ),
    ),
  ];
  return [
    ...(unlike.length > 0
      ? [`Not the same run: ${unlike.join('; ')}. Compared because of --force: a ratio may come from any of it.`]
      : []),
    ...(differs.length > 0 ? [`These differ as well, on purpose or not: ${differs.join('; ')}.`] : []),
    ...(['base', 'head'] as const).flatMap((side) =>
      only(side).length === 0 ? [] : [`Only in ${side}, and not compared: ${listed(only(side))}.`],
    ),
    ...(reasons.length > 0 ? [`Not measured: ${reasons.join('; ')}.`] : []),
    'The two were measured one after the other, so that a change of the machine between them is in every ratio of a time. Bytes and deliveries are not touched by it.',
  ];
}

/** How to read it. */
export function comparisonLegend(): string[] {
  return [
    'Ratio: head / base; less is better of every figure.',
    'Times, CPU and memory have changed when the 95 % interval of the ratio leaves out 1 and the ratio is beyond 5 %; the interval comes from drawing whole rounds of both sides anew.',
    `Bytes have changed when every round of one side is above every round of the other, by more than ${MIN_COUNTED_EFFECT * 100} %; lost, repeated and swapped deliveries when there are not as many.`,
  ];
}
