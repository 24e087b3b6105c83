import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AUTH_WAYS, authHeaders, authQuery, type Credentials, isAuthorized, isSame } from './credentials.js';

/** What a server makes of a request that shows these. */
function accepts(asked: Credentials, shown: Credentials | null): boolean {
  return isAuthorized(asked, authHeaders(shown), new URL(`http://host/path?channel=a${authQuery(shown)}`));
}

const token = fc.stringMatching(/^[\w-]{1,60}$/);
const requestWay = fc.constantFrom('bearer', 'cookie', 'query' as const);

test('a request is accepted with the token, shown in the way asked for', () => {
  fc.assert(fc.property(requestWay, token, (way, text) => accepts({ way, token: text }, { way, token: text })));
});

test('and with nothing else: another token, another way, none', () => {
  fc.assert(
    fc.property(requestWay, requestWay, token, token, (way, otherWay, text, other) => {
      if (text !== other) expect(accepts({ way, token: text }, { way, token: other })).toBe(false);
      if (way !== otherWay) expect(accepts({ way, token: text }, { way: otherWay, token: text })).toBe(false);
      expect(accepts({ way, token: text }, null)).toBe(false);
    }),
  );
});

test('no request has a first message', () => {
  for (const way of AUTH_WAYS) expect(accepts({ way: 'first-message', token: 't' }, { way, token: 't' })).toBe(false);
});

test('a cookie is found among others, and nowhere else', () => {
  const asked: Credentials = { way: 'cookie', token: 'abc' };
  const url = new URL('http://host/');
  expect(isAuthorized(asked, { cookie: 'a=1; token=abc; b=2' }, url)).toBe(true);
  expect(isAuthorized(asked, { cookie: 'a=token=abc; xtoken=abc; token=abcd' }, url)).toBe(false);
});

test('only the same text is the same', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => isSame(a, b) === (a === b)));
  expect([isSame(undefined, ''), isSame(Buffer.from('a'), 'a')]).toEqual([false, false]);
});
