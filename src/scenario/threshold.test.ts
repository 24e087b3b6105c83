import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpectFlag } from './expect.js';
import { EXPECT_FIGURES } from './expect-figures.js';
import { isMet, OPERATORS, parseLimit, spellFigure, spellThreshold } from './threshold.js';

describe('a threshold', () => {
  it.each([
    ['latencyUs.p99', '<250ms', '<', 250_000],
    ['latencyUs.p50', ' <= 400 us ', '<=', 400],
    ['stalenessMs.p99', '<1.5s', '<', 1_500],
    ['delivery.lost', 0, '=', 0],
    ['delivery.lost', '0', '=', 0],
    ['delivery.delivered', '==300', '=', 300],
    ['bytes.perMessage.down', '<=130', '<=', 130],
    ['bytes.perMessage.down', '<=102.5', '<=', 102.5],
    ['bytes.down', '<2KiB', '<', 2_048],
    ['server.cpuShare', '<80%', '<', 0.8],
    ['server.cpuShare', '<0.35', '<', 0.35],
    ['throughput.deliveredPerSecond', '>=6/min', '>=', 0.1],
    ['server.rssPerClientBytes', '>0', '>', 0],
  ])('%s %s', (path, value, operator, limit) => {
    expect(parseLimit(path, value)).toEqual({ path, operator, limit });
  });

  it.each([
    [
      'latencyUs.p98',
      '<250ms',
      /`latencyUs.p98` is no figure .*did you mean `latencyUs.p9\d?`\? there are latencyUs.min,/,
    ],
    ['wat', '<1', /no figure.*such are latencyUs.p99, delivery.lost/],
    ['latencyUs.p99', '<250', /`250` is not a duration with a unit: give an operator and a duration .*"<250ms"/],
    ['latencyUs.p99', '<250kB', /`250kB` is not a duration/],
    ['bytes.perMessage.down', '<3ms', /`3ms` is not a size in bytes/],
    ['delivery.lost', '<3ms', /`3ms` is not a number/],
    ['delivery.lost', '!=3', /`!=` is no operator; there are <, <=, >, >=, =$/],
    ['delivery.lost', '=<3', /`=<` is no operator/],
    ['latencyUs.p99', '=250ms', /`=`: what is not counted is never exactly so much/],
    ['latencyUs.p99', '250ms', /has no operator/],
    ['delivery.lost', '-3', /`-3` is not a number/],
    ['delivery.lost', '', /`` is not a number/],
    ['delivery.lost', '>=0', /can never fail/],
    ['delivery.lost', '<0', /can never hold/],
    ['delivery.lost', null, /must be .* got nothing/],
    ['delivery.lost', ['<3'], /must be .* got \["<3"\]/],
  ])('%s %j is refused', (path, value, problem) => {
    expect(() => parseLimit(path, value)).toThrow(problem);
  });

  it('holds on its own side of the limit alone', () => {
    const holds = (limit: number, value: number) =>
      OPERATORS.filter((operator) => isMet({ path: 'delivery.lost', operator, limit }, value)).join(' ');
    expect([holds(3, 2), holds(3, 3), holds(3, 4)]).toEqual(['< <=', '<= >= =', '> >=']);
  });

  it('is read from what it is spelled as, where that has the digits for it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...[...EXPECT_FIGURES].filter(([, { exact }]) => exact).map(([path]) => path)),
        fc.integer({ min: 1, max: 999 }),
        fc.constantFrom(...OPERATORS),
        (path, limit, operator) => {
          const spelled = spellThreshold({ path, limit, operator, row: null });
          expect(parseExpectFlag(spelled)).toEqual({ spec: null, path, limit, operator });
        },
      ),
    );
  });

  it('has its figures with their units', () => {
    expect(spellFigure('latencyUs.p99', 231_400)).toBe('231 ms');
    expect(spellFigure('stalenessMs.p99', 12)).toBe('12.0 ms');
    expect(spellFigure('server.cpuShare', 0.425)).toBe('42.5 %');
    expect(spellFigure('bytes.perMessage.down', 102)).toBe('102 B');
    expect(spellFigure('delivery.delivered', 36_000)).toBe('36,000');
  });
});

describe('--expect', () => {
  it.each([
    ['latencyUs.p99<250ms', null, 'latencyUs.p99', '<', 250_000],
    ['latencyUs.p99 <= 250ms', null, 'latencyUs.p99', '<=', 250_000],
    ['websocket bytes.perMessage.down<=130', 'websocket', 'bytes.perMessage.down', '<=', 130],
    ['websocket:deflate=true delivery.lost = 0', 'websocket:deflate=true', 'delivery.lost', '=', 0],
  ])('%s', (text, spec, path, operator, limit) => {
    expect(parseExpectFlag(text)).toEqual({ spec, path, operator, limit });
  });

  it.each(['', 'latencyUs.p99', '<250ms', 'sse websocket delivery.lost=0'])('`%s` is no threshold', (text) => {
    expect(() => parseExpectFlag(text)).toThrow('is no threshold: give a figure, an operator and a value');
  });
});
