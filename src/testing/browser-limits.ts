import type { BrowserLimits, ConnectionLimit } from '../report/browser-limits-schema.js';
import { exampleReport } from './example-report.js';

const SSE = {
  transport: 'sse',
  label: 'SSE',
  group: 'web',
  deliveredBy: 'push',
  inProcess: false,
  settings: {},
  tls: false,
  asked: 10,
} as const;

/** Six of ten over HTTP/1.1, all of them over HTTP/2 and of WebSocket, and one row that failed. */
export function exampleBrowserLimits(changes: Partial<BrowserLimits> = {}): BrowserLimits {
  const { tool, environment } = exampleReport();
  const limits: ConnectionLimit[] = [
    {
      ...SSE,
      state: 'completed',
      atServer: 6,
      sockets: 6,
      furtherRequestMs: null,
      notMeasured: { furtherRequestMs: 'no answer within 2 s' },
    },
    {
      ...SSE,
      state: 'completed',
      label: 'SSE over HTTP/2',
      tls: true,
      atServer: 10,
      sockets: 1,
      furtherRequestMs: 4.2,
      notMeasured: {},
    },
    {
      ...SSE,
      state: 'completed',
      transport: 'websocket',
      label: 'WebSocket',
      atServer: 10,
      sockets: 11,
      furtherRequestMs: 3.1,
      notMeasured: {},
    },
    { ...SSE, state: 'failed', label: 'Long polling', reason: 'the page is gone' },
  ];
  return {
    schemaVersion: 1,
    kind: 'browser',
    tool,
    startedAt: '2026-11-24T12:00:00.000Z',
    durationMs: 20_000,
    command: 'rtbench browser',
    environment,
    interrupted: false,
    browser: { name: 'Chromium', version: '150.0' },
    waitMs: 2_000,
    planned: limits.length,
    limits,
    unreachable: [{ transport: 'grpc', label: 'gRPC streaming', reason: 'gRPC ends its answers with trailers' }],
    ...changes,
  };
}
