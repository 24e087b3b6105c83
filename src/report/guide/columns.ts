import { reasonFor } from '../not-measured.js';
import type { CompletedRow, Report, ReportRow } from '../schema.js';
import { isRanked } from '../tolerance.js';
import { GUIDE_TECHNIQUES, type GuideTechnique } from './guide.js';
import type { GuideExtra, GuideFacts } from './schema.js';

/** What measures the whole table. */
export const MEASURES_ALL = 'rtbench run --table guide';

/** One column of the guide's table: a technique of the guide, or one it speaks of elsewhere. */
export interface GuideColumn {
  /** `null`: the guide's table does not have it. */
  readonly technique: GuideTechnique | null;
  /** The guide's word, or the row's label. */
  readonly title: string;
  /** Name of the transport that is measured for it. */
  readonly transport: string;
  /** The first row of that transport; `null`: it was not run. */
  readonly row: ReportRow | null;
  /** The row, where it was measured soundly and so may be compared; else `null`. */
  readonly sound: CompletedRow | null;
  /** `null`: it was not run, or by an rtbench that did not note them. */
  readonly facts: GuideFacts | null;
}

/** A report as the guide's table sees it. */
export interface Evidence {
  readonly report: Report;
  /** Those of the guide first, in its order. */
  readonly columns: readonly GuideColumn[];
  /** Rows of a technique beyond its first, which have no column. */
  readonly leftOut: readonly string[];
}

export function evidenceOf(report: Report): Evidence {
  const { transports } = report;
  const named = GUIDE_TECHNIQUES.map(({ technique, transport }) => columnOf(report, technique, technique, transport));
  const rpc = transports.filter(({ group }) => group === 'rpc');
  const others = rpc.slice(0, 1).map(({ label, transport }) => columnOf(report, null, label, transport));
  const columns = [...named, ...others];
  const shown = new Set(columns.map(({ row }) => row?.label));
  const leftOut = transports.filter(({ label, group }) => group !== 'control' && !shown.has(label));
  return { report, columns, leftOut: leftOut.map(({ label }) => label) };
}

function columnOf(
  { transports, guide }: Report,
  technique: GuideTechnique | null,
  title: string,
  transport: string,
): GuideColumn {
  const row = transports.find((candidate) => candidate.transport === transport) ?? null;
  return {
    technique,
    title,
    transport,
    row,
    sound: row !== null && isRanked(row) ? row : null,
    facts: guide?.facts.find(({ label }) => label === row?.label) ?? null,
  };
}

/** What a cell says of a figure that the report's command does not measure. */
export function measuredBy(command: string): string {
  return `not measured in this run; ${command} measures it`;
}

/** Why a column has no figures of the report's own runs, and what to do. */
export function whyNoRow({ row, transport }: GuideColumn): string {
  if (row === null) return measuredBy(`rtbench run -t ${transport}`);
  if (row.state !== 'completed') return `not measured: the row was ${row.state}`;
  return `not measured: the row is ${row.verdict}`;
}

/** Why a figure of a row that ran is null. */
export function whyNull(row: CompletedRow, path: string): string {
  return `not measured: ${reasonFor(row.notMeasured, path) ?? 'no reason is known'}`;
}

/** Why a column has no facts. */
export function whyNoFacts(column: GuideColumn): string {
  if (column.row === null) return whyNoRow(column);
  return `not in this result: measure again with ${MEASURES_ALL}`;
}

type Part<Kind extends keyof GuideExtra> = NonNullable<GuideExtra[Kind]>;

/** What one of the extra measurements found of a column, and all that it found; or why there is nothing. */
export function extraOf<Kind extends keyof GuideExtra>(
  kind: Kind,
  { report }: Evidence,
  column: GuideColumn,
): { readonly found: Part<Kind>['rows'][number]; readonly of: Part<Kind> } | { readonly missing: string } {
  if (column.row === null) return { missing: whyNoRow(column) };
  const extra = report.guide?.extra;
  const of = extra?.[kind];
  if (!of) {
    const why = extra && report.interrupted ? ' (interrupted before it)' : '';
    return { missing: `${measuredBy(MEASURES_ALL)}${why}` };
  }
  const { label } = column.row;
  // The compiler does not follow that the rows of one kind are of that kind.
  const rows = of.rows as readonly Part<Kind>['rows'][number][];
  const found = rows.find((row) => row.label === label);
  if (found) return { found, of };
  const reason = of.failed.find((row) => row.label === label)?.reason;
  return { missing: `not measured: ${reason ?? 'it was not tried'}` };
}
