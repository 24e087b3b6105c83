import { describe, expect, it } from 'vitest';
import { exampleMatrix, examplePart, fullMatrix, usualRow } from '../testing/example-matrix.js';
import { matrixColumns } from './matrix-columns.js';
import { renderMatrixMarkdown } from './matrix-markdown.js';
import { renderMatrixTable } from './matrix-table.js';

const sse = usualRow('sse');
const webSocket = usualRow('webSocket');

describe('the matrix', () => {
  it.each([80, 60])('fits %i columns', async (width) => {
    const text = renderMatrixTable(fullMatrix(), { width, color: false });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    await expect(text).toMatchFileSnapshot(`snapshots/matrix-${width}.txt`);
  });

  it('is Markdown too', async () => {
    await expect(renderMatrixMarkdown(fullMatrix())).toMatchFileSnapshot('snapshots/matrix-markdown.txt');
  });

  it('says that it was interrupted', () => {
    const text = renderMatrixTable(exampleMatrix([examplePart('chat', null)], true), { width: 80, color: false });
    expect(text.replace(/\n {2}/g, ' ')).toContain('Interrupted: not everything was measured.');
    expect(text).toContain('not measured');
  });
});

describe('its columns', () => {
  it('are transports, whatever their settings and names in single scenarios', () => {
    const withPost = { ...sse, label: 'SSE + POST' };
    const slower = { ...sse, label: 'SSE heartbeatMs=1s' };
    const parts = [examplePart('chat', [withPost, webSocket]), examplePart('stock-ticker', [slower, webSocket])];
    expect(matrixColumns(exampleMatrix(parts)).map(({ title }) => title)).toEqual(['SSE', 'WebSocket']);
  });

  it('are one for each variant', () => {
    const deflate = { ...webSocket, label: 'WebSocket deflate=true' };
    const columns = matrixColumns(exampleMatrix([examplePart('chat', [webSocket, deflate])]));
    expect(columns.map(({ title }) => title)).toEqual(['WebSocket', 'WebSocket deflate=true']);
  });
});
