import type { AuthWay } from '../transports/credentials.js';
import type { Row } from './scenario.js';

type Authenticating = Pick<Row, 'label' | 'profile'>;

/** How a row's clients show their token: as asked for or, where the transport cannot, in the first way that it can. */
export function authWayOf({ profile }: Pick<Row, 'profile'>, asked: AuthWay | null): AuthWay | null {
  if (asked === null || profile.inProcess) return null;
  const ways = profile.auth?.ways ?? [];
  return ways.includes(asked) ? asked : (ways[0] ?? null);
}

/** Of rows that know no way at all. */
export function authProblems(rows: readonly Authenticating[], asked: AuthWay | null): readonly string[] {
  if (asked === null) return [];
  return rows
    .filter((row) => !row.profile.inProcess && authWayOf(row, asked) === null)
    .map(({ label }) => `${label} does not authenticate (its profile has no \`auth\`): leave it or --auth out`);
}

/** What differs from what was asked for, and what a browser cannot do. */
export function authNotes(rows: readonly Authenticating[], asked: AuthWay | null): readonly string[] {
  if (asked === null) return [];
  return rows.flatMap((row) => {
    const way = authWayOf(row, asked);
    if (way === null) return [];
    if (way !== asked) return [`${row.label} cannot authenticate by ${asked}: by ${way} instead`];
    const browser = row.profile.auth?.browser ?? [];
    if (row.profile.browser === 'unavailable' || browser.includes(way)) return [];
    return [`${row.label}: no browser can authenticate by ${way} here, only by ${browser.join(', ')}; this client can`];
  });
}
