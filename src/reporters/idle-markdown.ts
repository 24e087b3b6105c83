import type { IdleReport } from '../report/idle-schema.js';
import { type IdleTable, idleLegend, idleNotes, idleTables, UNBROKEN } from './idle-cells.js';

/** As `renderIdleTable`, for a pull request, an issue or a wiki. */
export function renderIdleMarkdown(report: IdleReport): string {
  const { startedAt, tool, environment, command } = report;
  const blocks = [
    '# Heartbeats',
    report.interrupted ? 'Interrupted: not all rows were measured.' : '',
    ...idleTables(report).flatMap((table) => [`## ${table.title}`, tableOf(table)]),
    list(idleNotes(report)),
    `<details><summary>How to read it</summary>\n\n${list(idleLegend(report))}\n\n</details>`,
    `Measured ${startedAt} with ${tool.name} ${tool.version} on ${environment.cpu}, ${environment.cores} cores, ` +
      `Node ${environment.node}. Again: \`${command}\``,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function tableOf({ header, rows }: IdleTable): string {
  const marks = header.map((_, index) => (index === 0 ? ':--' : '--:'));
  return [header, marks, ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `- ${escaped(text)}`).join('\n');
}

function escaped(text: string): string {
  return text.replaceAll(UNBROKEN, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('_', '\\_');
}
