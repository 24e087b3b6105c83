import { create } from 'xmlbuilder2';
import type { Finding, Findings, Outcome } from '../report/findings/findings.js';
import { findingsOfReport } from '../report/findings/of-report.js';
import type { Reporter } from './reporter.js';

/** For whatever reads results of tests: rows and thresholds of a run. */
export const junitReporter: Reporter = {
  name: 'junit',
  summary: 'rows and thresholds as JUnit XML, for a CI that reads results of tests',
  render: (report) => renderJunit(findingsOfReport(report)),
};

/**
 * JUnit's XML as Jenkins, GitLab and GitHub's actions read it: a suite for each row, a case for each figure. What was
 * not measured is an error, what cannot be told is skipped; neither is a pass.
 */
export function renderJunit({ title, startedAt, durationMs, list }: Findings): string {
  const subjects = [...new Set(list.map(({ subject }) => subject))];
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' }).ele('testsuites', {
    name: `rtbench: ${title}`,
    ...counts(list),
    ...(durationMs === null ? {} : { time: (durationMs / 1_000).toFixed(3) }),
  });
  for (const subject of subjects) {
    const own = list.filter((finding) => finding.subject === subject);
    const suite = root.ele('testsuite', {
      name: subject,
      ...counts(own),
      skipped: of(own, 'undecided'),
      // The form that the schema of Jenkins takes has no zone and no fractions of a second.
      ...(startedAt === null ? {} : { timestamp: startedAt.slice(0, 19) }),
    });
    for (const { name, outcome, text } of own) {
      const test = suite.ele('testcase', { name, classname: `rtbench.${subject}` });
      if (outcome === 'undecided') test.ele('skipped', { message: text });
      else if (outcome === 'passed') test.ele('system-out').txt(text);
      else test.ele(outcome === 'failed' ? 'failure' : 'error', { message: text, type: outcome }).txt(text);
    }
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function counts(list: readonly Finding[]) {
  return { tests: list.length, failures: of(list, 'failed'), errors: of(list, 'not measured') };
}

function of(list: readonly Finding[], outcome: Outcome): number {
  return list.filter((finding) => finding.outcome === outcome).length;
}
