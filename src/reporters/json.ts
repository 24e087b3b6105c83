import type { Reporter } from './reporter.js';

/** The whole report, as `result.json` holds it. */
export const jsonReporter: Reporter = {
  name: 'json',
  summary: 'the whole report as JSON, histograms included',
  render: (report) => `${JSON.stringify(report, null, 2)}\n`,
};
