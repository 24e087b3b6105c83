import { formatRate } from '../../scenario/vary.js';
import { formatCount, formatDurationMs } from '../../units.js';
import { orderOfBounds } from '../capacity/bounds.js';
import { FAILURE_WORDS } from '../capacity/wording.js';
import { lowerOf } from '../sweep/crossing.js';
import { listed, plainFigure } from '../wording.js';
import type { GuideColumn } from './columns.js';
import type { Grading } from './grades.js';
import type { GuideTechnique } from './guide.js';
import type { CapacityEvidence, GrowthEvidence } from './loads-schema.js';

export type CapacityRow = CapacityEvidence['rows'][number];
export type GrowthRow = GrowthEvidence['rows'][number];

type Grades = Readonly<Record<GuideTechnique, number>>;

/** What a document says of a column; a string says why there is nothing. */
export function rowOf<Row extends { readonly label: string }>(
  { rows, failed }: { readonly rows: readonly Row[]; readonly failed: CapacityEvidence['failed'] },
  { row }: GuideColumn,
): Row | string {
  const found = rows.find(({ label }) => label === row?.label);
  return found ?? failed.find(({ label }) => label === row?.label)?.reason ?? 'it is not among the rows';
}

/** The more it carries, the higher; `grades` say more of those that carry more. */
export function gradingByCapacity(evidence: CapacityEvidence, grades: Grades): Grading<CapacityRow> {
  return {
    grades,
    figureOf: (column) => rowOf(evidence, column),
    ordersOf: (figures) => ({
      between(a, b) {
        const [own, other] = [figures.get(a), figures.get(b)];
        return own && other ? orderOfBounds(own, other) : 'unknown';
      },
    }),
    spell: (row) => capacityInWords(row, evidence),
    spellOther: (row) => boundsInWords(row, evidence),
    words: { lower: 'fewer than', higher: 'more than' },
    whyUnknown: (row, others) =>
      `${capacityInWords(row, evidence)}, which does not tell it from ${listed(others)}, as one of each two was not at its own limit`,
  };
}

/** `336 to 400`, `at least 566`, `not even 1`. */
function boundsInWords({ pass, fail, failedBy }: CapacityRow, { find }: CapacityEvidence): string {
  const level = (value: number) => (find === 'clients' ? formatCount(value) : formatRate(value));
  if (pass === null) return `not even ${level(fail ?? 0)}`;
  return fail === null || failedBy === 'generator' || failedBy === 'run'
    ? `at least ${level(pass)}`
    : `${level(pass)} to ${level(fail)}`;
}

/** What a row carries, with the objective, and what ended it. */
export function capacityInWords(row: CapacityRow, evidence: CapacityEvidence): string {
  const { state, pass, fail, failedBy, confirmed, failReason } = row;
  const what = evidence.find === 'rate' ? '' : pass === null && fail === 1 ? ' client' : ' clients';
  const level = (value: number) => (evidence.find === 'clients' ? formatCount(value) : formatRate(value));
  const bounds = `${boundsInWords(row, evidence)}${what} within ${formatDurationMs(evidence.p99Ms)}`;
  const surely = confirmed || pass === null ? '' : ' (not confirmed)';
  const end = failedBy === null ? '' : FAILURE_WORDS[failedBy];
  if (state === 'none' && failedBy === 'latency') {
    return `${bounds}: ${failReason ?? end}, its own delay and no limit of what it carries`;
  }
  if (fail === null) {
    return `${bounds}${surely}, ${state === 'limit' ? 'the most that may be tried' : 'nothing above it was tried'}`;
  }
  const where = pass === null || bounds.startsWith('at least') ? ` at ${level(fail)}` : '';
  return `${bounds}${surely}: ${end}${where}${state === 'budget' || state === 'interrupted' ? ', not narrowed to the end' : ''}`;
}

/** The more a client more takes of the server, the higher; `grades` say more of those that take more. */
export function gradingByGrowth(evidence: GrowthEvidence, grades: Grades): Grading<GrowthRow> {
  return {
    grades,
    figureOf: (column) => rowOf(evidence, column),
    ordersOf: (figures) => ({
      between(a, b) {
        const [own, other] = [figures.get(a), figures.get(b)].map((row) => row && estimateOf(row));
        if (!own || !other) return 'unknown';
        const lower = lowerOf(own, other, 'serverCpu');
        return lower === null ? 'tie' : lower === 'a' ? 'lower' : 'higher';
      },
    }),
    spell: slopeInWords,
    spellOther: ({ usPerClient }) => plainFigure(usPerClient),
    whyUnknown: () => 'it has no slope to compare',
  };
}

function estimateOf({ usPerClient, standardErrorUs }: GrowthRow) {
  return { value: usPerClient, variance: standardErrorUs ** 2 };
}

function slopeInWords({ usPerClient, standardErrorUs, linear }: GrowthRow): string {
  const slope = `${plainFigure(usPerClient)} ± ${plainFigure(standardErrorUs)} µs/s a client`;
  return linear ? slope : `${slope} (not linear)`;
}

/** How its server's CPU grows with clients, in two lines. */
export function growthInWords(row: GrowthRow, { clients }: GrowthEvidence): string[] {
  const { exponent } = row;
  const [from, to] = [clients[0] ?? 0, clients.at(-1) ?? 0].map(formatCount);
  const power =
    exponent === null
      ? []
      : [`CPU ∝ clients^${exponent.value.toFixed(2)} ± ${exponent.standardError.toFixed(2)} (${from} to ${to})`];
  return [...power, `a client more takes ${slopeInWords(row).replace('/s a client', ' of CPU a second')}`];
}
