import { formatCount } from '../../../units.js';
import { ERRORS, LEAST_SHARE } from '../../sweep/crossing.js';
import { plainFigure } from '../../wording.js';
import { type Evidence, extraOf, type GuideColumn, whyNoRow } from '../columns.js';
import {
  type Claim,
  type Feature,
  type Found,
  found,
  type Judgement,
  missing,
  notMeasured,
  together,
} from '../feature.js';
import { gradingByRounds, judgeGrade } from '../grades.js';
import { type Growth, growthOf } from '../growth.js';
import type { GuideTechnique } from '../guide.js';
import { capacityInWords, gradingByCapacity, gradingByGrowth, growthInWords, rowOf } from '../load-gradings.js';
import { NO_LOADS } from '../loads-schema.js';
import { middleOf } from '../order.js';

/** What a client more takes: the more, the poorer. */
const TAKES = { 'Short Polling': 2, 'Long Polling': 1, SSE: 0, WebSockets: 0 } as const;
/** What it carries: the more, the better. */
const CARRIES = { 'Short Polling': 0, 'Long Polling': 1, SSE: 2, WebSockets: 2 } as const;

const NO_CAPACITY = 'capacity: not measured in this run; rtbench capacity measures it, --evidence reads it';

function loadsIn({ report }: Evidence) {
  return report.guide?.loads ?? NO_LOADS;
}

/** Of the report's own runs with fewer clients. */
function growthIn(column: GuideColumn, evidence: Evidence): Growth | string {
  const extra = extraOf('growth', evidence, column);
  if ('missing' in extra) return extra.missing;
  if (column.sound === null) return whyNoRow(column);
  const growth = growthOf(column.sound, evidence.report.scenario.workload.clients, extra.found.points);
  return growth ?? 'not measured: CPU at fewer clients and at all of them takes completed rounds of both';
}

const BY_ROUNDS = gradingByRounds({
  grades: TAKES,
  seriesOf: (column, evidence) => {
    const growth = growthIn(column, evidence);
    return typeof growth === 'string' ? growth : growth.usPerClient;
  },
  spell: (us) => `${plainFigure(us)} µs/s a client`,
  spellOther: plainFigure,
});

function foundOfGrowth(column: GuideColumn, evidence: Evidence): Found {
  const { growth: swept } = loadsIn(evidence);
  if (swept !== null) {
    const row = rowOf(swept, column);
    return typeof row === 'string' ? missing(`growth: not measured: ${row}`) : found(...growthInWords(row, swept));
  }
  const growth = growthIn(column, evidence);
  if (typeof growth === 'string') return missing(growth);
  const { clients, factor, usPerClient } = growth;
  const slope = middleOf(usPerClient);
  const times = plainFigure(clients.to / clients.from);
  return found(
    `CPU × ${plainFigure(factor)} for clients × ${times} (${formatCount(clients.from)} to ${formatCount(clients.to)})`,
    ...(slope === null ? [] : [`a client more takes ${plainFigure(slope)} µs of CPU a second`]),
  );
}

function foundOfCapacity(column: GuideColumn, evidence: Evidence): Found {
  const { capacity } = loadsIn(evidence);
  if (capacity.length === 0) return missing(NO_CAPACITY);
  return together(
    ...capacity.map((searched) => {
      const row = rowOf(searched, column);
      return typeof row === 'string'
        ? missing(`capacity: not measured: ${row}`)
        : found(`carries ${capacityInWords(row, searched)}`);
    }),
  );
}

/** Growth first, then each capacity. */
function judgements(technique: GuideTechnique, column: GuideColumn, evidence: Evidence): Judgement[] {
  const { growth, capacity } = loadsIn(evidence);
  return [
    growth === null
      ? judgeGrade(technique, BY_ROUNDS, column, evidence)
      : judgeGrade(technique, gradingByGrowth(growth, TAKES), column, evidence),
    ...capacity.map((searched) => judgeGrade(technique, gradingByCapacity(searched, CARRIES), column, evidence)),
  ];
}

/** What was measured has to say so, each by itself; what one of the figures cannot tell, the others decide. */
function judgeBoth(technique: GuideTechnique, column: GuideColumn, evidence: Evidence): Judgement {
  if (column.row === null) return notMeasured(whyNoRow(column));
  const all = judgements(technique, column, evidence);
  const told = all.filter(({ result }) => result !== 'not measured');
  const against = told.filter(({ result }) => result === 'does not hold');
  const [first] = against.length > 0 ? against : told;
  if (first === undefined) return all[0] ?? notMeasured('nothing was measured');
  const others = (against.length > 0 ? against : told).slice(1).map(({ figure }) => `; ${figure}`);
  return { result: first.result, figure: `${first.figure}${others.join('')}` };
}

const reason =
  'what limits the number of clients is what one client more takes of the server: the slope of its CPU over clients, at ' +
  'the same rate of messages, by the round (runs with fewer clients of --table guide) or by the curve of a sweep over ' +
  `clients, where two slopes are told apart by ${ERRORS} standard errors and ${100 * LEAST_SHARE.serverCpu} %, and are a ` +
  'tie else. How many it carries is the bracket of rtbench capacity: one carries more than another where a level that ' +
  'came through its long stage is above one at which the other gave out by itself; a generator that gave out first says ' +
  'nothing, nor does a p99 that is too late at every level, and brackets that touch are a tie. Each of the two that was ' +
  'measured has to say so, and what one cannot tell the other decides (--evidence reads sweep.json and capacity.json). ' +
  'Poor, moderate and good are taken as an order, because none of them is a number';

function claim(technique: GuideTechnique, rule: string): Claim {
  return { rule, reason, judge: (column, evidence) => judgeBoth(technique, column, evidence) };
}

export const scalability: Feature = {
  key: 'scalability',
  found: (column, evidence) =>
    column.row === null
      ? missing(whyNoRow(column))
      : together(foundOfGrowth(column, evidence), foundOfCapacity(column, evidence)),
  claims: {
    'Short Polling': claim(
      'Short Polling',
      'a client more takes more server CPU than with each technique called "Moderate" or "Good", and it carries fewer',
    ),
    'Long Polling': claim(
      'Long Polling',
      'a client more takes less server CPU than with the technique called "Poor", and more than with those called "Good"; it carries more than the one, and fewer than the others',
    ),
    SSE: claim(
      'SSE',
      'a client more takes less server CPU than with each technique called "Poor" or "Moderate", and it carries more',
    ),
    WebSockets: claim(
      'WebSockets',
      'a client more takes less server CPU than with each technique called "Poor" or "Moderate", and it carries more',
    ),
  },
};
