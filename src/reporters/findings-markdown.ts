import { type Finding, type Findings, isFailure } from '../report/findings/findings.js';
import { counted } from '../report/wording.js';
import { fitted } from './markdown-limit.js';
import { fold, list, text, titled } from './markdown-parts.js';

/** Findings for a pull request or the summary of a job: what failed by itself, the rest folded up. */
export function renderFindingsMarkdown(findings: Findings): string {
  const of = (outcome: Finding['outcome']) => findings.list.filter((finding) => finding.outcome === outcome);
  const passed = of('passed');
  return fitted(
    [
      `# ${text(findings.title)}`,
      `**${text(findingsSentence(findings))}**`,
      list(findings.list.filter(isFailure).map((finding) => finding.text)),
      titled('Cannot be told', list(of('undecided').map((finding) => finding.text))),
      { summary: 'What passed', folded: fold('What passed', list(passed.map((finding) => finding.text))) },
    ],
    'The document of `--json` has all of it.',
  );
}

/** `Failed: 2 of 54 figures.` */
export function findingsSentence({ list: all }: Findings): string {
  const failed = all.filter(isFailure).length;
  const open = all.filter(({ outcome }) => outcome === 'undecided').length;
  const undecided = open === 0 ? '' : `; of ${open} nothing can be told`;
  return failed === 0
    ? `Passed: ${counted(all.length - open, 'check')}${undecided}.`
    : `Failed: ${failed} of ${counted(all.length, 'check')}${undecided}.`;
}
