import { describe, expect, it } from 'vitest';
import { exampleCapacity } from '../../testing/example-capacity.js';
import { fullMatrix } from '../../testing/example-matrix.js';
import { exampleSweep } from '../../testing/example-sweep.js';
import { renderCapacityPage } from './capacity-page.js';
import { renderMatrixPage } from './matrix-page.js';
import { renderSweepPage } from './sweep-page.js';

const PAGES = [
  ['sweep', () => renderSweepPage(exampleSweep())],
  ['capacity', () => renderCapacityPage(exampleCapacity())],
  ['matrix', () => renderMatrixPage(fullMatrix())],
] as const;

/** Without styles and scripts, which are files of their own, and without the charts' data. */
function staticPart(page: string): string {
  return page
    .replaceAll(/<style>[\s\S]*?<\/style>\n/g, '')
    .replaceAll(/<script[\s\S]*?<\/script>\n/g, '')
    .replaceAll(/&#39;sha256-[^&]+&#39;/g, "'sha256-…'");
}

describe.each(PAGES)('the page of a %s', (name, render) => {
  it('has what its text for a terminal has', async () => {
    await expect(staticPart(render())).toMatchFileSnapshot(`../snapshots/html-${name}.txt`);
  });

  it('takes nothing from anywhere', () => {
    expect(staticPart(render())).not.toMatch(/(src|href)="(?!#|data:,")/);
  });
});

it('never makes markup of a text of the document', () => {
  const evil = '</script><img src=x onerror="document.title=1">';
  const sweep = exampleSweep();
  const [first, ...others] = sweep.transports;
  const page = renderSweepPage({
    ...sweep,
    command: evil,
    scenario: { ...sweep.scenario, title: evil },
    transports: [...(first ? [{ ...first, label: evil }] : []), ...others],
  });
  expect(page).not.toContain('<img');
});

it('says so where nothing was sound', () => {
  const sweep = exampleSweep();
  const page = renderSweepPage({
    ...sweep,
    interrupted: true,
    crossings: [],
    transports: sweep.transports.map((row) => ({ ...row, measurements: [] })),
  });
  expect(page).toContain('No run was sound: there are no figures to draw.');
  expect(page).toContain('Interrupted: not all planned runs were done.');
});
