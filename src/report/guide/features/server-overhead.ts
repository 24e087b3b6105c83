import { formatBytes } from '../../../units.js';
import { serverCpuEstimate } from '../../estimate.js';
import type { CompletedRow } from '../../schema.js';
import { between, plainFigure } from '../../wording.js';
import { whyNoRow, whyNull } from '../columns.js';
import { type Feature, type Found, marked, missing, together } from '../feature.js';
import { gradeClaims, gradingByRounds, seriesOfRow } from '../grades.js';

const GRADING = gradingByRounds({
  grades: { 'Short Polling': 2, 'Long Polling': 1, SSE: 0, WebSockets: 0 },
  seriesOf: (column) =>
    seriesOfRow(
      column,
      (run) => (run.state === 'completed' ? run.server.cpuUsPerMessage : null),
      'no round has the server CPU per delivery',
    ),
  spell: (us) => `${plainFigure(us)} µs a delivery`,
  spellOther: (us) => `${plainFigure(us)} µs`,
});

const reason =
  'overhead is what a delivery takes of the server: CPU per delivery, at the load that the report names. The words are ' +
  'taken as an order, high above medium above low, because none of them is a number; two of one word may be anything';

function cpu(row: CompletedRow): Found {
  const { value, bounds } = serverCpuEstimate(row);
  if (value === null) return missing(whyNull(row, 'server.cpuUsPerMessage'));
  const range = bounds === null ? '' : between(plainFigure(bounds.low), plainFigure(bounds.high));
  return { lines: [`CPU ${plainFigure(value)} µs a delivery${range.includes('–') ? `, ${range}` : ''}`], missing: [] };
}

function memory(row: CompletedRow): Found {
  const { median } = row.spread.rssPerClientBytes;
  if (median === null) return missing(`memory ${whyNull(row, 'server.rssPerClientBytes')}`);
  return { lines: [`memory ${formatBytes(median)} a client`], missing: [] };
}

export const serverOverhead: Feature = {
  key: 'server-overhead',
  found: ({ row, ...column }) =>
    row?.state === 'completed'
      ? marked(row.verdict, together(cpu(row), memory(row)))
      : missing(whyNoRow({ row, ...column })),
  claims: gradeClaims(GRADING, reason, {
    'Short Polling': 'server CPU per delivery is higher than that of each technique called "Medium" or "Low"',
    'Long Polling':
      'server CPU per delivery is lower than that of the technique called "High", and higher than those called "Low"',
    SSE: 'server CPU per delivery is lower than that of each technique called "High" or "Medium"',
    WebSockets: 'server CPU per delivery is lower than that of each technique called "High" or "Medium"',
  }),
};
