import { UsageError } from '../errors.js';
import type { ThresholdRequest } from './expect.js';
import { BY_FLAG, type RowWishes, resolveRows, type TransportRegistry } from './rows.js';
import type { Plan, Row } from './scenario.js';
import { spellThreshold, type Threshold, type ThresholdRow } from './threshold.js';
import { parseTransportSpec } from './transport-spec.js';
import type { Sender } from './uplink.js';

/**
 * Thresholds with the rows they are about looked up, as those of `--transport` are.
 *
 * @throws UsageError with every transport or setting that is unknown.
 */
export async function thresholdsOf(
  requests: readonly ThresholdRequest[],
  sender: Sender,
  registry: TransportRegistry,
  folder: string,
  wishes: Partial<RowWishes>,
): Promise<readonly Threshold[]> {
  const specs = new Map(requests.flatMap(({ spec, where }) => (spec === null ? [] : [[spec, where] as const])));
  const rows = new Map<string, ThresholdRow>();
  const problems: string[] = [];
  for (const [spec, where] of specs) {
    try {
      // As a flag: then what a preset leaves out is a problem, and not silence.
      const [row] = await resolveRows([{ spec, where: BY_FLAG }], sender, registry, folder, wishes);
      if (row) rows.set(spec, named(spec, row));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems.map((problem) => problem.replace(BY_FLAG, where)));
    }
  }
  if (problems.length > 0) throw new UsageError(problems);
  return requests.map(({ spec, path, operator, limit }) => ({
    path,
    operator,
    limit,
    row: spec === null ? null : (rows.get(spec) ?? null),
  }));
}

/** The settings that the text names, with their values as the row has them. */
function named(spec: string, { transport, settings }: Row): ThresholdRow {
  const names = parseTransportSpec(spec).settings;
  return {
    spec,
    transport,
    settings: Object.fromEntries(Object.entries(settings).filter(([key]) => names.has(key))),
  };
}

/** Whether a threshold is about a row: of the controls only those that it names. */
export function isAbout(
  { row }: Threshold,
  { transport, settings, group }: Pick<Row, 'transport' | 'settings'> & { readonly group: Row['profile']['group'] },
): boolean {
  if (row === null) return group !== 'control';
  return row.transport === transport && Object.entries(row.settings).every(([key, value]) => settings[key] === value);
}

/** The plan with the thresholds that its rows are judged by, and those that no row of it is there for. */
export function withThresholds(
  plan: Plan,
  thresholds: readonly Threshold[],
): { readonly plan: Plan; readonly idle: readonly Threshold[] } {
  const rows = plan.rows.map(({ transport, settings, profile }) => ({ transport, settings, group: profile.group }));
  const isJudged = (threshold: Threshold) => rows.some((row) => isAbout(threshold, row));
  const expect = thresholds.filter(isJudged);
  return {
    plan: { ...plan, scenario: { ...plan.scenario, expect } },
    idle: thresholds.filter((threshold) => !isJudged(threshold)),
  };
}

/** Why nothing would come of a threshold. */
export function idleText(threshold: Threshold): string {
  const rows = threshold.row === null ? 'only controls are' : `no ${threshold.row.spec} is`;
  return `\`${spellThreshold(threshold)}\` judges nothing: ${rows} measured`;
}
