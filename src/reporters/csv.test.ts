import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../report/schema.js';
import { exampleReport } from '../testing/example-report.js';
import { quickLookReport, sixRoundsReport, troubledReport } from '../testing/example-reports.js';
import { csvReporter } from './csv.js';

const render = (report: Report) => csvReporter.render(report, { width: 80, color: false, details: false });

const EXAMPLE = exampleReport();

/** By the grammar of RFC 4180, and nothing of the code under test. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let rest = text;
  while (rest !== '') {
    const found = /^(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/.exec(rest);
    if (!found) throw new Error(`not CSV: ${rest.slice(0, 40)}`);
    line.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    rest = rest.slice(found[0].length);
    if (found[3] === '\n') {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}

function records(report: Report): Record<string, string>[] {
  const [names = [], ...lines] = parseCsv(render(report));
  return lines.map((cells) => {
    expect(cells).toHaveLength(names.length);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** The first row alone, with that label. */
function labelled(label: string): Report {
  return { ...EXAMPLE, transports: EXAMPLE.transports.slice(0, 1).map((row) => ({ ...row, label })) };
}

describe('the CSV, as it is written', () => {
  it.each([
    ['example', exampleReport],
    ['troubled', troubledReport],
    ['six-rounds', sixRoundsReport],
    ['quick-look', quickLookReport],
  ] as const)('%s', async (name, report) => {
    await expect(render(report())).toMatchFileSnapshot(`snapshots/csv-${name}.csv`);
  });
});

it('has a line for each row, without a round, and below it one for each of its rounds', () => {
  expect(records(EXAMPLE).map(({ technique, round }) => [technique, round])).toEqual(
    EXAMPLE.transports.flatMap(({ label, rounds }) => [
      [label, ''],
      ...rounds.map((run) => [label, `${run.round + 1}`]),
    ]),
  );
});

it('leaves empty what was not measured, what a saturated row cannot tell, and all of a failed one', () => {
  const troubled = records(troubledReport());
  const of = (label: string) => troubled.find(({ technique }) => technique === label);
  expect(of('SSE')).toMatchObject({ verdict: 'saturated', latencyP50Ms: '', latencyP99Ms: '', withinTolerated: '' });
  expect(of('SSE')?.bytesDownPerDelivery).not.toBe('');
  expect(of('Long polling')).toMatchObject({ state: 'failed', verdict: '', bytesDownPerDelivery: '' });
  expect(of('WebSocket')).toMatchObject({ verdict: 'invalid', withinTolerated: '', deliveriesLost: '36' });
  const [quick] = records(quickLookReport());
  expect(quick).toMatchObject({ latencyP99Ms: '', withinTolerated: '' });
  expect(quick?.latencyP50Ms).toMatch(/^\d+(\.\d+)?$/);
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1'])('takes %j for no formula', (label) => {
  const [row] = records(labelled(label));
  expect(row?.technique).toBe(`'${label}`);
});

it('keeps a label that is none as it is', () => {
  expect(records(labelled('a, "b"; c=d'))[0]?.technique).toBe('a, "b"; c=d');
});

it('can be read back, whatever a label holds, and no cell begins as a formula', () => {
  const awkward = fc.string({
    unit: fc.constantFrom('"', ',', ';', '\n', '\r', '\t', '=', '+', '-', '@', "'", ' ', 'a'),
  });
  fc.assert(
    fc.property(awkward, (label) => {
      for (const row of records(labelled(label))) {
        expect([label, `'${label}`]).toContain(row.technique);
        for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }
    }),
  );
});
