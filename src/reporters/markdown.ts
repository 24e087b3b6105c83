import { caveats } from '../report/caveats.js';
import { conclusions } from '../report/conclusions.js';
import { expectationsSentence } from '../report/expectations-wording.js';
import { titleOf } from '../report/scale-wording.js';
import type { CompletedRow, Report, ReportRow } from '../report/schema.js';
import { paintWith } from './ansi.js';
import { type Cell, columnsOf } from './columns.js';
import { detailGroupsOf } from './details.js';
import { EXPECTATION_HEAD, expectationCells, expectationLines } from './expectation-cells.js';
import { guideMarkdown } from './guide-markdown.js';
import { latencyPlot, plotNotes } from './latency-plot.js';
import { type Block, fitted } from './markdown-limit.js';
import { asTyped, fold, list, origin, paragraph, table, text, titled } from './markdown-parts.js';
import { renderOverlayMarkdown } from './overlay-markdown.js';
import { controlNotes, legend, verdictSentence, workloadFacts } from './prose.js';
import type { Reporter } from './reporter.js';
import { ROUND_COLUMNS } from './round-columns.js';
import { rowNotes } from './row-notes.js';

const PLOT_WIDTH = 100;

/**
 * For a pull request, an issue, a wiki or the summary of a job: GitHub's Markdown. The answer comes first; details are
 * always there, folded up, unless the whole were too long for a comment.
 */
export const markdownReporter: Reporter = {
  name: 'markdown',
  summary: 'the verdict, the table and its conclusions as Markdown, details folded up',
  renderOverlay: renderOverlayMarkdown,
  render(report) {
    const { scenario } = report;
    const [answer, ...others] = conclusions(report);
    const notes = rowNotes(report.transports);
    const blocks: Block[] = [
      `# ${text(titleOf(scenario))}`,
      `**${text(verdictSentence(report))}**${answer === undefined ? '' : ` ${text(answer)}`}`,
      expected(report),
      comparison(report),
      list(others),
      titled('Notes on single rows', list(notes.short)),
      `${paragraph(scenario.question)} Measured with ${text(workloadFacts(report).join(', '))}.`,
      folded('All notes on single rows', notes.isShortened ? list(notes.all) : ''),
      folded('Every threshold', thresholds(report)),
      folded('Latency, drawn', plot(report)),
      ...guideMarkdown(report).map(({ summary, content }) => folded(summary, content)),
      folded('How to read it', list([...legend(report), ...controlNotes(report)])),
      folded('What it does not say', list(caveats(report))),
      folded('Everything measured', details(report)),
      folded('Rounds', rounds(report)),
      origin(report),
    ];
    return fitted(blocks, 'All of it is in `result.json`, which `rtbench report` renders in any format.');
  },
};

function folded(summary: string, content: string): Block {
  return content === '' ? '' : { summary, folded: fold(summary, content) };
}

/** What came of the thresholds: every one that was not met, by itself. */
function expected({ expectations }: Report): string {
  if (expectations.length === 0) return '';
  return [`**${text(expectationsSentence(expectations))}**`, list(expectationLines(expectations))]
    .filter((block) => block !== '')
    .join('\n\n');
}

function thresholds({ expectations }: Report): string {
  if (expectations.length === 0) return '';
  return table(EXPECTATION_HEAD, expectations.map(expectationCells), ['left', 'left', 'right', 'right', 'left']);
}

function plot(report: Report): string {
  const lines = latencyPlot(report, PLOT_WIDTH, paintWith(false));
  return [asTyped(lines), list(plotNotes(report))].filter((block) => block !== '').join('\n\n');
}

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

/** A title above each table: in its head it would make the column of names as wide as itself. */
function details(report: Report): string {
  const rows = report.transports.filter((row): row is CompletedRow => row.state === 'completed');
  if (rows.length === 0) return '';
  return detailGroupsOf(rows)
    .map(({ title, figures }) =>
      titled(
        text(title),
        table(
          ['', ...rows.map((row) => row.label)],
          figures.map(({ label, value }) => [label, ...rows.map(value)]),
        ),
      ),
    )
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
