import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseReport } from '../report/report.js';
import { EXAMPLE_ROWS, exampleReport } from '../testing/example-report.js';
import { findReporter, REPORTERS } from './index.js';
import { jsonReporter } from './json.js';

const OPTIONS = { width: 100, color: false, details: false };

it('the stored example is what its builder makes, as the JSON reporter writes it', async () => {
  await expect(jsonReporter.render(exampleReport(), OPTIONS)).toMatchFileSnapshot('example-report.json');
});

it('the stored example is a report that this version reads', () => {
  const text = readFileSync(new URL('./example-report.json', import.meta.url), 'utf8');
  expect(parseReport(text, 'example-report.json').transports.map(({ label }) => label)).toEqual(
    Object.values(EXAMPLE_ROWS).map(({ row }) => row.label),
  );
});

it('the JSON reporter writes the whole report, in lines of two spaces', () => {
  const text = jsonReporter.render(exampleReport(), OPTIONS);
  expect(text.startsWith('{\n  "schemaVersion": 1,\n')).toBe(true);
  expect(text.endsWith('\n}\n')).toBe(true);
  expect(JSON.parse(text)).toEqual(exampleReport());
});

it('reporters are found by name, and every one ends with a line break and renders the same twice', () => {
  expect(REPORTERS.map(({ name }) => name)).toEqual(['table', 'markdown', 'json', 'csv', 'html', 'junit']);
  expect(findReporter('xml')).toBeUndefined();
  for (const reporter of REPORTERS) {
    expect(findReporter(reporter.name)).toBe(reporter);
    const text = reporter.render(exampleReport(), OPTIONS);
    expect(text).toMatch(/[^\n]\n$/);
    expect(reporter.render(exampleReport(), OPTIONS)).toBe(text);
  }
});
