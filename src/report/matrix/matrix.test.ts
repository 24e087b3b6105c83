import { describe, expect, it } from 'vitest';
import { exampleMatrix, examplePart, fullMatrix, usualRow } from '../../testing/example-matrix.js';
import { nullPaths, reasonFor } from '../not-measured.js';
import { parseMatrixReport } from './file.js';
import type { MatrixScenario } from './schema.js';
import { matrixNotes, matrixStatements, matrixVerdict } from './wording.js';

function judged(useCase: string, rows: Parameters<typeof examplePart>[1]): MatrixScenario {
  const [one] = exampleMatrix([examplePart(useCase, rows)]).scenarios;
  if (!one) throw new Error('no scenario');
  return one;
}

const longPolling = usualRow('longPolling');
const sse = usualRow('sse');
const webSocket = usualRow('webSocket');

describe('cheapest', () => {
  it.each([
    ['the least server CPU', 'serverCpu', ['WebSocket'], [longPolling, sse, usualRow('webSocket', { cpuUs: 7 })]],
    ['the fewest bytes of those level in CPU', 'bytes', ['WebSocket'], [longPolling, sse, webSocket]],
    ['a tie', 'serverCpu', ['SSE', 'WebSocket'], [longPolling, usualRow('sse', { bytes: 205 }), webSocket]],
    ['a tie of all', 'tie', ['SSE', 'WebSocket'], [usualRow('sse', { bytes: 205 }), webSocket]],
    [
      'who is alone: not what is late, nor what no browser reaches',
      'alone',
      ['WebSocket'],
      [usualRow('shortPolling', { cpuUs: 1 }), usualRow('grpc', { cpuUs: 1 }), webSocket],
    ],
  ])('is %s', (_, by, labels, rows) => {
    expect(judged('chat', rows).cheapest).toEqual({ by, labels });
  });

  it('takes three rounds', () => {
    const rows = [usualRow('sse', { rounds: 2 }), usualRow('webSocket', { rounds: 2 })];
    expect(judged('chat', rows)).toMatchObject({
      cheapest: null,
      agreement: { kind: 'undecided', reason: 'to compare costs takes 3 rounds of each row' },
    });
  });
});

describe('agreement with the guide', () => {
  it('is when its choice is in time and among the cheapest; one of two is enough', () => {
    expect(judged('live-sports-scores', [usualRow('sse', { bytes: 205 }), webSocket]).agreement).toEqual({
      kind: 'agrees',
      cheaper: null,
      misses: [],
      reason: null,
    });
    const late = usualRow('longPolling', { p99Ms: [150, 250, 150] });
    expect(judged('notification-feed', [late, usualRow('sse', { cpuUs: 7 }), webSocket]).agreement).toMatchObject({
      kind: 'agrees',
      misses: ['Long polling'],
    });
  });

  it('is not when another is cheaper, by a ratio within rounds', () => {
    expect(judged('chat', [usualRow('sse', { cpuUs: 6.3 }), webSocket]).agreement).toMatchObject({
      kind: 'cheaper',
      cheaper: { label: 'SSE', than: 'WebSocket', by: 'serverCpu', ratio: expect.closeTo(2, 6) },
    });
    expect(judged('log-streaming', [usualRow('sse', { bytes: 306 }), webSocket]).agreement).toMatchObject({
      kind: 'cheaper',
      cheaper: { label: 'WebSocket', than: 'SSE', by: 'bytes', ratio: expect.closeTo(1.5, 6) },
    });
  });

  it('is not when its choice is late, in every round or in some', () => {
    expect(judged('dashboard-refresh', [usualRow('shortPolling'), sse]).agreement).toMatchObject({
      kind: 'misses',
      misses: ['Short polling'],
    });
    expect(judged('chat', [usualRow('webSocket', { p99Ms: [1, 250, 1] }), sse]).agreement.kind).toBe('misses');
  });

  it('is undecided where its choice was not measured, or not soundly', () => {
    expect(judged('chat', [sse]).agreement).toMatchObject({
      kind: 'undecided',
      reason: 'what the guide recommends was not measured',
    });
    expect(judged('chat', [sse, usualRow('webSocket', { verdict: 'invalid' })]).agreement).toMatchObject({
      kind: 'undecided',
      reason: 'no sound p99 of WebSocket',
    });
    expect(judged('iot-commands', null)).toMatchObject({
      state: 'notMeasured',
      result: null,
      verdict: null,
      cells: [],
      agreement: { kind: 'undecided', reason: 'not measured' },
    });
  });
});

describe('the document', () => {
  it('says why for each figure that a cell lacks', () => {
    const cells = fullMatrix().scenarios.flatMap((one) => one.cells);
    expect(cells).toHaveLength(16);
    for (const cell of cells) {
      expect(nullPaths(cell).filter((path) => reasonFor(cell.notMeasured, path) === undefined)).toEqual([]);
    }
  });

  it('is read again from its text, and is no other kind', () => {
    const matrix = fullMatrix();
    expect(parseMatrixReport(JSON.stringify(matrix), 'matrix.json')).toEqual(JSON.parse(JSON.stringify(matrix)));
    expect(parseMatrixReport('{"kind": "herd"}', 'herd.json')).toBeUndefined();
    expect(() => parseMatrixReport('{"kind": "matrix"}', 'matrix.json')).toThrow(/^matrix\.json: `schemaVersion`/);
  });
});

describe('words', () => {
  it('count and say what there is', () => {
    const matrix = fullMatrix();
    expect(matrixVerdict(matrix)).toBe(
      "Of 5 use cases: in 1 the guide's choice is within the tolerated delay and among the cheapest, in 1 something else " +
        "is cheaper, in 1 the guide's choice misses the tolerated delay and in 2 it cannot be decided.",
    );
    expect(matrixStatements(matrix)).toEqual([
      'Live sports scores: the guide says SSE, and that agrees: SSE and WebSocket are cheapest, and not told apart.',
      'Chat application: the guide says WebSockets; another is cheaper: SSE than WebSocket, by 1.80× (server CPU per delivery).',
      'Dashboard with 30s refresh: the guide says Short Polling, which misses the tolerated delay of 200 ms: Short polling (p99 497 ms). Within it, WebSocket is cheapest (bytes per delivery).',
      'Log streaming: the guide says SSE. Undecided: to compare costs takes 3 rounds of each row.',
      'IoT device commands: the guide says WebSockets. Undecided: not measured.',
    ]);
    expect(matrixNotes(matrix)).toEqual([]);
  });
});
