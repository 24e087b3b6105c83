import type { Compared, ComparisonReport } from '../compare/schema.js';
import { comparedFigure, ratioWithInterval } from '../compare/wording.js';
import type { Finding, Findings, Outcome } from './findings.js';

const OUTCOMES: Readonly<Record<Compared['verdict'], Outcome>> = {
  worse: 'failed',
  better: 'passed',
  'no difference': 'passed',
  'too few rounds': 'undecided',
  'not measured': 'undecided',
};

/** Of two results: every figure that is worse has failed. */
export function findingsOfComparison({ title, figures, head }: ComparisonReport): Findings {
  return {
    title: `${title}: head against base`,
    startedAt: head.startedAt,
    durationMs: null,
    list: figures.map(finding),
  };
}

function finding(figure: Compared): Finding {
  const { label, title, base, head, verdict, reason } = figure;
  const sides = `${comparedFigure(figure, base)} in base, ${comparedFigure(figure, head)} in head`;
  const ratio = figure.ratio === null ? '' : `, ratio ${ratioWithInterval(figure)}`;
  const why = reason === null ? '' : ` (${reason})`;
  return {
    subject: label,
    name: title,
    outcome: OUTCOMES[verdict],
    text: `${label}: ${title} is ${sides}${ratio}: ${verdict}${why}`,
  };
}
