import type { SweepReport } from '../report/sweep/schema.js';
import { sweepLegend, sweepNotes, sweepStatements } from '../report/sweep/wording.js';
import { asTyped, fold, joined, list, origin, table } from './markdown-parts.js';
import { sweepCharts, sweepFacts, sweepTables, sweepTitle } from './sweep-parts.js';

const CHART = { width: 100, height: 16 };

/** As `renderSweepTable`, for a pull request, an issue or a wiki. */
export function renderSweepMarkdown(report: SweepReport): string {
  const { transports } = report;
  return joined([
    `# ${sweepTitle(report)}`,
    sweepFacts(report),
    report.interrupted ? '**Interrupted: not all planned runs were done.**' : '',
    ...sweepCharts(report, CHART).map(asTyped),
    list(sweepStatements(report)),
    ...sweepTables(report).flatMap(({ title, lines }) => [
      `## ${title}`,
      table(
        ['', ...transports.map(({ label }) => label)],
        lines.map(([label, cell]) => [label, ...transports.map((row) => cell(row).replace('\n', '<br>'))]),
      ),
    ]),
    list(sweepNotes(report)),
    fold('How to read it', list(sweepLegend(report))),
    origin(report),
  ]);
}
