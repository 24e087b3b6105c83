import type { NoiseFigure, NoiseReport } from '../report/gate/noise-schema.js';
import { changeText, gateValue, intervalText, signedPercent } from '../report/gate/wording.js';
import { counted } from '../report/wording.js';
import { formatDurationMs } from '../units.js';
import { paintWith } from './ansi.js';
import { type GridColumn, grid } from './grid.js';
import { foot, paragraph, section } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 100;
/** Of its columns: narrower ones would have to leave out what it is for. */
const MIN_WIDTH = 75;

/** How small a change this machine can see, for a terminal. */
export function renderNoiseTable(report: NoiseReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const minutes = report.figures[0]?.visible.map((one) => one.minutes) ?? [];
  const columns: GridColumn[] = [
    { width: 23, align: 'left' },
    ...minutes.map((): GridColumn => ({ width: 8, align: 'right' })),
  ];
  const lines = [
    '',
    ...paragraph('The smallest change that a gate can see here, by its time', width).map((line) => paint('bold', line)),
    ...paragraph(factsOf(report), width).map((line) => paint('dim', line)),
    ...(report.interrupted ? paragraph('Interrupted: fewer pairs than planned.', width) : []),
    '',
    ...grid(columns, [
      ['', ...minutes.map((each) => paint('bold', `${each} min`))],
      'rule',
      ...report.figures.map(({ title, visible }) => [title, ...visible.map(({ change }) => visibleText(change))]),
    ]),
    '',
    ...section('What the same program came to against itself', report.figures.map(againstItself), width, paint),
    ...section('How to read it', legendOf(report), width, paint),
    ...foot(report, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function factsOf({ label, scenario, used, discarded, pairMs }: NoiseReport): string {
  const { clients, ratePerSecond, sizeBytes } = scenario.workload;
  return [
    label,
    `${clients} clients`,
    `${ratePerSecond}/s of ${sizeBytes} B`,
    `${counted(used, 'pair')} of ${formatDurationMs(pairMs)}`,
    ...(discarded > 0 ? [`${discarded} not used`] : []),
  ].join(' · ');
}

function visibleText(change: number | null): string {
  return change === null ? '–' : signedPercent(change);
}

function againstItself({ title, unit, value, ratio, interval, spread, differs }: NoiseFigure): string {
  if (spread === null || ratio === null) return `${title}: not measured`;
  const apart = `pairs differ by ${(100 * spread).toFixed(1)} %`;
  const change = interval === null ? changeText(ratio) : `${changeText(ratio)} (${intervalText(interval)})`;
  const warning = differs ? ', which leaves out none: by chance in one run of 20, else one side is favoured here' : '';
  return `${title}, ${gateValue(unit, value)}: ${apart}, ${change}${warning}`;
}

function legendOf({ alpha, figures }: NoiseReport): string[] {
  return [
    `seen: in 4 of 5 gates, at ${100 * alpha} % false alarms over ${counted(figures.length, 'figure')} (–: too few pairs for any)`,
    'no change within a figure’s threshold is called a regression, however long a gate is',
    'a gate reads this file with --noise, and says before it starts what it will see',
  ];
}
