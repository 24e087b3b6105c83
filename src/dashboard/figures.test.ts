import { expect, it } from 'vitest';
import { aboutMs, clock, latencyCell, latencyText, oneLine } from './figures.js';

it.each([
  [90, '0.090'],
  [612, '0.61'],
  [1_900, '1.90'],
  [251_300, '251'],
  [null, '–'],
])('latencyCell(%s) is %s', (us, text) => {
  expect(latencyCell(us)).toBe(text);
});

it('latencyText leaves the unit away where there is no figure', () => {
  expect([latencyText(612), latencyText(null)]).toEqual(['0.61 ms', '–']);
});

it.each([
  [0, 'about 1 s'],
  [1_400, 'about 1 s'],
  [19_600, 'about 20 s'],
  [32_400, 'about 30 s'],
  [66_000, 'about 1 min 5 s'],
])('aboutMs(%d) is %s', (ms, text) => {
  expect(aboutMs(ms)).toBe(text);
});

it.each([
  [999, '0:00'],
  [34_500, '0:34'],
  [725_000, '12:05'],
  [3_723_000, '1:02:03'],
])('clock(%d) is %s', (ms, text) => {
  expect(clock(ms)).toBe(text);
});

it("oneLine takes the line breaks, colours and bells out of somebody else's words", () => {
  expect(oneLine('\u001B[31mError:\u001B[39m in use\r\n    at foo\u0007\n')).toBe('Error: in use at foo');
});
