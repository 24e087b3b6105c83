import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** How a client shows who it is: in the header `Authorization`, in a cookie, in the URL, or in its first message. */
export const AUTH_WAYS = ['bearer', 'cookie', 'query', 'first-message'] as const;
export type AuthWay = (typeof AUTH_WAYS)[number];

/** What a server asks for and a client shows. */
export interface Credentials {
  readonly way: AuthWay;
  readonly token: string;
}

/** Name of the cookie and of the query parameter. */
const NAME = 'token';
const SCHEME = 'Bearer ';

/** The fields a request has to carry; none where the token goes elsewhere. */
export function authHeaders(credentials: Credentials | null | undefined): Record<string, string> {
  if (credentials?.way === 'bearer') return { authorization: SCHEME + credentials.token };
  return credentials?.way === 'cookie' ? { cookie: `${NAME}=${credentials.token}` } : {};
}

/** What goes behind a path that has a query already. */
export function authQuery(credentials: Credentials | null | undefined): string {
  return credentials?.way === 'query' ? `&${NAME}=${encodeURIComponent(credentials.token)}` : '';
}

/** Whether a request shows the token. Never where it goes with the first message, which a request does not have. */
export function isAuthorized(
  { way, token }: Credentials,
  { authorization, cookie }: Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>,
  url: URL,
): boolean {
  switch (way) {
    case 'bearer':
      return isBearer(authorization, token);
    case 'cookie':
      return (cookie ?? '').split('; ').some((pair) => isSame(pair, `${NAME}=${token}`));
    case 'query':
      return isSame(url.searchParams.get(NAME), token);
    case 'first-message':
      return false;
  }
}

export function isBearer(authorization: unknown, token: string): boolean {
  return isSame(authorization, SCHEME + token);
}

/** Takes as long whichever byte differs, so that the time tells nothing of a token but its length. */
export function isSame(shown: unknown, expected: string): boolean {
  if (typeof shown !== 'string') return false;
  const [a, b] = [Buffer.from(shown), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
