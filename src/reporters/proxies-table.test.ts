import { expect, test } from 'vitest';
import type { Passage, ProxiesReport } from '../report/proxies/schema.js';
import { exampleReport } from '../testing/example-report.js';
import { renderProxiesMarkdown } from './proxies-markdown.js';
import { renderProxiesTable } from './proxies-table.js';

const DELIVERED: Passage = {
  middlebox: 'direct',
  configuration: 'none',
  mends: [],
  transport: 'sse',
  label: 'SSE',
  group: 'web',
  deliveredBy: 'push',
  inProcess: false,
  settings: {},
  outcome: 'delivered',
  reason: null,
  connectMs: 8.1,
  firstMessageMs: 9.2,
  delayMs: { median: 1, max: 2 },
  published: 5,
  delivered: 5,
  bursts: 5,
  heldBackBytes: null,
  survivedSilence: null,
  notMeasured: {},
};

const PLAIN = { ...DELIVERED, middlebox: 'nginx', configuration: 'default' };

function reportWith(passages: readonly Passage[]): ProxiesReport {
  return {
    schemaVersion: 1,
    kind: 'proxies',
    tool: { name: 'rtbench', version: '0.1.0' },
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 1_000,
    command: 'rtbench proxies',
    environment: exampleReport().environment,
    interrupted: false,
    timing: { messages: 5, intervalMs: 500, promptMs: 100, silenceMs: 0 },
    idleCutMs: 2_000,
    middleboxes: [
      {
        name: 'haproxy',
        title: 'HAProxy',
        version: null,
        state: 'notInstalled',
        debianPackage: 'haproxy',
        configurations: [],
      },
    ],
    passages: [...passages],
    mends: [
      {
        middlebox: 'nginx',
        transport: 'sse',
        label: 'SSE',
        from: 'delayed',
        names: ['streaming'],
        lines: [{ at: 'location', text: 'proxy_buffering off;', reason: 'as it comes', source: 'https://example.org' }],
        to: 'delivered',
      },
    ],
  };
}

const REPORT = reportWith([
  DELIVERED,
  { ...PLAIN, outcome: 'delayed', heldBackBytes: 4_596, reason: 'held back until about 4 KiB were published' },
  { ...DELIVERED, label: 'WebSocket', transport: 'websocket' },
  {
    ...PLAIN,
    label: 'WebSocket',
    transport: 'websocket',
    outcome: 'dead',
    reason: 'Unexpected server response: 404',
    firstMessageMs: null,
  },
]);

test('the matrix, what mends, what was seen and what is missing', () => {
  const text = renderProxiesTable(REPORT, { width: 100, color: false });
  expect(text).toContain(`
                           direct          nginx
                                         default
  ──────────────────────────────────────────────
  SSE                   delivered        delayed
                             9 ms       to 4 KiB
  WebSocket             delivered           dead
                             9 ms              –
`);
  expect(text).toContain(`
  • SSE behind nginx: delayed by default, delivered with:
      proxy_buffering off;
`);
  expect(text).toContain('  • WebSocket behind nginx: none of the lines that rtbench knows mends it.\n');
  expect(text).toContain('  • nginx default · WebSocket: dead, Unexpected server response: 404\n');
  expect(text).toContain('  • HAProxy is not installed here and was left out: apt-get install haproxy.\n');
  expect(text).not.toContain('too busy');
});

test('with nothing between late as well, the machine is to blame', () => {
  const late = { ...DELIVERED, outcome: 'delayed', reason: 'each message about 300 ms late' } as const;
  expect(renderProxiesTable(reportWith([late]), { width: 100, color: false })).toContain(
    'this machine was too busy for',
  );
});

test('the same as Markdown', () => {
  const text = renderProxiesMarkdown(REPORT);
  expect(text).toContain(`
|  | direct | nginx default |
| :-- | --: | --: |
| SSE | delivered<br>9 ms | delayed<br>to 4 KiB |
| WebSocket | delivered<br>9 ms | dead<br>– |
`);
  expect(text).toContain('```\nproxy_buffering off;\n```');
});
