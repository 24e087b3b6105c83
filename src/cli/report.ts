import { readFile } from 'node:fs/promises';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { parseBrowserLimits } from '../report/browser-limits-file.js';
import { parseCapacityReport } from '../report/capacity/file.js';
import { parseCostReport } from '../report/cost-file.js';
import { parseHerdReport } from '../report/herd-file.js';
import { parseIdleReport } from '../report/idle-file.js';
import { parseMatrixReport } from '../report/matrix/file.js';
import { parseProxiesReport } from '../report/proxies/file.js';
import { parseReport } from '../report/report.js';
import { parseSweepReport } from '../report/sweep/file.js';
import { renderBrowserLimitsMarkdown } from '../reporters/browser-limits-markdown.js';
import { renderBrowserLimitsTable } from '../reporters/browser-limits-table.js';
import { renderCapacityMarkdown } from '../reporters/capacity-markdown.js';
import { renderCapacityTable } from '../reporters/capacity-table.js';
import { renderCostTable } from '../reporters/cost-table.js';
import { renderHerdMarkdown } from '../reporters/herd-markdown.js';
import { renderHerdTable } from '../reporters/herd-table.js';
import { renderIdleMarkdown } from '../reporters/idle-markdown.js';
import { renderIdleTable } from '../reporters/idle-table.js';
import { findReporter, REPORTERS } from '../reporters/index.js';
import { renderMatrixMarkdown } from '../reporters/matrix-markdown.js';
import { renderMatrixTable } from '../reporters/matrix-table.js';
import { renderProxiesMarkdown } from '../reporters/proxies-markdown.js';
import { renderProxiesTable } from '../reporters/proxies-table.js';
import type { RenderOptions } from '../reporters/reporter.js';
import { renderSweepMarkdown } from '../reporters/sweep-markdown.js';
import { renderSweepTable } from '../reporters/sweep-table.js';
import { renderShown, type ShownFlags, shownBy } from './guide-output.js';
import { spell } from './output.js';

export interface ReportFlags extends ShownFlags {
  readonly format: string;
  readonly details?: boolean;
}

/** `rtbench report`. */
export async function report(file: string, { format, details, ...flags }: ReportFlags): Promise<number> {
  const reporter = findReporter(format);
  if (!reporter) {
    const names = REPORTERS.map(({ name }) => name).join(', ');
    throw new UsageError(`--format: \`${format}\` is not a format; there are ${names}`);
  }
  const shown = shownBy(flags);
  const asked = flags.table !== undefined || shown.claims;
  if (asked && format !== 'table') {
    throw new UsageError(`--table and --claims are for a terminal: leave them out with --format ${format}`);
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file}: cannot be read (${messageOf(error)}); give a result.json that rtbench run wrote`);
  });
  const { stdout } = process;
  const options = {
    width: stdout.columns ?? 100,
    color: stdout.isTTY === true && !process.env.NO_COLOR,
    details: details ?? false,
  };
  for (const render of STORED) {
    const rendered = render({ text, file, format, options });
    if (rendered === undefined) continue;
    if (asked) throw new UsageError(`${file}: --table and --claims are for a result.json that rtbench run wrote`);
    stdout.write(rendered);
    return EXIT.ok;
  }
  const parsed = parseReport(text, file);
  stdout.write(format === 'table' ? renderShown(parsed, shown, options) : reporter.render(parsed, options));
  return EXIT.ok;
}

interface Asked {
  readonly text: string;
  readonly file: string;
  readonly format: string;
  readonly options: RenderOptions;
}

/** The file as it is to be printed; `undefined` where it is of another kind. */
type Stored = (asked: Asked) => string | undefined;

interface Renderings<Kind> {
  readonly table: (report: Kind, options: RenderOptions) => string;
  readonly markdown?: (report: Kind) => string;
  readonly json?: (report: Kind, text: string) => string;
  /** Of a format that it does not have. */
  readonly refusal: (format: string) => string;
}

function stored<Kind>(
  parse: (text: string, file: string) => Kind | undefined,
  { table, markdown, json, refusal }: Renderings<Kind>,
): Stored {
  return ({ text, file, format, options }) => {
    const report = parse(text, file);
    if (report === undefined) return undefined;
    if (format === 'table') return table(report, options);
    if (format === 'markdown' && markdown) return markdown(report);
    if (format === 'json' && json) return json(report, text);
    throw new UsageError(`--format: ${refusal(format)}`);
  };
}

/** What is no result of `rtbench run`. */
const STORED: readonly Stored[] = [
  stored(parseCostReport, {
    table: renderCostTable,
    refusal: (format) => `a cost.json has a table only, not \`${format}\``,
  }),
  stored(parseSweepReport, {
    table: renderSweepTable,
    markdown: renderSweepMarkdown,
    json: (_sweep, text) => text,
    refusal: (format) => `a sweep.json has no \`${format}\``,
  }),
  stored(parseCapacityReport, {
    table: renderCapacityTable,
    markdown: renderCapacityMarkdown,
    json: (_capacity, text) => text,
    refusal: (format) => `a capacity.json has no \`${format}\``,
  }),
  stored(parseHerdReport, {
    table: renderHerdTable,
    markdown: renderHerdMarkdown,
    json: (herd) => `${JSON.stringify(herd, null, 2)}\n`,
    refusal: (format) => `a herd.json has no \`${format}\``,
  }),
  stored(parseIdleReport, {
    table: renderIdleTable,
    markdown: renderIdleMarkdown,
    refusal: () => 'an idle.json is JSON already; there are table and markdown',
  }),
  stored(parseMatrixReport, {
    table: renderMatrixTable,
    markdown: renderMatrixMarkdown,
    json: (matrix) => spell(matrix),
    refusal: (format) => `a matrix.json has no \`${format}\``,
  }),
  stored(parseProxiesReport, {
    table: renderProxiesTable,
    markdown: renderProxiesMarkdown,
    json: (_proxies, text) => text,
    refusal: (format) => `a proxies.json has no \`${format}\``,
  }),
  stored(parseBrowserLimits, {
    table: renderBrowserLimitsTable,
    markdown: renderBrowserLimitsMarkdown,
    json: (_limits, text) => text,
    refusal: (format) => `a browser.json has no \`${format}\``,
  }),
];
