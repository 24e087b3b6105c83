import { expect, test } from 'vitest';
import { middleboxFor } from './proxy.js';

test('as documented it has the lines for what the server speaks, by default none', () => {
  const documented = { middlebox: 'nginx', configuration: 'documented' } as const;
  expect(middleboxFor(documented, 'h2')).toEqual({
    ref: { kind: 'foreign', name: 'nginx', mends: ['http2'] },
    lines: expect.arrayContaining(['listen <address> http2;', 'grpc_pass grpc://<server>;']),
  });
  expect(middleboxFor(documented, 'http/1.1').ref).toMatchObject({ mends: ['streaming', 'upgrade', 'timeouts'] });
  expect(middleboxFor({ ...documented, configuration: 'default' }, 'http/1.1')).toEqual({
    ref: { kind: 'foreign', name: 'nginx', mends: [] },
    lines: [],
  });
});

test('what is no HTTP passes HAProxy as bytes; nginx has no lines for it', () => {
  expect(middleboxFor({ middlebox: 'haproxy', configuration: 'documented' }, 'bytes').lines).toEqual(['mode tcp']);
  expect(middleboxFor({ middlebox: 'nginx', configuration: 'documented' }, 'bytes').lines).toEqual([]);
});

test('the hostile proxy is one of its modes', () => {
  expect(middleboxFor({ middlebox: 'hostile', configuration: 'gzip' }, 'h2')).toMatchObject({
    ref: { kind: 'hostile', mode: 'gzip' },
    lines: [],
  });
});
