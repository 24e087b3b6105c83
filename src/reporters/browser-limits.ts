import type { BrowserLimits, ConnectionLimit } from '../report/browser-limits-schema.js';
import { formatDurationMs } from '../units.js';
import { type GridColumn, grid } from './grid.js';
import { item } from './layout.js';

const WIDTH = 96;

const COLUMNS: readonly (GridColumn & {
  readonly header: string;
  readonly cell: (limit: ConnectionLimit) => string;
})[] = [
  { header: 'technique', width: 28, align: 'left', cell: ({ label }) => label },
  { header: 'asked for', width: 9, align: 'right', cell: ({ asked }) => String(asked) },
  { header: 'open', width: 6, align: 'right', cell: ({ atServer }) => String(atServer) },
  { header: 'TCP connections', width: 15, align: 'right', cell: ({ sockets }) => String(sockets) },
  { header: 'one more request', width: 16, align: 'right', cell: further },
];

function further({ furtherRequestMs }: ConnectionLimit): string {
  return furtherRequestMs === null ? 'no answer' : formatDurationMs(furtherRequestMs);
}

/** The table for a terminal, and what to read from it. */
export function renderBrowserLimits(report: BrowserLimits): string {
  const { limits } = report;
  const lines = [
    '',
    `  ${heading(report)}`,
    '',
    ...grid(COLUMNS, ['rule', COLUMNS.map(({ header }) => header), 'rule', ...limits.map(cellsOf)]),
    '',
    ...notesOf(report).flatMap((note) => item(note, WIDTH)),
  ];
  return `${lines.join('\n')}\n`;
}

export function renderBrowserLimitsMarkdown(report: BrowserLimits): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `## ${heading(report)}`,
    '',
    row(COLUMNS.map(({ header }) => header)),
    row(COLUMNS.map(({ align }) => (align === 'right' ? '--:' : ':--'))),
    ...report.limits.map((limit) => row(cellsOf(limit))),
    '',
    ...notesOf(report).map((note) => `- ${note}`),
    '',
    `Measured by \`${report.command}\`.`,
    '',
  ].join('\n');
}

function heading({ browser, waitMs }: BrowserLimits): string {
  return `What one page of ${browser.name} ${browser.version} holds open at one origin, after ${formatDurationMs(waitMs)}`;
}

function cellsOf(limit: ConnectionLimit): string[] {
  return COLUMNS.map(({ cell }) => cell(limit));
}

function notesOf({ limits, unreachable, interrupted, waitMs }: BrowserLimits): string[] {
  const short = limits.filter(({ asked, atServer }) => atServer < asked);
  const all = limits.filter(({ asked, atServer }) => atServer >= asked);
  return [
    ...(interrupted ? ['Interrupted: not everything was measured.'] : []),
    ...short.map(
      (limit) => `${limit.label}: ${limit.atServer} of ${limit.asked} are open; ${consequence(limit, waitMs)}.`,
    ),
    ...(all.length > 0 ? [`All are open of ${all.map(({ label }) => label).join(', ')}.`] : []),
    ...unreachable.map(({ label, reason }) => `${label}: not reachable from a browser: ${reason}.`),
  ];
}

function consequence({ furtherRequestMs }: ConnectionLimit, waitMs: number): string {
  return furtherRequestMs === null
    ? `the others wait, and so does whatever else the page asks of that origin (no answer within ${formatDurationMs(waitMs)})`
    : 'the others wait, while another kind of request is answered';
}
