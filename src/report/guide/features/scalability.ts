import { formatCount } from '../../../units.js';
import { plainFigure } from '../../wording.js';
import { type Evidence, extraOf, type GuideColumn, whyNoRow } from '../columns.js';
import { type Feature, found, missing, together } from '../feature.js';
import { type Grading, gradeClaims } from '../grades.js';
import { type Growth, growthOf } from '../growth.js';
import { middleOf } from '../order.js';

/** The most clients are searched for by a command of its own. */
const NO_CAPACITY = 'capacity: not measured; rtbench capacity';

function growthIn(column: GuideColumn, evidence: Evidence): Growth | string {
  const extra = extraOf('growth', evidence, column);
  if ('missing' in extra) return extra.missing;
  if (column.sound === null) return whyNoRow(column);
  const growth = growthOf(column.sound, evidence.report.scenario.workload.clients, extra.found.points);
  return growth ?? 'not measured: CPU at fewer clients and at all of them takes completed rounds of both';
}

const GRADING: Grading = {
  grades: { 'Short Polling': 2, 'Long Polling': 1, SSE: 0, WebSockets: 0 },
  seriesOf: (column, evidence) => {
    const growth = growthIn(column, evidence);
    return typeof growth === 'string' ? growth : growth.usPerClient;
  },
  spell: (us) => `${plainFigure(us)} µs/s a client`,
  spellOther: plainFigure,
};

const reason =
  'what limits the number of clients is what one client more takes of the server: the slope of its CPU over clients, at ' +
  'the same rate of messages. Poor, moderate and good are taken as an order, because none of them is a number';

export const scalability: Feature = {
  key: 'scalability',
  found: (column, evidence) => {
    const growth = growthIn(column, evidence);
    if (typeof growth === 'string') return missing(growth, ...(column.row === null ? [] : [NO_CAPACITY]));
    const { clients, factor, usPerClient } = growth;
    const slope = middleOf(usPerClient);
    const times = plainFigure(clients.to / clients.from);
    return together(
      found(
        `CPU × ${plainFigure(factor)} for clients × ${times} (${formatCount(clients.from)} to ${formatCount(clients.to)})`,
        ...(slope === null ? [] : [`a client more takes ${plainFigure(slope)} µs of CPU a second`]),
      ),
      missing(NO_CAPACITY),
    );
  },
  claims: gradeClaims(GRADING, reason, {
    'Short Polling': 'a client more takes more server CPU than with each technique called "Moderate" or "Good"',
    'Long Polling':
      'a client more takes less server CPU than with the technique called "Poor", and more than with those called "Good"',
    SSE: 'a client more takes less server CPU than with each technique called "Poor" or "Moderate"',
    WebSockets: 'a client more takes less server CPU than with each technique called "Poor" or "Moderate"',
  }),
};
