import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../scenario/load.js';
import { evidenceFrom, shippedRows } from '../../testing/candidates.js';
import { exampleMatrix, examplePart } from '../../testing/example-matrix.js';
import { EXAMPLE_ROWS } from '../../testing/example-report.js';
import { type Figures, measuredReport, measuredRow } from '../../testing/measured-rows.js';
import { GUIDE_TECHNIQUES, GUIDE_USE_CASES, type GuideUseCase } from '../guide/guide.js';
import type { Report } from '../schema.js';
import { advise } from './advice.js';
import { ASSUMED, answersOf, type Sources } from './answers.js';
import type { Advice } from './schema.js';

/* What `run --all` measures of the guide's ten use cases, made up to bear the guide out or not. */

const { shortPolling, longPolling, sse, webSocket } = EXAMPLE_ROWS;
const WEB = [shortPolling, longPolling, sse, webSocket];
const TRANSPORTS = WEB.map(({ row }) => row.transport);

const AS_WRITTEN: Sources = {
  bidirectional: 'scenario',
  toleratesMs: 'scenario',
  binary: 'scenario',
  restrictiveProxies: 'assumed',
  browser: 'assumed',
};

function recommendedBy({ recommends }: GuideUseCase): string[] {
  return GUIDE_TECHNIQUES.filter(({ technique }) => recommends.includes(technique)).map(({ transport }) => transport);
}

/** Its scenario as it ships, with these figures of each transport. */
function measured({ scenario: name }: GuideUseCase, figuresOf: (transport: string) => Partial<Figures>): Report {
  const { scenario } = loadScenario(name);
  const rows = WEB.map((row) => measuredRow(row, { p99Ms: 2, cpuUs: 24, bytes: 300, ...figuresOf(row.row.transport) }));
  return { ...measuredReport(rows), scenario: { ...scenario, workload: { ...scenario.workload } } };
}

async function adviseOn({ scenario: name }: GuideUseCase, report: Report): Promise<Advice> {
  const { scenario } = loadScenario(name, { scale: '1' });
  const said = answersOf(scenario);
  const rows = await shippedRows(said.bidirectional ? 'clients' : 'server');
  return advise({
    answers: {
      bidirectional: said.bidirectional ?? ASSUMED.bidirectional,
      toleratesMs: said.toleratesMs ?? ASSUMED.toleratesMs,
      binary: said.binary ?? ASSUMED.binary,
      restrictiveProxies: ASSUMED.restrictiveProxies,
      browser: ASSUMED.browser,
    },
    sources: AS_WRITTEN,
    candidates: rows,
    scenario: { name, title: scenario.title },
    evidence: evidenceFrom(report, rows),
    commands: { advice: '', sweep: '', capacity: '' },
    made: { tool: report.tool, startedAt: report.startedAt, command: 'rtbench advise' },
  });
}

/** What the matrix of `run --all` says of the same report. */
function inMatrix(useCase: GuideUseCase, report: Report) {
  const part = examplePart(useCase.scenario, report.transports, loadScenario(useCase.scenario).scenario);
  return exampleMatrix([part]).scenarios[0]?.agreement;
}

describe.each(GUIDE_USE_CASES)('$name', (useCase) => {
  const choice = recommendedBy(useCase);
  const others = TRANSPORTS.filter((transport) => !choice.includes(transport));

  it('the guide is borne out where its choice is in time and costs the least', async () => {
    const report = measured(useCase, (transport) => (choice.includes(transport) ? { cpuUs: 12 } : {}));
    const advice = await adviseOn(useCase, report);
    expect(advice.guide.useCase?.name).toBe(useCase.name);
    expect(advice.advised.map(({ transport }) => transport).sort()).toEqual([...choice].sort());
    expect(advice.agreement?.state).toBe('agrees');
    expect(advice.agreement?.because).toMatch(
      / is in time at 0\.5 × the server CPU and the same bytes per delivery of /,
    );
    expect(inMatrix(useCase, report)?.kind).toBe('agrees');
  });

  it('the guide is contradicted, with the figures, where its choice costs more', async () => {
    const report = measured(useCase, (transport) => (choice.includes(transport) ? { cpuUs: 60, bytes: 450 } : {}));
    const advice = await adviseOn(useCase, report);
    expect(advice.advised.map(({ transport }) => transport).sort()).toEqual([...others].sort());
    expect(advice.agreement?.state).toBe('contradicted');
    expect(advice.agreement?.because).toMatch(
      / is in time, at 2\.5 × the server CPU and 1\.5 × the bytes per delivery of /,
    );
    expect(inMatrix(useCase, report)).toMatchObject({ kind: 'cheaper', cheaper: { by: 'serverCpu', ratio: 2.5 } });
  });

  it('the guide is contradicted, with the figures, where its choice is late', async () => {
    const lateMs = 3 * loadScenario(useCase.scenario).scenario.toleratesMs;
    const report = measured(useCase, (transport) => (choice.includes(transport) ? { p99Ms: lateMs, cpuUs: 1 } : {}));
    const advice = await adviseOn(useCase, report);
    expect(advice.agreement?.state).toBe('contradicted');
    expect(advice.agreement?.because).toMatch(/ misses .*: p99 [\d,.]+ m?s$/);
    expect(inMatrix(useCase, report)?.kind).toBe('misses');
  });

  it.each(TRANSPORTS)('no name decides: %s is advised where it is the cheapest', async (transport) => {
    const report = measured(useCase, (each) => (each === transport ? { cpuUs: 6, bytes: 200 } : {}));
    const advice = await adviseOn(useCase, report);
    expect(advice.advised.map((each) => each.transport)).toEqual([transport]);
    expect(advice.agreement?.state).toBe(choice.includes(transport) ? 'agrees' : 'contradicted');
  });
});
