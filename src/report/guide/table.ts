import { formatDurationMs } from '../../units.js';
import type { Report } from '../schema.js';
import { counted, listed } from '../wording.js';
import { type Evidence, evidenceOf, type GuideColumn } from './columns.js';
import { type FeatureKey, type Found, type Judgement, whyAlone } from './feature.js';
import { FEATURES } from './features/index.js';
import { GUIDE_FEATURES } from './guide.js';
import { type Loads, NO_LOADS } from './loads-schema.js';

/** One cell of the guide's table, measured. */
export interface GuideCell extends Found {
  readonly column: GuideColumn;
  /** What the guide says; `null`: its table does not have this technique. */
  readonly says: string | null;
  /** What becomes of what it says; `null` where it says nothing. */
  readonly judgement: Judgement | null;
}

/** What the guide says and what became of it, in words; `null` where it says nothing. */
export function verdictOf({ says, judgement }: GuideCell): string | null {
  if (says === null || judgement === null) return null;
  const { result, figure } = judgement;
  return `"${says}": ${result}${result === 'holds' ? '' : `, ${figure}`}`;
}

/** What was not measured, and has not been said by the verdict already. */
export function stillMissing({ judgement, missing }: GuideCell): string[] {
  return missing.filter((why) => judgement?.result !== 'not measured' || whyAlone(why) !== judgement.figure);
}

export interface GuideLine {
  readonly key: FeatureKey;
  /** The guide's word. */
  readonly name: string;
  readonly cells: readonly GuideCell[];
}

export interface GuideTable {
  readonly columns: readonly GuideColumn[];
  /** Features in the guide's order. */
  readonly lines: readonly GuideLine[];
  /** What is to be known of the table as a whole. */
  readonly notes: readonly string[];
}

/** The guide's table of features by techniques, with what a report says of each cell. */
export function guideTable(report: Report): GuideTable {
  const evidence = evidenceOf(report);
  const lines = FEATURES.flatMap((feature): GuideLine[] => {
    const said = GUIDE_FEATURES.find(({ key }) => key === feature.key);
    if (said === undefined) return [];
    const cells = evidence.columns.map((column): GuideCell => {
      const { technique } = column;
      return {
        column,
        says: technique === null ? null : said.says[technique],
        judgement: technique === null ? null : feature.claims[technique].judge(column, evidence),
        ...feature.found(column, evidence),
      };
    });
    return [{ key: feature.key, name: said.name, cells }];
  });
  return { columns: evidence.columns, lines, notes: notesOn(evidence) };
}

function notesOn({ report, leftOut, columns }: Evidence): string[] {
  const { scenario, guide } = report;
  const { workload } = scenario;
  const unsound = columns.filter(({ row }) => row !== null && row.verdict !== 'valid');
  return [
    ...unsound.map(
      ({ title, row }) =>
        `${title}: ${row?.state === 'completed' ? row.verdict : row?.state}, ${row?.reasons[0] ?? ''}.`,
    ),
    ...(leftOut.length > 0
      ? [
          `One row of a technique has a column: ${listed(leftOut)} ${leftOut.length === 1 ? 'is' : 'are'} not in this table.`,
        ]
      : []),
    'One implementation, one load, one machine: another load may turn an order round.',
    ...(guide?.extra?.cut
      ? [
          `The cut: every connection reset at the server, ${guide.extra.cut.reconnect} as the policy of all, one run of each with messages from the server.`,
        ]
      : []),
    ...(guide?.extra?.growth && !guide.loads.growth
      ? [
          `Growth: ${listed([...guide.extra.growth.clients, workload.clients].map(String))} clients, ${counted(scenario.rounds, 'round')} at the most, the same rate of messages.`,
        ]
      : []),
    ...notesOnLoads(guide?.loads ?? NO_LOADS),
    'States of code: variables and fields that can change. How all of it is judged: docs/claims.md.',
  ];
}

/** Which documents were read beside the report, and what sets them apart from it. */
function notesOnLoads({ capacity, growth }: Loads): string[] {
  return [...capacity, ...(growth === null ? [] : [growth])].map((document) => {
    const { file, startedAt, apart } = document;
    const what =
      'find' in document
        ? `Capacity (${document.find}, p99 within ${formatDurationMs(document.p99Ms)} and every message delivered)`
        : `Growth (${listed(document.clients.map(String))} clients)`;
    const but = apart.length === 0 ? '' : `; ${apart.join('; ')}`;
    return `${what}: measured apart, ${startedAt.slice(0, 10)}, in ${file}; the same machine and load but for what is varied${but}.`;
  });
}

/** One claim of the guide, held against a report. */
export interface JudgedClaim extends Judgement {
  readonly feature: string;
  readonly technique: string;
  readonly says: string;
}

/** Every cell of the guide's table as a claim, in its order. */
export function judgedClaims(report: Report): JudgedClaim[] {
  return guideTable(report).lines.flatMap(({ name, cells }) =>
    cells.flatMap(({ says, judgement, column }) =>
      says === null || judgement === null ? [] : [{ feature: name, technique: column.title, says, ...judgement }],
    ),
  );
}

/** How many claims there are of each result, in words. */
export function claimsSummary(claims: readonly JudgedClaim[]): string {
  const count = (result: JudgedClaim['result']) => claims.filter((claim) => claim.result === result).length;
  return `${claims.length} claims of the guide: ${count('holds')} hold, ${count('does not hold')} do not, ${count('not measured')} were not measured.`;
}
