import { expect, it } from 'vitest';
import shortPolling from '../transports/short-polling/index.js';
import tcp from '../transports/tcp/index.js';
import type { Transport } from '../transports/transport.js';
import { paced } from './pace.js';
import { waitsOf } from './rows.js';
import type { Row } from './scenario.js';

function rowOf(transport: Transport, changes: Record<string, number | boolean | string> = {}): Row {
  const defaults = Object.entries(transport.settings).map(([key, spec]) => [key, spec.default] as const);
  const settings = { ...Object.fromEntries(defaults), ...changes };
  return {
    transport: transport.profile.name,
    module: 'file:///x.js',
    label: 'X',
    settings,
    profile: transport.profile,
    ...waitsOf(transport, settings),
  };
}

it('changes the setting that the longest wait is, and nothing else', () => {
  const row = rowOf(shortPolling, { intervalMs: 400 });
  const half = paced(row, shortPolling, 0.5);
  expect(half).toEqual({ ...row, settings: { ...row.settings, intervalMs: 200 }, worstWaitMs: 200, noticesMs: 30_200 });
  expect(paced(row, shortPolling, 1)).toEqual(row);
});

it('keeps to what the setting allows', () => {
  const { min = 0 } = { ...shortPolling.settings.intervalMs } as { min?: number };
  const row = rowOf(shortPolling, { intervalMs: min });
  expect(paced(row, shortPolling, 0.5).settings.intervalMs).toBe(min);
});

it('leaves a row alone that does not wait', () => {
  const row = rowOf(tcp);
  expect(paced(row, tcp, 0.5)).toBe(row);
});
