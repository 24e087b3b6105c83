import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseReport } from '../report/report.js';
import { exampleReport } from '../testing/example-report.js';
import { findReporter, REPORTERS } from './index.js';
import { jsonReporter } from './json.js';

const FILE = new URL('./example-report.json', import.meta.url);
const OPTIONS = { width: 100, color: false, details: false };

it('the stored example is a report this version reads, and what its builder makes', () => {
  expect(parseReport(readFileSync(FILE, 'utf8'), 'example-report.json')).toEqual(exampleReport());
});

it('the JSON reporter writes the whole report', () => {
  const text = jsonReporter.render(exampleReport(), OPTIONS);
  expect(text.startsWith('{\n  "schemaVersion": 1,\n')).toBe(true);
  expect(text.endsWith('\n}\n')).toBe(true);
  expect(JSON.parse(text)).toEqual(exampleReport());
});

it('reporters are found by name, and every one ends with a line break and renders the same twice', () => {
  expect(REPORTERS.map(({ name }) => name)).toEqual(['table', 'markdown', 'json']);
  expect(findReporter('xml')).toBeUndefined();
  for (const reporter of REPORTERS) {
    expect(findReporter(reporter.name)).toBe(reporter);
    const text = reporter.render(exampleReport(), OPTIONS);
    expect(text).toMatch(/[^\n]\n$/);
    expect(reporter.render(exampleReport(), OPTIONS)).toBe(text);
  }
});
