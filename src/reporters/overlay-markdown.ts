import { caveats } from '../report/caveats.js';
import { conclusions } from '../report/conclusions.js';
import { likeness, type Overlay, ordered, type Source } from '../report/overlay.js';
import { titleOf } from '../report/scale-wording.js';
import type { Report } from '../report/schema.js';
import { fold, joined, list, origin, table, text, titled } from './markdown-parts.js';
import { overlayColumns } from './overlay-columns.js';
import { reasonsByRow, verdictSentence, workloadFacts } from './prose.js';

/** As `renderOverlayTable`, for a pull request, an issue or a wiki. */
export function renderOverlayMarkdown(shown: Overlay): string {
  const { sources } = shown;
  const each = (title: string, texts: (report: Report) => string[]) =>
    sources.map(({ name, report }) => titled(`${title}: ${text(name)}`, list(texts(report))));
  return joined([
    `# ${sources.length} results side by side`,
    list(likeness(shown)),
    ...sources.map(sourceText),
    comparison(shown),
    ...each('What this says', conclusions),
    ...each('Notes on single rows', rowNotes),
    fold('What it does not say', joined(each('Of', caveats))),
    ...sources.map(({ report }) => origin(report)),
  ]);
}

function sourceText({ name, report }: Source): string {
  return [
    `**${text(name)}**: ${text(titleOf(report.scenario))}.`,
    `${text(workloadFacts(report).join(', '))}.`,
    text(verdictSentence(report)),
  ].join(' ');
}

function comparison(shown: Overlay): string {
  const columns = overlayColumns(shown);
  return table(
    columns.map(({ header }) => header.join(' ')),
    ordered(shown.rows).map((row) =>
      columns.map(({ cell }) => {
        const { main, second } = cell(row);
        return second === '' ? main : `${main}<br>${second}`;
      }),
    ),
    columns.map(({ align }) => align),
  );
}

function rowNotes(report: Report): string[] {
  return reasonsByRow(report.transports).flatMap(({ label, state, reasons }) =>
    reasons.map((reason) => `${label} (${state}): ${reason}`),
  );
}
