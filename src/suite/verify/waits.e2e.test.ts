import { expect, test } from 'vitest';
import { waitsOf } from '../../scenario/rows.js';
import type { Row } from '../../scenario/scenario.js';
import { builtInTransports, loadTransport } from '../../transports/index.js';
import { emptyCheck, emptyPollCheck } from './empty-polls.js';
import { secondMessageCheck } from './second-message.js';

const { signal } = new AbortController();

async function rowOf(name: string, changes: Row['settings'] = {}): Promise<Row> {
  const module = builtInTransports.find((transport) => transport.name === name)?.module ?? '';
  const transport = await loadTransport(module);
  const { profile, settings: specs } = transport;
  const defaults = Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, spec.default]));
  const settings = { ...defaults, ...changes };
  return { transport: name, module, label: profile.title, settings, profile, ...waitsOf(transport, settings) };
}

test('a share of empty polls passes within four standard deviations of what their intervals let expect', () => {
  const p = Math.exp(-1);
  const of = (count: number, empty: number) =>
    emptyCheck(
      { label: 'Short polling' },
      { count, empty, expectedEmpty: count * p, variance: count * p * (1 - p), intervalsMs: 500 * count },
    );
  expect(of(2_000, 736)).toMatchObject({ state: 'passed', theory: p, measured: 0.368 });
  expect(of(2_000, 820).state).toBe('passed');
  expect(of(2_000, 824).state).toBe('failed');
  expect(of(2_000, 648).state).toBe('failed');
  expect(of(0, 0)).toMatchObject({ state: 'failed', note: 'no poll came' });
});

test('polls at an interval find nothing as often as they should, however late they come', async () => {
  const result = await emptyPollCheck(await rowOf('short-polling', { intervalMs: 200 }), signal);
  expect(result).toMatchObject({ state: 'passed', unit: 'share' });
  // e^−1 on a quiet machine; late polls and the short intervals after them move both alike.
  expect(result.theory).toBeGreaterThan(0.1);
  expect(result.theory).toBeLessThan(0.6);
});

test('the second message costs a held poll a round trip, and a push nothing', async () => {
  const held = await secondMessageCheck(await rowOf('long-polling'), signal);
  const pushed = await secondMessageCheck(await rowOf('sse'), signal);
  // Both directions of the relay keep everything for 20 ms at least.
  expect(held.theory).toBeGreaterThanOrEqual(39);
  expect(held.measured).toBeGreaterThanOrEqual(39);
  expect(pushed.theory).toBe(0);
  expect(pushed.measured).toBeLessThan(20);
});
