import { UsageError } from '../errors.js';
import { parseAdvice } from '../report/advice/file.js';
import { parseBrowserLimits } from '../report/browser-limits-file.js';
import { parseCapacityReport } from '../report/capacity/file.js';
import { parseCostReport } from '../report/cost-file.js';
import { parseGateReport } from '../report/gate/file.js';
import { parseNoiseReport } from '../report/gate/noise.js';
import { parseHerdReport } from '../report/herd-file.js';
import { parseIdleReport } from '../report/idle-file.js';
import { parseMatrixReport } from '../report/matrix/file.js';
import { parseProxiesReport } from '../report/proxies/file.js';
import { parseSweepReport } from '../report/sweep/file.js';
import { listed } from '../report/wording.js';
import { renderAdvice } from '../reporters/advice-table.js';
import { renderBrowserLimitsMarkdown } from '../reporters/browser-limits-markdown.js';
import { renderBrowserLimitsTable } from '../reporters/browser-limits-table.js';
import { renderCapacityMarkdown } from '../reporters/capacity-markdown.js';
import { renderCapacityTable } from '../reporters/capacity-table.js';
import { renderCostTable } from '../reporters/cost-table.js';
import { renderGateTable } from '../reporters/gate-table.js';
import { renderHerdMarkdown } from '../reporters/herd-markdown.js';
import { renderHerdTable } from '../reporters/herd-table.js';
import { renderCapacityPage } from '../reporters/html/capacity-page.js';
import { renderMatrixPage } from '../reporters/html/matrix-page.js';
import { renderSweepPage } from '../reporters/html/sweep-page.js';
import { renderIdleMarkdown } from '../reporters/idle-markdown.js';
import { renderIdleTable } from '../reporters/idle-table.js';
import { renderMatrixMarkdown } from '../reporters/matrix-markdown.js';
import { renderMatrixTable } from '../reporters/matrix-table.js';
import { renderNoiseTable } from '../reporters/noise-table.js';
import { renderProxiesMarkdown } from '../reporters/proxies-markdown.js';
import { renderProxiesTable } from '../reporters/proxies-table.js';
import type { RenderOptions } from '../reporters/reporter.js';
import { renderSweepMarkdown } from '../reporters/sweep-markdown.js';
import { renderSweepTable } from '../reporters/sweep-table.js';

export interface Asked {
  readonly text: string;
  readonly file: string;
  readonly format: string;
  readonly options: RenderOptions;
}

/** The file as it is to be printed; `undefined` where it is of another kind. */
export type Stored = (asked: Asked) => string | undefined;

/** The renderings of one kind of file; as JSON every kind is the text it was stored as. */
interface Renderings<Kind> {
  /** What one calls it: `a sweep.json`. */
  readonly called: string;
  readonly table: (report: Kind, options: RenderOptions) => string;
  readonly markdown?: (report: Kind) => string;
  readonly html?: (report: Kind) => string;
}

function stored<Kind>(
  parse: (text: string, file: string) => Kind | undefined,
  { called, table, markdown, html }: Renderings<Kind>,
): Stored {
  return ({ text, file, format, options }) => {
    const report = parse(text, file);
    if (report === undefined) return undefined;
    if (format === 'table') return table(report, options);
    if (format === 'markdown' && markdown) return markdown(report);
    if (format === 'html' && html) return html(report);
    if (format === 'json') return text;
    const formats = ['table', ...(markdown ? ['markdown'] : []), 'json', ...(html ? ['html'] : [])];
    throw new UsageError(`--format: ${file} is ${called}, which has ${listed(formats)}, and no \`${format}\``);
  };
}

/** What is no result of `rtbench run`. */
export const STORED: readonly Stored[] = [
  stored(parseCostReport, { called: 'a cost.json', table: renderCostTable }),
  stored(parseSweepReport, {
    called: 'a sweep.json',
    table: renderSweepTable,
    markdown: renderSweepMarkdown,
    html: renderSweepPage,
  }),
  stored(parseCapacityReport, {
    called: 'a capacity.json',
    table: renderCapacityTable,
    markdown: renderCapacityMarkdown,
    html: renderCapacityPage,
  }),
  stored(parseHerdReport, { called: 'a herd.json', table: renderHerdTable, markdown: renderHerdMarkdown }),
  stored(parseGateReport, { called: 'a gate.json', table: renderGateTable }),
  stored(parseNoiseReport, { called: 'a noise.json', table: renderNoiseTable }),
  stored(parseIdleReport, { called: 'an idle.json', table: renderIdleTable, markdown: renderIdleMarkdown }),
  stored(parseMatrixReport, {
    called: 'a matrix.json',
    table: renderMatrixTable,
    markdown: renderMatrixMarkdown,
    html: renderMatrixPage,
  }),
  stored(parseProxiesReport, { called: 'a proxies.json', table: renderProxiesTable, markdown: renderProxiesMarkdown }),
  stored(parseBrowserLimits, {
    called: 'a browser.json',
    table: renderBrowserLimitsTable,
    markdown: renderBrowserLimitsMarkdown,
  }),
  stored(parseAdvice, { called: 'an advice', table: renderAdvice }),
];
