import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import type { SettingSpecs } from '../transports/transport.js';
import { changedSettings, formatTransportSpec, parseTransportSpec, resolveSettings } from './transport-spec.js';

const SPECS: SettingSpecs = {
  intervalMs: { kind: 'durationMs', default: 500, min: 10, max: 60_000, meaning: 'time between polls' },
  streams: { kind: 'integer', default: 1, min: -3, max: 8, meaning: 'streams' },
  deflate: { kind: 'boolean', default: false, meaning: 'compress' },
  format: { kind: 'choice', default: 'json', choices: ['json', 'binary'], meaning: 'of answers' },
};

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
}

function resolveText(text: string) {
  return resolveSettings(parseTransportSpec(text), SPECS);
}

describe('parseTransportSpec', () => {
  it.each<[string, string, Record<string, string>]>([
    ['sse', 'sse', {}],
    ['websocket:deflate=true', 'websocket', { deflate: 'true' }],
    ['x:a=1,b=2', 'x', { a: '1', b: '2' }],
    [' x : a = 1 , b = 2 ', 'x', { a: '1', b: '2' }],
    ['x:url=http://localhost', 'x', { url: 'http://localhost' }],
    ['x:a=b=c', 'x', { a: 'b=c' }],
    ['./x.js', './x.js', {}],
    ['../lib/x.js:a=1', '../lib/x.js', { a: '1' }],
    ['/abs/x.js:a=1', '/abs/x.js', { a: '1' }],
    ['C:\\lib\\x.js', 'C:\\lib\\x.js', {}],
    ['C:\\lib\\x.js:a=1', 'C:\\lib\\x.js', { a: '1' }],
    ['c:/lib/x.js:a=1', 'c:/lib/x.js', { a: '1' }],
    ['file:///abs/x.js', 'file:///abs/x.js', {}],
    ['file:///abs/x.js:a=1', 'file:///abs/x.js', { a: '1' }],
    ['file:///C:/x.js:a=1', 'file:///C:/x.js', { a: '1' }],
    ['@scope/mine:a=1', '@scope/mine', { a: '1' }],
    ['rtbench-mine/entry.js', 'rtbench-mine/entry.js', {}],
    ['c:a=1', 'c', { a: '1' }],
  ])('%j', (text, target, settings) => {
    const spec = parseTransportSpec(text);
    expect([spec.target, Object.fromEntries(spec.settings)]).toEqual([target, settings]);
  });

  it.each<[string, readonly string[]]>([
    ['', ['`` does not begin with a transport, such as sse or ./mine.js']],
    [':a=1', ['`:a=1` does not begin with a transport, such as sse or ./mine.js']],
    ['sse:', ['`sse:`: `` is not key=value, as in websocket:deflate=true']],
    ['sse:a', ['`sse:a`: `a` is not key=value, as in websocket:deflate=true']],
    ['sse:a=1,', ['`sse:a=1,`: `` is not key=value, as in websocket:deflate=true']],
    ['sse:a=', ['`sse:a=`: `a=` is not key=value, as in websocket:deflate=true']],
    ['sse:a=1,a=2', ['`sse:a=1,a=2`: `a` is given twice']],
    [
      'sse:a,=2',
      [
        '`sse:a,=2`: `a` is not key=value, as in websocket:deflate=true',
        '`sse:a,=2`: `=2` is not key=value, as in websocket:deflate=true',
      ],
    ],
  ])('refuses %j', (text, problems) => {
    expect(problemsOf(() => parseTransportSpec(text))).toEqual(problems);
  });
});

describe('resolveSettings', () => {
  it.each<[string, Record<string, unknown>]>([
    ['x', {}],
    ['x:intervalMs=250', { intervalMs: 250 }],
    ['x:intervalMs=250ms', { intervalMs: 250 }],
    ['x:intervalMs=5s', { intervalMs: 5_000 }],
    ['x:intervalMs=60000', { intervalMs: 60_000 }],
    ['x:streams=-3', { streams: -3 }],
    ['x:deflate=true,format=binary', { deflate: true, format: 'binary' }],
    ['x:deflate=false', {}],
  ])('%j', (text, changed) => {
    const defaults = { intervalMs: 500, streams: 1, deflate: false, format: 'json' };
    expect(resolveText(text)).toEqual({ ...defaults, ...changed });
  });

  it.each([
    ['intervalMs=fast', '`intervalMs` must be a duration from 10ms to 60s, such as 500ms, got `fast`'],
    ['intervalMs=9', '`intervalMs` must be a duration from 10ms to 60s, such as 500ms, got `9`'],
    ['intervalMs=61s', '`intervalMs` must be a duration from 10ms to 60s, such as 500ms, got `61s`'],
    ['streams=1.5', '`streams` must be a whole number from -3 to 8, got `1.5`'],
    ['streams=9', '`streams` must be a whole number from -3 to 8, got `9`'],
    ['deflate=yes', '`deflate` must be `true` or `false`, got `yes`'],
    ['format=JSON', '`format` must be one of `json`, `binary`, got `JSON`'],
    [
      'interval=5s',
      'unknown setting `interval`; did you mean `intervalMs`? its settings: intervalMs, streams, deflate, format',
    ],
    ['toString=1', 'unknown setting `toString`; its settings: intervalMs, streams, deflate, format'],
  ])('refuses %j', (setting, problem) => {
    expect(problemsOf(() => resolveText(`x:${setting}`))).toEqual([`\`x\`: ${problem}`]);
  });

  it('tells every problem at once, and where there is nothing to set', () => {
    expect(problemsOf(() => resolveText('x:a=1,streams=99,deflate=1'))).toHaveLength(3);
    expect(problemsOf(() => resolveSettings(parseTransportSpec('x:a=1'), {}))).toEqual([
      '`x`: unknown setting `a`; it has no settings',
    ]);
  });
});

describe('formatTransportSpec', () => {
  it('names what differs from the defaults', () => {
    const settings = resolveText('x:deflate=true,intervalMs=5000');
    expect(changedSettings(settings, SPECS)).toEqual(['intervalMs=5s', 'deflate=true']);
    expect(formatTransportSpec('x', settings, SPECS)).toBe('x:intervalMs=5s,deflate=true');
    expect(formatTransportSpec('x', resolveText('x'), SPECS)).toBe('x');
  });

  it('gives a spec that parses to the same transport and settings', () => {
    const targets = ['sse', './a b/x.js', '../x.js', '/x.js', 'C:\\x.js', 'd:/x.js', 'file:///C:/x.js', '@scope/mine'];
    const settings = fc.record({
      intervalMs: fc.integer({ min: 10, max: 60_000 }),
      streams: fc.integer({ min: -3, max: 8 }),
      deflate: fc.boolean(),
      format: fc.constantFrom('json', 'binary'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...targets), settings, (target, values) => {
        const spec = parseTransportSpec(formatTransportSpec(target, values, SPECS));
        expect(spec.target).toBe(target);
        expect(resolveSettings(spec, SPECS)).toEqual(values);
      }),
    );
  });
});
