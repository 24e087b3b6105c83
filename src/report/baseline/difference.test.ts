import { describe, expect, it } from 'vitest';
import { checkAgainst, isPassed } from './difference.js';
import type { Baseline, BaselineRow } from './schema.js';

const ROW: BaselineRow = {
  transport: 'example',
  label: 'Example',
  settings: { a: 1, b: true },
  figures: { opening: { up: 88, down: 176 }, 'message 100 B': { up: 0, down: 102 } },
};

const baseline = (rows: readonly BaselineRow[], changes: Partial<Baseline> = {}): Baseline => ({
  schemaVersion: 1,
  kind: 'baseline',
  tool: { name: 'rtbench', version: '0.1.0' },
  node: 'v20.20.0',
  libraries: { ws: '8.23.0' },
  rows: [...rows],
  ...changes,
});

const withFigure = (figure: string, value: { up: number; down: number }): BaselineRow => ({
  ...ROW,
  figures: { ...ROW.figures, [figure]: value },
});

describe('what was measured against a baseline', () => {
  it('passes when every byte is as it was, whatever the order of settings', () => {
    const check = checkAgainst(baseline([ROW]), baseline([{ ...ROW, settings: { b: true, a: 1 }, label: 'Renamed' }]));
    expect(check).toEqual({ compared: 4, differences: [], missing: [], added: [], versions: [] });
    expect(isPassed(check)).toBe(true);
  });

  it.each([1, -1])('does not when there is one byte more or less: %i', (more) => {
    const check = checkAgainst(baseline([ROW]), baseline([withFigure('message 100 B', { up: 0, down: 102 + more })]));
    expect(check.differences).toEqual([
      { label: 'Example', figure: 'message 100 B', direction: 'down', base: 102, head: 102 + more },
    ]);
    expect(isPassed(check)).toBe(false);
  });

  it('does not when a figure or a row of the baseline is missing, and names what is new', () => {
    const { opening, ...others } = ROW.figures;
    const gone = checkAgainst(baseline([ROW]), baseline([{ ...ROW, figures: others }]));
    expect(gone.differences).toEqual([
      { label: 'Example', figure: 'opening', direction: 'down', base: opening?.down, head: null },
      { label: 'Example', figure: 'opening', direction: 'up', base: opening?.up, head: null },
    ]);
    const other = { ...ROW, settings: { a: 2, b: true }, label: 'Example a=2' };
    const check = checkAgainst(baseline([ROW]), baseline([other]));
    expect(check).toMatchObject({ compared: 0, missing: ['Example'], added: ['Example a=2'] });
    expect(isPassed(check)).toBe(false);
    expect(isPassed(checkAgainst(baseline([ROW]), baseline([ROW, other])))).toBe(true);
  });

  it('names versions that are not the same, which alone fail nothing', () => {
    const check = checkAgainst(baseline([ROW]), baseline([ROW], { node: 'v24.1.0', libraries: { undici: '7.0.0' } }));
    expect(check.versions).toEqual([
      'node: v20.20.0 against v24.1.0',
      'ws: 8.23.0 against none',
      'undici: none against 7.0.0',
    ]);
    expect(isPassed(check)).toBe(true);
  });
});
