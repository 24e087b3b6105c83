import type { Row, Scenario } from '../../scenario/scenario.js';
import { identityOf } from '../rows.js';
import type { GateDesign, GateJournal } from './journal.js';
import { GATE_SCHEMA_VERSION, type GateReport, type GateSide } from './schema.js';

export interface GateParts extends Pick<GateReport, 'tool' | 'command' | 'environment' | 'durationMs' | 'interrupted'> {
  readonly startedAt: Date;
  readonly scenario: Scenario;
  readonly row: Row;
  readonly base: GateSide;
  readonly head: GateSide;
  readonly design: GateDesign;
  readonly journal: GateJournal;
}

/** The document of a gate. */
export function buildGateReport({
  row,
  design,
  journal,
  startedAt,
  scenario,
  base,
  head,
  ...made
}: GateParts): GateReport {
  return {
    schemaVersion: GATE_SCHEMA_VERSION,
    kind: 'gate',
    tool: made.tool,
    startedAt: startedAt.toISOString(),
    durationMs: made.durationMs,
    command: made.command,
    scenario: { ...scenario, workload: { ...scenario.workload } },
    environment: made.environment,
    interrupted: made.interrupted,
    ...identityOf(row),
    base,
    head,
    alpha: design.alpha,
    looks: journal.looks.map((look) => ({ ...look })),
    planned: design.pairs,
    used: journal.used,
    verdict: journal.verdict,
    reason: journal.reason,
    figures: design.figures.map(({ name, title, unit, path, threshold }, index) => {
      const judged = journal.judged[index];
      if (judged === undefined) throw new Error(`nothing is said of ${name}`);
      return { name, title, unit, path, threshold, ...judged };
    }),
    pairs: journal.pairs.map((pair) => ({ ...pair })),
  };
}
