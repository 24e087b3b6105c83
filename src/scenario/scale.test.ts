import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { builtInTransports, loadTransport } from '../transports/index.js';
import type { SettingSpecs } from '../transports/transport.js';
import { resolveRows } from './rows.js';
import { scaledSettings, scaledSpecs } from './scale.js';

const SPECS: SettingSpecs = {
  intervalMs: { kind: 'durationMs', default: 500, min: 1, max: 60_000, meaning: 'a period' },
  pingMs: { kind: 'durationMs', default: 0, min: 0, max: 60_000, meaning: 'a period; 0: none' },
  timeoutMs: { kind: 'durationMs', default: 30_000, min: 1, max: 60_000, scales: false, meaning: 'patience' },
  keep: { kind: 'integer', default: 10, min: 1, max: 100, meaning: 'a count' },
  deflate: { kind: 'boolean', default: false, meaning: 'a switch' },
};

describe('scaledSettings', () => {
  const settings = { intervalMs: 30_000, pingMs: 0, timeoutMs: 30_000, keep: 10, deflate: true };

  it('divides periods and nothing else; none stays none', () => {
    expect(scaledSettings('polling', settings, SPECS, 60)).toEqual({ ...settings, intervalMs: 500 });
  });

  it('leaves everything as it is at a scale of 1', () => {
    expect(scaledSettings('polling', settings, SPECS, 1)).toBe(settings);
    expect(scaledSpecs(SPECS, 1)).toBe(SPECS);
  });

  it('refuses a period that gets too short', () => {
    expect(() => scaledSettings('polling', { ...settings, intervalMs: 100 }, SPECS, 600)).toThrow(
      new UsageError(
        '`polling`: `intervalMs` of 100ms is 0ms at a scale of 600, below 1ms: lower --scale or make it longer',
      ),
    );
  });
});

describe('a scaled row', () => {
  const registry = {
    builtIn: new Map(builtInTransports.map(({ name, module }) => [name, module])),
    load: loadTransport,
  };
  const labelsAt = async (specs: readonly string[], scale: number) =>
    (
      await resolveRows(
        specs.map((spec) => ({ spec, where: '-t' })),
        'server',
        registry,
        process.cwd(),
        { scale },
      )
    ).map(({ label, worstWaitMs }) => [label, worstWaitMs]);

  it('names what was changed as it is, and not what was only scaled', async () => {
    expect(await labelsAt(['short-polling:intervalMs=30s', 'short-polling', 'long-polling'], 60)).toEqual([
      ['Short polling intervalMs=500ms', 500],
      ['Short polling', 8],
      ['Long polling', 0],
    ]);
  });
});
