import { describe, expect, it } from 'vitest';
import { overlay } from '../../report/overlay.js';
import type { Report } from '../../report/schema.js';
import {
  EXAMPLE_ROWS,
  EXAMPLE_SCENARIO,
  exampleReport,
  exampleResults,
  exampleRuns,
} from '../../testing/example-report.js';
import { quickLookReport, troubledReport } from '../../testing/example-reports.js';
import { renderReportPage } from './report-page.js';

function pageOf(...reports: Report[]): string {
  return renderReportPage(overlay(reports.map((report, index) => ({ file: `${index}.json`, report }))));
}

/** What a report decides, without styles and scripts, which are files of their own, and without the charts' data. */
function staticPart(page: string): string {
  return page
    .replaceAll(/<style>[\s\S]*?<\/style>\n/g, '')
    .replaceAll(/<script[\s\S]*?<\/script>\n/g, '')
    .replaceAll(/&#39;sha256-[^&]+&#39;/g, "'sha256-…'");
}

const example = pageOf(exampleReport());

describe('the static part of', () => {
  it.each([
    ['example', exampleReport()],
    ['troubled', troubledReport()],
    ['quick-look', quickLookReport()],
  ])('%s', async (name, report) => {
    await expect(staticPart(pageOf(report))).toMatchFileSnapshot(`../snapshots/html-${name}.txt`);
  });
});

it('takes nothing from anywhere: no address, no style or script but its own', () => {
  const own = staticPart(example);
  expect(own).not.toMatch(/(src|href)="(?!#|data:,")/);
  expect(own).toContain('content="default-src &#39;none&#39;; script-src');
  expect(example.match(/<script>/g)).toHaveLength(5);
});

it('never makes markup of a text of the report', () => {
  const evil = '</script><img src=x onerror="document.title=1">\'"&';
  const report = exampleReport({
    scenario: { ...EXAMPLE_SCENARIO, title: evil, question: evil, name: evil },
    command: evil,
    environment: { ...exampleReport().environment, cpu: evil, libraries: { [evil]: evil }, tcpCongestion: evil },
    rows: [
      exampleResults({ ...EXAMPLE_ROWS.sse, row: { ...EXAMPLE_ROWS.sse.row, label: evil } }, [
        ...exampleRuns(EXAMPLE_ROWS.sse).slice(1),
        { state: 'failed', round: 0, reason: evil },
      ]),
      exampleResults({ ...EXAMPLE_ROWS.tcp, row: { ...EXAMPLE_ROWS.tcp.row, label: evil } }),
    ],
  });
  const page = pageOf(report);
  expect(page).not.toContain('<img');
  expect(page.match(/<\/script>/g)).toHaveLength(6);
  expect(pageOf(report, report)).not.toContain('<img');
});

it('is under 1 MiB for five techniques and ten rounds', () => {
  const scenario = { ...EXAMPLE_SCENARIO, rounds: 10 };
  const { shortPolling, longPolling, sse, webSocket, grpc } = EXAMPLE_ROWS;
  const rows = [shortPolling, longPolling, sse, webSocket, grpc].map((row) =>
    exampleResults(row, exampleRuns(row, scenario)),
  );
  expect(Buffer.byteLength(pageOf(exampleReport({ scenario, rows })))).toBeLessThan(2 ** 20);
});

it('shows a null as a dash with its reason, never as 0', () => {
  expect(example).toContain('gRPC stream: not measured, memory fell while clients connected.');
});

it('says what differs before anything of two unlike results', () => {
  const report = exampleReport();
  const faster = {
    ...report,
    scenario: { ...report.scenario, workload: { ...report.scenario.workload, ratePerSecond: 200 } },
  };
  const page = pageOf(report, faster);
  const at = (text: string) => page.indexOf(text);
  expect(at('Not the same workload: rate: 120/s against 200/s.')).toBeGreaterThan(0);
  expect(at('Not the same workload')).toBeLessThan(at('What this says'));
  expect(page).toContain('SSE · 0');
  expect(page).toContain('SSE · 1');
});

it('is the same page each time', () => {
  expect(pageOf(exampleReport())).toBe(example);
});
