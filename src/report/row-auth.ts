import { median } from 'simple-statistics';
import type { AuthCost } from './auth-schema.js';
import type { CompletedRun } from './schema.js';

/** Of a row: bytes are the same in every round; times are medians, within the outermost ends of their intervals. */
export function combineAuth([first, ...others]: readonly [CompletedRun, ...CompletedRun[]]): { auth?: AuthCost } {
  if (!first.auth) return {};
  const times = [first, ...others].flatMap(({ auth }) => auth?.openingUs ?? []);
  if (times.length === 0) return { auth: { ...first.auth, openingUs: null } };
  const middle = (key: 'shown' | 'without' | 'more') => median(times.map((time) => time[key]));
  return {
    auth: {
      ...first.auth,
      openingUs: {
        pairs: times.reduce((sum, { pairs }) => sum + pairs, 0),
        shown: middle('shown'),
        without: middle('without'),
        more: middle('more'),
        low: Math.min(...times.map(({ low }) => low)),
        high: Math.max(...times.map(({ high }) => high)),
      },
    },
  };
}
