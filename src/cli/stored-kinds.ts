import { UsageError } from '../errors.js';
import { parseBrowserLimits } from '../report/browser-limits-file.js';
import { parseCapacityReport } from '../report/capacity/file.js';
import { parseCostReport } from '../report/cost-file.js';
import { parseHerdReport } from '../report/herd-file.js';
import { parseIdleReport } from '../report/idle-file.js';
import { parseMatrixReport } from '../report/matrix/file.js';
import { parseProxiesReport } from '../report/proxies/file.js';
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
import { renderMatrixMarkdown } from '../reporters/matrix-markdown.js';
import { renderMatrixTable } from '../reporters/matrix-table.js';
import { renderProxiesMarkdown } from '../reporters/proxies-markdown.js';
import { renderProxiesTable } from '../reporters/proxies-table.js';
import type { RenderOptions } from '../reporters/reporter.js';
import { renderSweepMarkdown } from '../reporters/sweep-markdown.js';
import { renderSweepTable } from '../reporters/sweep-table.js';
import { spell } from './output.js';

export interface Asked {
  readonly text: string;
  readonly file: string;
  readonly format: string;
  readonly options: RenderOptions;
}

/** The file as it is to be printed; `undefined` where it is of another kind. */
export type Stored = (asked: Asked) => string | undefined;

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
export const STORED: readonly Stored[] = [
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
