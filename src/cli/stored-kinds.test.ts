import { expect, test } from 'vitest';
import { UsageError } from '../errors.js';
import { exampleReport } from '../testing/example-report.js';
import { capacityOf, sweepOf } from '../testing/load-documents.js';
import { STORED } from './stored-kinds.js';

const options = { width: 80, color: false, details: false };

function rendered(document: object, format: string): string | undefined {
  const asked = { text: JSON.stringify(document), file: 'stored.json', format, options };
  return STORED.map((render) => render(asked)).find((text) => text !== undefined);
}

const report = exampleReport();
const sweep = sweepOf(report, { SSE: [100, 1] });
const capacity = capacityOf(report, { SSE: { pass: 500, fail: 550 } });

test('a format that a kind does not have is refused with those that it has', () => {
  expect(() => rendered(sweep, 'csv')).toThrow(
    new UsageError('--format: stored.json is a sweep.json, which has table, markdown, json and html, and no `csv`'),
  );
  expect(() => rendered(capacity, 'csv')).toThrow(
    /is a capacity\.json, which has table, markdown, json and html, and no/,
  );
});

test('as JSON it is what was stored, to the letter', () => {
  expect(rendered(sweep, 'json')).toBe(JSON.stringify(sweep));
});

test('a result of rtbench run is none of them', () => {
  expect(rendered(report, 'table')).toBeUndefined();
});
