import type { FoundMend, ProxiesReport } from '../report/proxies/schema.js';
import {
  mendHeading,
  middleboxStatements,
  passageCell,
  proxiesLegend,
  seenStatements,
  unmended,
} from '../report/proxies/wording.js';
import { fold, list, table, text, titled } from './markdown-parts.js';
import { matrixOf, PROXIES_TITLE } from './proxies-table.js';

/** The same as the table for a terminal, as GitHub's Markdown. */
export function renderProxiesMarkdown(report: ProxiesReport): string {
  const { labels, columns, at } = matrixOf(report);
  const blocks = [
    `# ${PROXIES_TITLE}`,
    report.interrupted ? '**Interrupted: not everything was looked at.**' : '',
    table(
      [
        '',
        ...columns.map((column) =>
          [column.middlebox, column.configuration].filter((name) => name !== 'none').join(' '),
        ),
      ],
      labels.map((label) => [
        label,
        ...columns.map((column) =>
          passageCell(at(label, column))
            .filter((line) => line !== '')
            .join('<br>'),
        ),
      ]),
    ),
    titled(
      'What mends it, tried out',
      [...report.mends.map(mendBlock), list(unmended(report))].filter(Boolean).join('\n\n'),
    ),
    titled('What was seen', list(seenStatements(report))),
    titled('What stood between', list(middleboxStatements(report))),
    fold('How to read it', list(proxiesLegend(report))),
    `Seen ${report.startedAt} with ${report.tool.name} ${report.tool.version} on Node ${report.environment.node}. Again: \`${report.command}\``,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function mendBlock(mend: FoundMend): string {
  const lines = mend.lines.map(({ text: line }) => line);
  const reasons = mend.lines.map(
    ({ text: line, reason, source }) => `- \`${line}\`: ${text(reason)} ([source](${source}))`,
  );
  return [`${text(mendHeading(mend))}:`, ['```', ...lines, '```'].join('\n'), reasons.join('\n')].join('\n\n');
}
