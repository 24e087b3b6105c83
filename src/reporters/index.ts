import { csvReporter } from './csv.js';
import { htmlReporter } from './html.js';
import { jsonReporter } from './json.js';
import { junitReporter } from './junit.js';
import { markdownReporter } from './markdown.js';
import type { Reporter } from './reporter.js';
import { tableReporter } from './table.js';

/** Every format a report can be rendered in. */
export const REPORTERS: readonly Reporter[] = [
  tableReporter,
  markdownReporter,
  jsonReporter,
  csvReporter,
  htmlReporter,
  junitReporter,
];

/** `undefined` where there is no reporter of that name. */
export function findReporter(name: string): Reporter | undefined {
  return REPORTERS.find((reporter) => reporter.name === name);
}
