import { titleOf } from '../scale-wording.js';
import type { CompletedRow, Report, ReportRow } from '../schema.js';
import { completedRuns } from '../statistics.js';
import { COMPARED_FIGURES, type ComparedFigure } from './figures.js';
import { judged, type Measured } from './judgement.js';
import { identityKey, likenessOf } from './likeness.js';
import { COMPARISON_SCHEMA_VERSION, type Compared, type ComparedVerdict, type ComparisonReport } from './schema.js';

/** A result, and how the user named its file. */
export interface Side {
  readonly file: string;
  readonly report: Report;
}

/**
 * Two results of the same kind of run, figure by figure, worst first. What is unlike in them is said in `unlike`;
 * whether they are to be compared all the same is the caller's to decide.
 */
export function compareReports(base: Side, head: Side): ComparisonReport {
  const ofHead = new Map(head.report.transports.map((row) => [identityKey(row), row]));
  const ofBase = new Set(base.report.transports.map(identityKey));
  const pairs = base.report.transports.flatMap((row) => {
    const other = ofHead.get(identityKey(row));
    return other === undefined ? [] : [{ base: row, head: other }];
  });
  return {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    kind: 'comparison',
    base: sideOf(base),
    head: sideOf(head),
    title: titleOf(head.report.scenario),
    ...mutable(likenessOf(base.report, head.report)),
    unmatched: [
      ...base.report.transports
        .filter((row) => !ofHead.has(identityKey(row)))
        .map(({ label }) => ({ side: 'base' as const, label })),
      ...head.report.transports
        .filter((row) => !ofBase.has(identityKey(row)))
        .map(({ label }) => ({ side: 'head' as const, label })),
    ],
    rows: head.report.transports.filter((row) => ofBase.has(identityKey(row))).map(({ label }) => label),
    figures: pairs.flatMap((pair) => COMPARED_FIGURES.map((figure) => comparedOf(pair, figure))).sort(worstFirst),
  };
}

function mutable({ unlike, differs }: ReturnType<typeof likenessOf>) {
  return { unlike: [...unlike], differs: [...differs] };
}

function sideOf({ file, report }: Side): ComparisonReport['base'] {
  const { startedAt, tool, environment, transports } = report;
  const rounds = Math.max(0, ...transports.map((row) => completedRuns(row).length));
  return { file, startedAt, tool: { ...tool }, node: environment.node, rounds };
}

function comparedOf(pair: { readonly base: ReportRow; readonly head: ReportRow }, figure: ComparedFigure): Compared {
  const { transport, label, group, deliveredBy, inProcess, settings } = pair.head;
  const unusable = unusableReason('base', pair.base) ?? unusableReason('head', pair.head);
  const measured: Measured =
    unusable === undefined
      ? judged(pair.base as CompletedRow, pair.head as CompletedRow, figure)
      : { base: null, head: null, ratio: null, interval: null, verdict: 'not measured', reason: unusable };
  return {
    ...{ transport, label, group, deliveredBy, inProcess, settings },
    ...{ path: figure.path, title: figure.title, unit: figure.unit },
    ...measured,
  };
}

/** What is lost stays a figure of an invalid run; what its instrument failed to measure does not. */
function unusableReason(side: 'base' | 'head', row: ReportRow): string | undefined {
  if (row.state !== 'completed') return `${side} ${row.state}: ${row.reasons[0] ?? 'no reason was given'}`;
  const failed = completedRuns(row).some(({ verdict, fault }) => verdict === 'invalid' && fault !== 'delivery');
  return failed ? `${side} is invalid: ${row.reasons[0] ?? 'no reason was given'}` : undefined;
}

const ORDER: readonly ComparedVerdict[] = ['worse', 'better', 'too few rounds', 'no difference', 'not measured'];

function worstFirst(a: Compared, b: Compared): number {
  const byVerdict = ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict);
  return byVerdict !== 0 ? byVerdict : weight(b) - weight(a);
}

/** How far above its base it is; what came from nothing is furthest. */
function weight({ base, head, ratio }: Compared): number {
  if (ratio !== null) return Math.log(Math.max(ratio, Number.MIN_VALUE));
  return base === 0 && head !== null && head > 0 ? Number.MAX_VALUE : 0;
}
