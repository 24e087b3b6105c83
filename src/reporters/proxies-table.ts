import type { FoundMend, Passage, ProxiesReport } from '../report/proxies/schema.js';
import {
  mendHeading,
  middleboxStatements,
  passageCell,
  proxiesLegend,
  seenStatements,
  unmended,
} from '../report/proxies/wording.js';
import { type Paint, paintWith, type Style } from './ansi.js';
import { chunks } from './detail-tables.js';
import { type GridColumn, grid } from './grid.js';
import { item, paragraph, section, wrapName } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 56;
const LABEL_WIDTH = 16;
const COLUMN_WIDTH = 13;
const STYLES: Readonly<Record<Passage['outcome'], Style>> = {
  delivered: 'green',
  delayed: 'yellow',
  cut: 'red',
  dead: 'red',
};

export const PROXIES_TITLE = 'Which transport passes what';

/** One column of the matrix: what stood between. */
export interface ProxiesColumn {
  readonly middlebox: string;
  readonly configuration: string;
}

/** The matrix for a terminal: a line a transport, a column for everything that stood between; then what mends. */
export function renderProxiesTable(report: ProxiesReport, options: Omit<RenderOptions, 'details'>): string {
  const width = Math.min(Math.max(options.width, MIN_WIDTH), MAX_WIDTH);
  const paint = paintWith(options.color);
  const { tool, startedAt, environment, command } = report;
  const foot = [
    `Seen ${startedAt.slice(0, 16).replace('T', ' ')} UTC with ${tool.name} ${tool.version} on Node ${environment.node}.`,
    `Again: ${command}`,
  ];
  const lines = [
    '',
    ...paragraph(PROXIES_TITLE, width).map((line) => paint('bold', line)),
    ...(report.interrupted ? paragraph('Interrupted: not everything was looked at.', width) : []),
    '',
    ...tables(report, width, paint),
    ...mendLines(report, width, paint),
    ...section('What was seen', seenStatements(report), width, paint),
    ...section('What stood between', middleboxStatements(report), width, paint),
    ...section('How to read it', proxiesLegend(report), width, paint),
    ...foot.flatMap((text) => paragraph(text, width)).map((line) => paint('dim', line)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Columns and rows of the matrix, in the order in which they were measured. */
export function matrixOf({ passages }: ProxiesReport): {
  readonly labels: readonly string[];
  readonly columns: readonly ProxiesColumn[];
  readonly at: (label: string, column: ProxiesColumn) => Passage | undefined;
} {
  const keyOf = ({ middlebox, configuration }: ProxiesColumn) => `${middlebox}:${configuration}`;
  const columns = new Map(
    passages.map(({ middlebox, configuration }) => [keyOf({ middlebox, configuration }), { middlebox, configuration }]),
  );
  return {
    labels: [...new Set(passages.map(({ label }) => label))],
    columns: [...columns.values()],
    at: (label, column) => passages.find((passage) => passage.label === label && keyOf(passage) === keyOf(column)),
  };
}

function tables(report: ProxiesReport, width: number, paint: Paint): string[] {
  const { labels, columns, at } = matrixOf(report);
  const perTable = Math.max(1, Math.floor((width - 2 - LABEL_WIDTH) / (COLUMN_WIDTH + 2)));
  return chunks(columns, perTable).flatMap((some) => {
    const widths: GridColumn[] = [
      { width: LABEL_WIDTH, align: 'left' },
      ...some.map((): GridColumn => ({ width: COLUMN_WIDTH, align: 'right' })),
    ];
    const head = some.map(({ middlebox, configuration }) =>
      [middlebox, configuration === 'none' ? '' : configuration].map((line) => paint('bold', line)).join('\n'),
    );
    const rows = labels.map((label) => [
      wrapName(label, LABEL_WIDTH).join('\n'),
      ...some.map((column) => {
        const passage = at(label, column);
        const [first, second] = passageCell(passage);
        return `${passage ? paint(STYLES[passage.outcome], first) : first}\n${second}`;
      }),
    ]);
    return [...grid(widths, [['', ...head], 'rule', ...rows]), ''];
  });
}

function mendLines(report: ProxiesReport, width: number, paint: Paint): string[] {
  const { mends } = report;
  const missing = unmended(report);
  if (mends.length === 0 && missing.length === 0) return [];
  return [
    paint('bold', '  What mends it, tried out'),
    ...mends.flatMap((mend) => mendItem(mend, width, paint)),
    ...missing.flatMap((text) => item(text, width)),
    '',
  ];
}

function mendItem(mend: FoundMend, width: number, paint: Paint): string[] {
  return [
    ...item(`${mendHeading(mend)}:`, width),
    ...mend.lines.flatMap(({ text, reason }) => [
      `      ${text}`,
      ...item(reason, width - 6, ' ').map((line) => paint('dim', `      ${line}`)),
    ]),
    ...[...new Set(mend.lines.map(({ source }) => source))].map((source) => paint('dim', `      ${source}`)),
  ];
}
