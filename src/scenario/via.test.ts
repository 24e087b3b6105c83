import { expect, test } from 'vitest';
import { parseVia, proxyOf, spellVia, VIA_SPELLINGS } from './via.js';

test('a proxy is meant as its documentation has it, unless told otherwise', () => {
  expect(parseVia('nginx')).toEqual({ middlebox: 'nginx', configuration: 'documented' });
  expect(parseVia('haproxy:default')).toEqual({ middlebox: 'haproxy', configuration: 'default' });
  expect(parseVia('hostile:http-1.0')).toEqual({ middlebox: 'hostile', configuration: 'http-1.0' });
  expect(parseVia('browser')).toBe('browser');
});

test('what is spelled is read as the same again', () => {
  for (const text of VIA_SPELLINGS) expect(parseVia(spellVia(parseVia(text)))).toEqual(parseVia(text));
  expect(new Set(VIA_SPELLINGS).size).toBe(VIA_SPELLINGS.length);
});

test.each(['hostile', 'hostile:documented', 'nginx:', 'nginx:gzip', 'squid', ''])('%j is not known', (text) => {
  expect(VIA_SPELLINGS).not.toContain(text);
  expect(() => parseVia(text)).toThrow(/is not one of browser, nginx, nginx:documented/);
});

test('only a proxy stands between', () => {
  expect(proxyOf({ via: null })).toBeNull();
  expect(proxyOf({ via: 'browser' })).toBeNull();
  expect(proxyOf({ via: parseVia('nginx') })).toEqual(parseVia('nginx'));
});
