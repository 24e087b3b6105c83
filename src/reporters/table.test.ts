import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Report } from '../report/schema.js';
import { exampleReport } from '../testing/example-report.js';
import { distantReport, quickLookReport, sixRoundsReport, troubledReport } from '../testing/example-reports.js';
import { tableReporter } from './table.js';

const render = (report: Report, width: number, options: { color?: boolean; details?: boolean } = {}) =>
  tableReporter.render(report, { width, color: false, details: false, ...options });
const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('the table, as it is read', () => {
  it.each([100, 80, 60])('example, %i columns', async (width) => {
    await expect(render(exampleReport(), width)).toMatchFileSnapshot(`snapshots/table-${width}.txt`);
  });

  it.each([100, 80, 60])('example with details, %i columns', async (width) => {
    await expect(render(exampleReport(), width, { details: true })).toMatchFileSnapshot(
      `snapshots/table-details-${width}.txt`,
    );
  });

  it.each([100, 60])('rows that are not sound, %i columns', async (width) => {
    await expect(render(troubledReport(), width)).toMatchFileSnapshot(`snapshots/table-troubled-${width}.txt`);
  });

  it.each([100, 60])('six rounds: intervals in place of ranges, %i columns', async (width) => {
    await expect(render(sixRoundsReport(), width, { details: true })).toMatchFileSnapshot(
      `snapshots/table-six-rounds-${width}.txt`,
    );
  });

  it.each([100, 60])('over a distance: round trips, %i columns', async (width) => {
    await expect(render(distantReport(), width, { details: true })).toMatchFileSnapshot(
      `snapshots/table-distant-${width}.txt`,
    );
  });

  it('a quick look', async () => {
    await expect(render(quickLookReport(), 100)).toMatchFileSnapshot('snapshots/table-quick-look.txt');
  });
});

describe('width', () => {
  it.each([60, 72, 79, 80, 99, 100])('is kept: %i', (width) => {
    for (const report of [exampleReport(), troubledReport(), quickLookReport(), distantReport()]) {
      expect(longest(render(report, width))).toBeLessThanOrEqual(width);
      expect(longest(render(report, width, { details: true }))).toBeLessThanOrEqual(width);
    }
  });

  it('does not grow past what is easy to read', () => {
    expect(render(exampleReport(), 240)).toBe(render(exampleReport(), 100));
  });
});

describe('colour', () => {
  it('only paints: the same text without it', () => {
    for (const report of [exampleReport(), troubledReport()]) {
      const painted = render(report, 100, { color: true, details: true });
      expect(stripVTControlCharacters(painted)).toBe(render(report, 100, { details: true }));
      expect(painted).toContain('\u001b[');
    }
  });

  it('is off without being asked for', () => {
    expect(stripVTControlCharacters(render(troubledReport(), 100))).toBe(render(troubledReport(), 100));
  });
});

it('prints no figure of a row that was not completed, and no latency of a saturated one', () => {
  const lines = render(troubledReport(), 100).split('\n');
  const line = (label: string) => lines.find((text) => text.startsWith(`  ${label} `)) ?? '';
  expect(line('Long polling')).toMatch(/^ {2}Long polling( +–){7} {2}failed$/);
  expect(line('gRPC stream')).toMatch(/^ {2}gRPC stream( +–){7} {2}aborted$/);
  expect(line('SSE')).toMatch(/^ {2}SSE( +–){3} +226 ↓ .*saturated$/);
});

it('sets the control apart, below all techniques, wherever it stood', () => {
  const report = exampleReport();
  const moved = { ...report, transports: [...report.transports].reverse() };
  const tableOf = (text: string) => text.slice(0, text.indexOf('Latency, ms')).trimEnd().split('\n');
  expect(tableOf(render(moved, 100)).slice(-3)).toEqual(tableOf(render(report, 100)).slice(-3));
  expect(tableOf(render(report, 100)).at(-2)).toMatch(/TCP \(floor\)/);
});

it('says of the harness row what it is, ranks it nowhere and puts no doubt on the others for what it lacks', () => {
  const plain = exampleReport();
  const report = {
    ...plain,
    transports: plain.transports.map((row) =>
      row.group === 'control' ? { ...row, label: 'Harness (no transport)', inProcess: true } : row,
    ),
  };
  for (const width of [60, 100]) {
    const text = render(report, width);
    expect(text.replace(/\s+/g, ' ')).toMatch(/Harness \(no transport\): not a choice; what the instrument adds/);
    const said = text.slice(text.indexOf('What this says'), text.indexOf('How to read it'));
    expect(said).not.toContain('Harness');
    expect(text.slice(text.indexOf('What it does not say'))).not.toContain('Harness');
  }
});

it('survives a report without any row', () => {
  const empty = exampleReport({ rows: [] });
  for (const width of [60, 100]) expect(render(empty, width, { details: true })).toContain('Broadcast');
});
