import { AUTH_WAYS, type AuthWay } from '../transports/credentials.js';
import type { Row } from './scenario.js';

/** What a way must be, for error messages. */
export const AUTH_ACCEPTED = '`bearer`, `cookie`, `query` or `first-message`';

/** `undefined` where the text is not `AUTH_ACCEPTED`. */
export function parseAuthWay(text: string): AuthWay | undefined {
  return AUTH_WAYS.find((way) => way === text);
}

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
    return way === null ? [] : authNote({ label: row.label, way, inBrowser: waysInBrowser(row) }, asked);
  });
}

/** The ways that a page has with what browsers have built in; `null`: no browser reaches the transport. */
export function waysInBrowser({ profile }: Pick<Row, 'profile'>): AuthWay[] | null {
  return profile.browser === 'unavailable' ? null : [...(profile.auth?.browser ?? [])];
}

export interface ShownBy {
  readonly label: string;
  readonly way: AuthWay;
  readonly inBrowser: readonly AuthWay[] | null;
}

/** Of one row; none where it does as asked for and a page could. */
export function authNote({ label, way, inBrowser }: ShownBy, asked: AuthWay): readonly string[] {
  if (way !== asked) return [`${label} cannot authenticate by ${asked}: by ${way} instead`];
  if (inBrowser === null || inBrowser.includes(way)) return [];
  return [`${label}: no browser can authenticate by ${way}, only by ${inBrowser.join(', ')}; Node's clients can`];
}
