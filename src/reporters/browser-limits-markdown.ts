import type { BrowserLimits } from '../report/browser-limits-schema.js';
import {
  BROWSER_LIMITS_LEGEND,
  browserLimitsNotes,
  browserLimitsStatements,
  browserLimitsTitle,
} from '../report/browser-limits-wording.js';
import { LIMIT_COLUMNS, limitCell } from './browser-limits-columns.js';
import { fold, list, table } from './markdown-parts.js';

/** The same as the table for a terminal, as GitHub's Markdown. */
export function renderBrowserLimitsMarkdown(report: BrowserLimits): string {
  const { startedAt, tool, environment, command } = report;
  const blocks = [
    `# ${browserLimitsTitle(report)}`,
    report.interrupted ? '**Interrupted: not everything was measured.**' : '',
    table(
      ['technique', ...LIMIT_COLUMNS.map(({ title }) => title)],
      report.limits.map((limit) => [limit.label, ...LIMIT_COLUMNS.map((column) => limitCell(limit, column))]),
    ),
    list(browserLimitsStatements(report)),
    list(browserLimitsNotes(report)),
    fold('How to read it', list(BROWSER_LIMITS_LEGEND)),
    `Measured ${startedAt} with ${tool.name} ${tool.version} on ${environment.cpu}, ${environment.cores} cores, Node ` +
      `${environment.node}. Again: \`${command}\``,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
