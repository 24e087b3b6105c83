import { overlay } from '../report/overlay.js';
import { renderReportPage } from './html/report-page.js';
import type { Reporter } from './reporter.js';

/** A page for a browser: charts of everything, in one file that takes nothing from the network. */
export const htmlReporter: Reporter = {
  name: 'html',
  summary: 'a page for a browser, with charts, in one file',
  render: (report) => renderReportPage(overlay([{ file: '', report }])),
  renderOverlay: renderReportPage,
};
