import type { HerdReport } from '../report/herd-schema.js';
import { HERD_LEGEND, herdCaveats, herdFacts, herdNotes, herdStatements, herdTitle } from '../report/herd-wording.js';
import { herdChart } from './herd-chart.js';
import { HERD_COLUMNS, herdCells } from './herd-columns.js';

const CHART_WIDTH = 100;

/** The herds for a pull request, an issue or a wiki. */
export function renderHerdMarkdown(report: HerdReport): string {
  const { startedAt, tool, environment, command } = report;
  const chart = herdChart(report, CHART_WIDTH);
  const blocks = [
    `# ${herdTitle(report)}`,
    herdFacts(report),
    report.interrupted ? '**Interrupted: not every policy was measured.**' : '',
    table(report),
    chart.length === 0 ? '' : `\`\`\`text\n${chart.join('\n')}\n\`\`\``,
    list(herdStatements(report)),
    list(herdNotes(report)),
    list(herdCaveats(report)),
    `<details><summary>How to read it</summary>\n\n${list(HERD_LEGEND)}\n\n</details>`,
    `Measured ${startedAt} with ${tool.name} ${tool.version} on ${environment.cpu}, ${environment.cores} cores, Node ` +
      `${environment.node}. Again: \`${command}\``,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function table({ policies }: HerdReport): string {
  const lines = [
    ['policy', ...HERD_COLUMNS.map(({ title }) => title)],
    [':--', ...HERD_COLUMNS.map(() => '--:')],
    ...policies.map((row) => [
      `${row.policy}${row.state === 'completed' && row.verdict !== 'valid' ? ' \\*' : ''}`,
      ...HERD_COLUMNS.map((column) => herdCells(row, column).join(' ')),
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function list(items: readonly string[]): string {
  return items.map((entry) => `- ${entry}`).join('\n');
}
