import { caveats } from '../report/caveats.js';
import { conclusions } from '../report/conclusions.js';
import { titleOf } from '../report/scale-wording.js';
import type { CompletedRow, Report, ReportRow } from '../report/schema.js';
import { type Cell, columnsOf } from './columns.js';
import { detailGroupsOf, ROUND_COLUMNS } from './details.js';
import { guideMarkdown } from './guide-markdown.js';
import { fold, list, table, text, titled } from './markdown-parts.js';
import { renderOverlayMarkdown } from './overlay-markdown.js';
import { controlNotes, legend, reasonsByRow, verdictSentence, workloadFacts } from './prose.js';
import type { Reporter } from './reporter.js';

/** For a pull request, an issue or a wiki: GitHub's Markdown. Details are always there, folded up. */
export const markdownReporter: Reporter = {
  name: 'markdown',
  summary: 'the table and its conclusions as Markdown, details folded up',
  renderOverlay: renderOverlayMarkdown,
  render(report) {
    const { scenario } = report;
    const blocks = [
      `# ${text(titleOf(scenario))}`,
      text(scenario.question),
      `${text(workloadFacts(report).join(', '))}.`,
      `**${text(verdictSentence(report))}**`,
      comparison(report),
      list(conclusions(report)),
      titled('Notes on single rows', reasonItems(report)),
      ...guideMarkdown(report),
      fold('How to read it', list([...legend(report), ...controlNotes(report)])),
      fold('What it does not say', list(caveats(report))),
      fold('Everything measured', details(report)),
      fold('Rounds', rounds(report)),
      `Measured ${report.startedAt} with ${report.tool.name} ${report.tool.version} on ${text(report.environment.cpu)}, ` +
        `${report.environment.cores} cores, Node ${report.environment.node}. Again: \`${report.command}\``,
    ];
    return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
  },
};

function comparison(report: Report): string {
  const columns = columnsOf(report);
  const ordered = [...report.transports].sort((a, b) => rank(a) - rank(b));
  return table(
    columns.map(({ header }) => header.join(' ')),
    ordered.map((row) => columns.map(({ cell }) => cellText(cell(row)))),
    columns.map(({ align }) => align),
  );
}

function rank(row: ReportRow): number {
  return row.group === 'control' ? 1 : 0;
}

function cellText({ main, second }: Cell): string {
  return second === '' ? main : `${main}<br>${second}`;
}

function reasonItems(report: Report): string {
  return list(
    reasonsByRow(report.transports).flatMap(({ label, state, reasons }) =>
      reasons.map((reason) => `${label} (${state}): ${reason}`),
    ),
  );
}

function details(report: Report): string {
  const rows = report.transports.filter((row): row is CompletedRow => row.state === 'completed');
  if (rows.length === 0) return '';
  return detailGroupsOf(rows)
    .map(({ title, figures }) => {
      const head = [title, ...rows.map((row) => row.label)];
      return table(
        head,
        figures.map(({ label, value }) => [label, ...rows.map(value)]),
      );
    })
    .join('\n\n');
}

function rounds(report: Report): string {
  return table(
    ROUND_COLUMNS.map(({ title }) => title),
    report.transports.flatMap(({ label, rounds: runs }) =>
      runs.map((run) => [label, ...ROUND_COLUMNS.slice(1).map(({ value }) => value(run))]),
    ),
    ROUND_COLUMNS.map(({ align }) => align),
  );
}
