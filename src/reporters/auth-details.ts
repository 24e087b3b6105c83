import type { AuthCost } from '../report/auth-schema.js';
import type { CompletedRow } from '../report/schema.js';
import { between } from '../report/wording.js';
import { formatCount } from '../units.js';
import { NO_FIGURE } from './columns.js';
import type { DetailFigure, DetailGroup } from './detail-figures.js';

/** What authentication costs a connection; empty where nobody was asked for a token. */
export function authGroups(rows: readonly CompletedRow[]): DetailGroup[] {
  if (!rows.some(({ auth }) => auth !== undefined)) return [];
  return [
    {
      title: 'Authentication: what a token adds to the opening of one connection',
      figures: [
        { label: 'shown by', value: ({ auth }) => auth?.way ?? NO_FIGURE },
        figure('bytes more ↑', ({ openingBytes }) => openingBytes?.up),
        figure('bytes more ↓', ({ openingBytes }) => openingBytes?.down),
        figure('µs with it, median', ({ openingUs }) => openingUs?.shown),
        figure('µs without it, median', ({ openingUs }) => openingUs?.without),
        { label: 'µs more', value: ({ auth }) => timeMore(auth?.openingUs ?? null) },
      ],
    },
  ];
}

function figure(label: string, of: (auth: AuthCost) => number | undefined): DetailFigure {
  return {
    label,
    value({ auth }) {
      const value = auth && of(auth);
      return value === undefined ? NO_FIGURE : formatCount(value);
    },
  };
}

/** Only where its interval leaves out 0: a token that took less time than none would be noise. */
function timeMore(time: AuthCost['openingUs']): string {
  if (time === null) return NO_FIGURE;
  const { more, low, high } = time;
  if (low <= 0 && high >= 0) return 'not told apart';
  return `${formatCount(more)} (${between(formatCount(low), formatCount(high))})`;
}
