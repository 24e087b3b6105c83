import type { HerdReport } from '../report/herd-schema.js';
import { HERD_LEGEND, herdFacts, herdNotes, herdStatements, herdTitle } from '../report/herd-wording.js';
import { type Paint, paintWith } from './ansi.js';
import { grid } from './grid.js';
import { herdChart } from './herd-chart.js';
import { HERD_COLUMNS, herdCells } from './herd-columns.js';
import { item, paragraph, wrapName } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 110;
const MIN_WIDTH = 60;
const POLICY_WIDTH = 20;

/** The herds for a terminal: a line a policy, theory below it, then accepts over time. */
export function renderHerdTable(report: HerdReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const { startedAt, environment, command } = report;
  const when = `Measured ${startedAt.slice(0, 16).replace('T', ' ')} UTC on ${environment.cpu}, ${environment.cores} cores, Node ${environment.node}.`;
  const lines = [
    '',
    ...paragraph(herdTitle(report), width).map((line) => paint('bold', line)),
    ...paragraph(herdFacts(report), width).map((line) => paint('dim', line)),
    ...(report.interrupted ? paragraph('Interrupted: not every policy was measured.', width) : []),
    '',
    ...table(report, paint),
    '',
    ...herdChart(report, width - 2).map((line) => `  ${line}`),
    '',
    ...section('What this says', herdStatements(report), width, paint),
    ...section('Notes on single policies', herdNotes(report), width, paint),
    ...section('How to read it', HERD_LEGEND, width, paint),
    ...[...paragraph(when, width), ...paragraph(`Again: ${command}`, width)].map((line) => paint('dim', line)),
  ];
  return `${lines.join('\n')}\n`;
}

function table({ policies }: HerdReport, paint: Paint): string[] {
  const head = HERD_COLUMNS.map(({ title, width }) => paintLines(wrapName(title, width), paint));
  return grid(
    [{ width: POLICY_WIDTH, align: 'left' }, ...HERD_COLUMNS.map(({ width }) => ({ width, align: 'right' as const }))],
    [
      ['', ...head],
      'rule',
      ...policies.map((row) => [
        wrapName(`${row.policy}${row.state === 'completed' && row.verdict !== 'valid' ? ' *' : ''}`, POLICY_WIDTH).join(
          '\n',
        ),
        ...HERD_COLUMNS.map((column) => herdCells(row, column).join('\n')),
      ]),
    ],
  );
}

function paintLines(lines: readonly string[], paint: Paint): string {
  return lines.map((line) => paint('bold', line)).join('\n');
}

function section(title: string, texts: readonly string[], width: number, paint: Paint): string[] {
  if (texts.length === 0) return [];
  return [paint('bold', `  ${title}`), ...texts.flatMap((text) => item(text, width)), ''];
}
