import type { Source } from '../report/advice/answers.js';
import type { Advice, Named, Option } from '../report/advice/schema.js';
import { latencyMs, listed, plainFigure } from '../report/wording.js';
import { type Paint, paintWith, type Style } from './ansi.js';
import { NO_FIGURE } from './columns.js';
import { type GridColumn, grid } from './grid.js';
import { foot, item, paragraph, section, wrap, wrapName } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 56;

/** An advice for a terminal: the answer, what it rests on, and what would change it. */
export function renderAdvice(advice: Advice, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const lines = [
    '',
    ...heading(advice, width, paint),
    '',
    ...answers(advice, width, paint),
    '',
    ...sideBySide(advice, width, paint),
    '',
    ...optionTable(advice, width, paint),
    '',
    ...section('For it', advice.inFavour.map(sentence), width, paint),
    ...section('Against it', advice.against.map(sentence), width, paint),
    ...section('What would change the answer', advice.changes, width, paint),
    ...section('What to know', advice.notes, width, paint),
    ...(advice.evidence
      ? foot(advice.evidence, width, paint, ` In ${advice.evidence.file}.`)
      : paragraph(`To measure it: ${advice.toMeasure}`, width)),
  ];
  return `${lines.join('\n')}\n`;
}

function heading({ advised, scenario, basis, evidence, loads }: Advice, width: number, paint: Paint): string[] {
  const nothing = basis === 'facts' ? 'nothing that ships can do it' : 'nothing that was measured is in time';
  const use = advised.length === 0 ? nothing : `use ${either(advised)}`;
  const text =
    basis === 'facts'
      ? loads.length === 0
        ? "By the guide's rule and facts alone: nothing was measured."
        : "By the guide's rule and facts: there is no result of a run, and sweeps and capacities decide nothing."
      : `Measured with ${evidence?.operatingPoint ?? 'a result'}.`;
  return [
    ...wrap(scenario === null ? sentence(use) : `${scenario.title}: ${use}.`, width - 2).map((line) =>
      paint('bold', `  ${line}`),
    ),
    ...paragraph(text, width).map((line) => paint('dim', line)),
  ];
}

const SOURCES: Readonly<Record<Source, string>> = { given: '', scenario: 'by the scenario', assumed: 'assumed' };

function answers({ answers: all }: Advice, width: number, paint: Paint): string[] {
  const [answerWidth, sourceWidth] = [12, all.some(({ source }) => source !== 'given') ? 15 : 0];
  const left = width - 2 - answerWidth - 2 - (sourceWidth > 0 ? sourceWidth + 2 : 0);
  const longest = 3 + Math.max(...all.map(({ question }) => question.length));
  const columns: GridColumn[] = [
    { width: Math.min(left, longest), align: 'left' },
    { width: answerWidth, align: 'left' },
    ...(sourceWidth > 0 ? [{ width: sourceWidth, align: 'left' } as const] : []),
  ];
  return grid(
    columns,
    all.map(({ number, question, answer, source }) => [
      `${number === null ? ' ' : number}  ${question}`,
      paint('bold', answer),
      ...(sourceWidth > 0 ? [paint('dim', SOURCES[source])] : []),
    ]),
  );
}

const AGREEMENT_STYLES: Readonly<Record<NonNullable<Advice['agreement']>['state'], Style>> = {
  agrees: 'green',
  contradicted: 'yellow',
  open: 'dim',
};

/** The guide on the left, what was measured on the right; below, whether they agree. */
function sideBySide(advice: Advice, width: number, paint: Paint): string[] {
  const { guide, advised, because, agreement, basis, loads } = advice;
  const half = Math.floor((width - 4) / 2);
  const column = { width: half, align: 'left' } as const;
  const [measured, why] =
    basis === 'facts'
      ? [NO_FIGURE, loads.length === 0 ? 'nothing was measured' : 'no result of a run']
      : [advised.length === 0 ? 'none' : either(advised), because];
  const meant = guide.means.length === 0 ? NO_FIGURE : either(guide.means);
  const style = agreement === null ? 'plain' : AGREEMENT_STYLES[agreement.state];
  return [
    ...grid(
      [column, column],
      [
        [paint('bold', 'The guide'), paint('bold', 'Measured')],
        'rule',
        [wrapName(meant, half).join('\n'), wrapName(measured, half).join('\n')],
        [lines(guideSays(guide), half, paint), lines([why], half, paint)],
      ],
    ),
    ...(agreement === null
      ? []
      : paragraph(`${AGREEMENTS[agreement.state]}: ${agreement.because}.`, width).map((line) => paint(style, line))),
    ...(basis === 'facts' && advised[0]?.label !== guide.means[0]?.label
      ? paragraph(`Advised all the same: ${advised.length === 0 ? 'none' : either(advised)}; ${because}.`, width)
      : []),
  ];
}

/** Its table of use cases first, which is about this very case. */
function guideSays({ decides, others, useCase }: Advice['guide']): string[] {
  return [
    ...(useCase ? [`its table, "${useCase.name}": ${useCase.recommends.join(' or ')}. ${useCase.why}`] : []),
    `question ${decides.number}: "${decides.question}" ${decides.says}`,
    ...others.map(({ number, says }) => `question ${number} says: ${says}`),
  ];
}

const AGREEMENTS = {
  agrees: 'What was measured agrees with the guide',
  contradicted: 'What was measured contradicts the guide, because',
  open: 'What was measured leaves it open',
} as const;

function lines(texts: readonly string[], width: number, paint: Paint): string {
  return texts
    .flatMap((text) => wrap(text, width))
    .map((line) => paint('dim', line))
    .join('\n');
}

/** Narrowest column that a reason can be read in; below it reasons stand under the table. */
const REASON_WIDTH = 24;

function optionTable({ options, basis }: Advice, width: number, paint: Paint): string[] {
  const label = { width: 16, align: 'left' } as const;
  const figure = { width: 9, align: 'right' } as const;
  const measured = basis === 'measurement';
  const columns: GridColumn[] = [{ width: 1, align: 'left' }, label, ...(measured ? [figure, figure, figure] : [])];
  const left = width - 2 - columns.reduce((sum, one) => sum + one.width + 2, 0);
  const beside = left >= REASON_WIDTH;
  const heads = ['', 'technique', ...(measured ? ['p99 ms', 'CPU µs\n/delivery', 'bytes\n/delivery'] : [])];
  const bold = (text: string) =>
    text
      .split('\n')
      .map((line) => paint('bold', line))
      .join('\n');
  const under = options.flatMap(({ label: name, reason }) => item(`${name}: ${reason}`, width, ' '));
  return [
    ...grid(beside ? [...columns, { width: left, align: 'left' }] : columns, [
      [...heads, ...(beside ? [''] : [])].map(bold),
      'rule',
      ...options.map((option) => [
        option.place === null ? NO_FIGURE : String(option.place),
        wrapName(option.label, label.width).join('\n'),
        ...(measured ? figures(option) : []),
        ...(beside ? [wrap(option.reason, left).join('\n')] : []),
      ]),
    ]),
    ...(beside ? [] : under),
  ];
}

function figures({ p99Us, serverCpuUsPerMessage, bytesPerMessage }: Option): string[] {
  return [
    p99Us === null ? NO_FIGURE : latencyMs(p99Us),
    serverCpuUsPerMessage === null ? NO_FIGURE : plainFigure(serverCpuUsPerMessage),
    bytesPerMessage === null ? NO_FIGURE : plainFigure(bytesPerMessage),
  ];
}

/** `A`, `A or B`, `A, B or C`. */
function either(named: readonly Named[]): string {
  return listed(named.map(({ label }) => label)).replace(/ and (?=[^,]*$)/, ' or ');
}

/** A clause as a sentence. */
function sentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase();
  return `${first}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
}
