import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { item, paragraph, wrap, wrapName } from './layout.js';

const words = fc.array(fc.stringMatching(/^[a-z,=:0-9]{1,12}$/), { minLength: 1 }).map((list) => list.join(' '));

describe('wrap', () => {
  it('loses nothing and keeps the width', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 40 }), (text, width) => {
        const lines = wrap(text, width);
        expect(lines.join(' ')).toBe(text);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('gives a longer word a line of its own', () => {
    expect(wrap('an unbreakable one', 5)).toEqual(['an', 'unbreakable', 'one']);
  });
});

describe('wrapName', () => {
  it('breaks long names behind their signs first', () => {
    expect(wrapName('Short polling keepAlive=false,format=binary', 14)).toEqual([
      'Short polling',
      'keepAlive=',
      'false,',
      'format=binary',
    ]);
  });

  it('loses nothing and keeps every width', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 20 }), (text, width) => {
        const lines = wrapName(text, width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});

it('keeps a number and its unit together', () => {
  expect(paragraph('it takes 500 ms', 16)).toEqual(['  it takes', '  500 ms']);
  expect(paragraph('it is 500 messages', 12)).toEqual(['  it is 500', '  messages']);
});

it('indents the further lines of an item', () => {
  expect(item('one two three', 11)).toEqual(['  • one two', '    three']);
});
