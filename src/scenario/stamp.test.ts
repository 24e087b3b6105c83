import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClockOffset, parseStamp, STAMP_UNITS, spellStamp, tellsTime } from './stamp.js';

describe('a stamp', () => {
  it.each([
    ['envelope', { kind: 'envelope' }],
    ['none', { kind: 'none' }],
    ['field:/time:ms', { kind: 'field', place: { kind: 'pointer', tokens: ['time'] }, unit: 'ms' }],
    ['field:/a~1b/0/~0c:iso', { kind: 'field', place: { kind: 'pointer', tokens: ['a/b', '0', '~c'] }, unit: 'iso' }],
    ['field:regex:t=(\\d+):s', { kind: 'field', place: { kind: 'regex', source: 't=(\\d+)' }, unit: 's' }],
    ['field:regex:"at":(\\d+):ms', { kind: 'field', place: { kind: 'regex', source: '"at":(\\d+)' }, unit: 'ms' }],
    ['field:/seq:sequence', { kind: 'field', place: { kind: 'pointer', tokens: ['seq'] }, unit: 'sequence' }],
  ])('is read: %s', (text, stamp) => {
    expect(parseStamp(text)).toEqual(stamp);
    expect(spellStamp(parseStamp(text) ?? { kind: 'none' })).toBe(text);
  });

  it.each([
    '',
    'nothing',
    'field',
    'field:/time',
    'field:/time:minutes',
    'field:time:ms',
    'field:regex::ms',
    'field:regex:(:ms',
    'field:/a~2:ms',
  ])('is none: %s', (text) => expect(parseStamp(text)).toBeUndefined());

  it('by any pointer is spelled as it is read', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.constantFrom(...STAMP_UNITS), (tokens, unit) => {
        const stamp = { kind: 'field', place: { kind: 'pointer', tokens }, unit } as const;
        expect(parseStamp(spellStamp(stamp))).toEqual(stamp);
      }),
    );
  });

  it('is a time or a number', () => {
    const isTime = (text: string) => tellsTime(parseStamp(text) ?? { kind: 'none' });
    expect(['none', 'envelope', 'field:/n:sequence', 'field:/t:s'].map(isTime)).toEqual([false, false, false, true]);
  });
});

describe('a clock offset', () => {
  it.each([
    ['3ms±1ms', { offsetUs: 3_000, errorUs: 1_000 }],
    ['-0.5s +- 20us', { offsetUs: -500_000, errorUs: 20 }],
    ['0ms±0ms', { offsetUs: 0, errorUs: 0 }],
  ])('is read: %s', (text, offset) => expect(parseClockOffset(text)).toEqual(offset));

  it.each(['3ms', '±1ms', '3±1', '3ms±-1ms', 'soon'])('is none: %s', (text) =>
    expect(parseClockOffset(text)).toBeUndefined(),
  );
});
