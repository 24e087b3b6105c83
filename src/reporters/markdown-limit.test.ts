import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, fitted } from './markdown-limit.js';

const LETTER = fc.constantFrom('a', ' ', '\n', '|');
const HINT = 'See the file.';
const fold = (summary: string, length: number): Block => ({ summary, folded: `<f>${'x'.repeat(length)}</f>` });

describe('what is too long', () => {
  it('is left alone where it fits, empty blocks apart', () => {
    expect(fitted(['a', '', fold('Rounds', 3), 'b'], HINT, 200)).toBe('a\n\n<f>xxx</f>\n\nb\n');
  });

  it('loses its last folded parts first, and says which', () => {
    const blocks = ['a', fold('Notes', 20), fold('Everything', 150), fold('Rounds', 150), 'b'];
    expect(fitted(blocks, HINT, 250)).toBe(
      `a\n\n<f>${'x'.repeat(20)}</f>\n\nb\n\n` +
        'Left out here, since a comment holds 250 characters: Everything, Rounds. See the file.\n',
    );
  });

  it('is cut at the end of a line where nothing is folded any more', () => {
    const lines = Array.from({ length: 100 }, (_, line) => `- line ${line}`).join('\n');
    const text = fitted([lines, fold('Rounds', 50)], HINT, 400);
    expect(text).toMatch(/- line \d+\n\nLeft out here, since .*: the rest\. See the file\.\n$/);
    expect(text.length).toBeLessThanOrEqual(400);
  });
});

it('is never longer than it may be, and never ends in an open fold', () => {
  const block = fc.oneof(
    fc.string({ unit: LETTER, maxLength: 300 }),
    fc
      .record({ summary: fc.string({ unit: LETTER, maxLength: 20 }), length: fc.nat(500) })
      .map(({ summary, length }) => fold(summary, length)),
  );
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), fc.integer({ min: 400, max: 2_000 }), (blocks, limit) => {
      const text = fitted(blocks, HINT, limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text.split('<f>')).toHaveLength(text.split('</f>').length);
    }),
  );
});
