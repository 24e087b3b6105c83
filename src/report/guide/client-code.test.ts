import { expect, it } from 'vitest';
import { codeLines, countClientCode } from '../../testing/client-code.js';

/** As Biome formats it. */
function source(): string {
  const size = (of: { lines: number; states: number } | null) =>
    of === null ? 'null' : `{ lines: ${of.lines}, states: ${of.states} }`;
  const entries = Object.entries(countClientCode()).map(([name, { page, node }]) => {
    const key = /^\w+$/.test(name) ? name : `'${name}'`;
    return `  ${key}: { page: ${size(page)}, node: ${size(node)} },`;
  });
  return [
    "import type { ClientCode } from './client-code.js';",
    '',
    '/** By transport, as counted in the sources; `npx vitest run src/report/guide/client-code -u` counts them again. */',
    'export const CLIENT_CODE: Readonly<Record<string, ClientCode>> = {',
    ...entries,
    '};',
    '',
  ].join('\n');
}

it('the counts are those of the sources (vitest -u counts them again)', async () => {
  await expect(source()).toMatchFileSnapshot('client-code-counts.ts');
});

it('comments, imports and empty lines are no code', () => {
  const text = [
    "import { a } from './a.js';",
    'import {',
    '  b,',
    "} from './b.js';",
    '/** A text',
    ' * of two lines. */',
    '',
    'export const c = 1; // one',
    '// nothing',
    "export { d } from './d.js';",
    '  let e = 2;',
  ].join('\n');
  expect(codeLines(text)).toEqual(['export const c = 1; // one', 'let e = 2;']);
});
