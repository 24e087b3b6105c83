import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { EXAMPLE_ROWS, exampleReport, exampleResults } from '../testing/example-report.js';
import { parseReport } from './report.js';
import { reportSchema } from './schema.js';

const problemsOf = (text: string): readonly string[] => {
  try {
    parseReport(text, 'old/result.json');
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
};

describe('buildReport', () => {
  it('makes what the schema describes', () => {
    const report = exampleReport();
    expect(reportSchema.parse(report)).toEqual(report);
    expect(report.verdict).toBe('valid');
    expect(report.reasons).toEqual([]);
  });

  it('takes the verdict of the worst row and names the row in each reason', () => {
    const report = exampleReport({
      rows: [
        exampleResults(EXAMPLE_ROWS.sse),
        exampleResults(EXAMPLE_ROWS.grpc, [{ state: 'failed', round: 0, reason: 'the server process ended' }]),
      ],
    });
    expect(report.verdict).toBe('invalid');
    expect(report.reasons).toEqual(['gRPC stream: round 1: the server process ended']);
  });

  it('says when it was interrupted', () => {
    expect(exampleReport({ interrupted: true }).reasons).toEqual(['interrupted before all planned runs were done']);
  });
});

describe('parseReport', () => {
  it('reads what was written', () => {
    const report = exampleReport();
    expect(parseReport(JSON.stringify(report), 'result.json')).toEqual(report);
  });

  it('reads a result from before the whole machine was measured, as not measured', () => {
    const old = JSON.stringify(exampleReport(), (key, value) =>
      key === 'machine' || key === 'runDelayShare' ? undefined : value,
    );
    expect(parseReport(old, 'result.json').transports[0]).toMatchObject({
      machine: { busyMs: null, busyShare: null, stealShare: null, throttledMs: null },
      server: { runDelayShare: null },
      rounds: [{ machine: { busyMs: null } }, {}, {}],
    });
  });

  it('names the file that is not JSON', () => {
    expect(problemsOf('{ "schema')).toEqual([expect.stringMatching(/^old\/result\.json: is not JSON \(.+\); give a/)]);
  });

  it('names a schema version it does not know', () => {
    const text = JSON.stringify({ ...exampleReport(), schemaVersion: 7 });
    expect(problemsOf(text)).toEqual([
      'old/result.json: schemaVersion 7 is unknown, this rtbench reads 1; read it with the rtbench that wrote it',
    ]);
  });

  it('says what JSON of another kind lacks', () => {
    for (const text of ['[]', 'null', '{"name":"x"}', '3']) {
      expect(problemsOf(text)).toEqual([expect.stringContaining('has no `schemaVersion`')]);
    }
  });

  it('names every place that is wrong', () => {
    const report = exampleReport();
    const [first, ...others] = report.transports;
    const broken = { ...report, durationMs: 'long', transports: [{ ...first, verdict: 'fine' }, ...others] };
    const problems = problemsOf(JSON.stringify(broken));
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^old\/result\.json: `durationMs`: .*expected number/);
    expect(problems[1]).toMatch(/^old\/result\.json: `transports\[0\]\.verdict`: .*"valid"/);
  });

  it('stops listing after ten problems and says how many more there are', () => {
    const rows = exampleReport().transports.flatMap((row) => [row, row, row]);
    const broken = { ...exampleReport(), transports: rows.map((row) => ({ ...row, label: 1 })) };
    const problems = problemsOf(JSON.stringify(broken));
    expect(problems).toHaveLength(11);
    expect(problems[10]).toBe(`old/result.json: and ${rows.length - 10} more`);
  });
});
