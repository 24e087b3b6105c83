import { expect, test } from 'vitest';
import { detour, endpointsOf } from './between.js';

const urls = ['http://127.0.0.1:4000', 'tcp://127.0.0.1:4001', 'https://127.0.0.2:4000', 'http://127.0.0.1:4000'];

test('each address of the server is listed once, whatever is spoken there', () => {
  expect(endpointsOf(urls)).toEqual([
    { host: '127.0.0.1', port: 4000 },
    { host: '127.0.0.1', port: 4001 },
    { host: '127.0.0.2', port: 4000 },
  ]);
});

test('a detour keeps what a URL says and changes where it leads', () => {
  const instead = [5000, 5001, 5002].map((port) => ({ host: '127.0.0.1', port }));
  expect(detour(urls, endpointsOf(urls), instead)).toEqual([
    'http://127.0.0.1:5000',
    'tcp://127.0.0.1:5001',
    'https://127.0.0.1:5002',
    'http://127.0.0.1:5000',
  ]);
  expect(() => detour(['http://127.0.0.1:9'], endpointsOf(urls), instead)).toThrow('nothing stands between');
});
