import { expect, test } from 'vitest';
import { parseVia } from '../scenario/via.js';
import { EXAMPLE_SCENARIO, exampleReport } from '../testing/example-report.js';
import { proxyFact, proxyNotes } from './proxy-wording.js';
import type { Environment, Report } from './schema.js';

function reportVia(via: string, proxy: Environment['proxy']): Report {
  const report = exampleReport({ scenario: { ...EXAMPLE_SCENARIO, via: parseVia(via) } });
  return { ...report, environment: { ...report.environment, proxy } };
}

const NGINX = { name: 'nginx', title: 'nginx', version: '1.22.1' };

test('a proxy is named with its version and how it was set up', () => {
  expect(proxyFact(reportVia('nginx', NGINX))).toBe(
    'through nginx 1.22.1, set up as its documentation says for each technique',
  );
  expect(proxyFact(reportVia('nginx:default', NGINX))).toBe('through nginx 1.22.1, as it is by default');
  const hostile = { name: 'hostile', title: 'Hostile proxy', version: null };
  expect(proxyFact(reportVia('hostile:gzip', hostile))).toBe('through the hostile proxy, mode gzip');
});

test('which hop is counted is said', () => {
  const [bytes, latency, ...others] = proxyNotes(reportVia('nginx', NGINX));
  expect(bytes).toMatch(/^Bytes are those between nginx 1\.22\.1 and the server/);
  expect(latency).toMatch(/Latency has the way through nginx/);
  expect(others).toEqual([]);
  expect(proxyNotes(reportVia('nginx:default', NGINX)).at(-1)).toMatch(/by default \(nginx:default\)/);
});

test('without a proxy there is nothing to say', () => {
  expect(proxyFact(exampleReport({}))).toBeUndefined();
  expect(proxyNotes(exampleReport({}))).toEqual([]);
  expect(proxyNotes(reportVia('browser', null))).toEqual([]);
});
