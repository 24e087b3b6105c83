import { type Difference, type ExactCheck, isPassed } from '../report/baseline/difference.js';
import { counted, listed } from '../report/wording.js';
import { formatCount } from '../units.js';
import { paintWith } from './ansi.js';
import { type GridColumn, grid } from './grid.js';
import { paragraph } from './layout.js';

/** Every line fits into this many columns. */
const WIDTH = 80;

const COLUMNS: readonly GridColumn[] = [
  { width: 20, align: 'left' },
  { width: 22, align: 'left' },
  { width: 8, align: 'right' },
  { width: 8, align: 'right' },
  { width: 7, align: 'right' },
];

/** What the exact tier found, for a person: every figure that is not what the baseline says. */
export function renderExactCheck(check: ExactCheck, options: { readonly color: boolean }): string {
  const paint = paintWith(options.color);
  const { compared, differences, missing, added, versions } = check;
  const passed = isPassed(check);
  const what =
    differences.length === 0
      ? `${counted(compared, 'exact figure')} as in the baseline`
      : `${formatCount(differences.length)} of ${counted(compared, 'exact figure')} ${differences.length === 1 ? 'is' : 'are'} not what the baseline says`;
  const lines = [
    paint(passed ? 'green' : 'red', `${passed ? 'pass' : 'regression'}: ${what}`),
    ...(differences.length > 0
      ? grid(COLUMNS, [
          ['', 'B', 'baseline', 'now', 'more'].map((title) => paint('bold', title)),
          ...differences.map(cells),
        ])
      : []),
    ...(missing.length > 0 ? paragraph(`In the baseline, and not measured now: ${listed(missing)}.`, WIDTH) : []),
    ...(added.length > 0
      ? paragraph(`Not in the baseline, and so held against nothing: ${listed(added)}. To add: --save-baseline.`, WIDTH)
      : []),
    ...(versions.length > 0
      ? paragraph(
          `The baseline was saved with other versions: ${versions.join('; ')}. What differs may come from them.`,
          WIDTH,
        )
      : []),
    ...(passed ? [] : paragraph('If it is meant to be so: rtbench check --save-baseline, and commit the file.', WIDTH)),
  ];
  return `${lines.join('\n')}\n`;
}

function cells({ label, figure, direction, base, head }: Difference): string[] {
  const more = base === null || head === null ? '' : signed(head - base);
  return [label, `${figure} ${direction === 'down' ? '↓' : '↑'}`, bytes(base), bytes(head), more];
}

function bytes(value: number | null): string {
  return value === null ? '–' : formatCount(value);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : '−'}${formatCount(Math.abs(value))}`;
}
