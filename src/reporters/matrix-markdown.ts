import type { MatrixReport } from '../report/matrix/schema.js';
import {
  AGREEMENT_WORDS,
  choicesOf,
  MATRIX_TITLE,
  matrixLegend,
  matrixNotes,
  matrixStatements,
  matrixVerdict,
  tolerated,
} from '../report/matrix/wording.js';
import { fold, list, table, text, titled } from './markdown-parts.js';
import { cellLines, matrixColumns } from './matrix-columns.js';

/** The same as the table for a terminal, as GitHub's Markdown. */
export function renderMatrixMarkdown(report: MatrixReport): string {
  const { scenarios, startedAt, tool, environment, command } = report;
  const columns = matrixColumns(report);
  const blocks = [
    `# ${MATRIX_TITLE}`,
    `**${text(matrixVerdict(report))}**`,
    table(
      ['use case', ...columns.map(({ title }) => title), 'guide'],
      scenarios.map((one) => [
        `${one.guide.name}<br>${tolerated(one)}`,
        ...columns.map((column) =>
          cellLines(column.cellOf(one), one)
            .map((line) => line.text)
            .join('<br>'),
        ),
        `${choicesOf(one)}<br>${one.state === 'notMeasured' ? 'not measured' : AGREEMENT_WORDS[one.agreement.kind]}`,
      ]),
    ),
    list(matrixStatements(report)),
    titled('Notes on single rows', list(matrixNotes(report))),
    fold('How to read it', list(matrixLegend(report))),
    `Measured ${startedAt} with ${tool.name} ${tool.version} on ${text(environment.cpu)}, ${environment.cores} cores, ` +
      `Node ${environment.node}. Again: \`${command}\``,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
