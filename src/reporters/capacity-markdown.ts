import type { CapacityReport } from '../report/capacity/schema.js';
import { capacityLegend, capacityNotes, capacityStatements, capacityTitle } from '../report/capacity/wording.js';
import { capacityChart, capacityColumns } from './capacity-parts.js';
import { asTyped, fold, joined, list, origin, table } from './markdown-parts.js';
import { loadFacts } from './prose.js';

const CHART = { width: 100, height: 16 };

/** As `renderCapacityTable`, for a pull request, an issue or a wiki. */
export function renderCapacityMarkdown(report: CapacityReport): string {
  const columns = capacityColumns(report);
  return joined([
    `# ${capacityTitle(report)}`,
    `From ${loadFacts(report.scenario).join(' · ')}.`,
    report.interrupted ? '**Interrupted: not every search came to its end.**' : '',
    table(
      ['', ...columns.map(({ title }) => title)],
      report.transports.map((row) => [row.label, ...columns.map(({ cell }) => cell(row))]),
    ),
    asTyped(capacityChart(report, CHART)),
    list(capacityStatements(report)),
    list(capacityNotes(report)),
    fold('How to read it', list(capacityLegend(report))),
    origin(report),
  ]);
}
