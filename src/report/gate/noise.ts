import { median } from 'simple-statistics';
import type { Row, Scenario } from '../../scenario/scenario.js';
import { readerOf } from '../kind-file.js';
import { identityOf } from '../rows.js';
import { signedRank } from '../signed-rank.js';
import type { GateFigure } from './figures.js';
import { planLooks } from './looks.js';
import { NOISE_SCHEMA_VERSION, type NoiseFigure, type NoiseReport, noiseReportSchema } from './noise-schema.js';
import { usedPairs, valuesIn } from './pairs.js';
import { smallestVisibleChange, spreadOfPairs } from './precision.js';
import type { GatePair } from './schema.js';

/** Times that visible changes are told for, minutes. */
const MINUTES = [1, 2, 5, 10, 20] as const;

export interface NoiseParts
  extends Pick<NoiseReport, 'tool' | 'command' | 'environment' | 'durationMs' | 'interrupted'> {
  readonly startedAt: Date;
  readonly scenario: Scenario;
  readonly row: Row;
  readonly figures: readonly GateFigure[];
  readonly alpha: number;
  readonly pairs: readonly GatePair[];
}

/** Of the text of a `noise.json`. */
export const parseNoiseReport = readerOf('noise', noiseReportSchema);

/** The document of pairs of one program with itself. */
export function buildNoiseReport(parts: NoiseParts): NoiseReport {
  const { row, figures, alpha, pairs, scenario, startedAt, ...made } = parts;
  const used = usedPairs(pairs);
  const pairMs = made.durationMs / Math.max(1, pairs.length);
  const visible = { pairMs, figures: figures.length, alpha };
  return {
    schemaVersion: NOISE_SCHEMA_VERSION,
    kind: 'noise',
    tool: made.tool,
    startedAt: startedAt.toISOString(),
    durationMs: made.durationMs,
    command: made.command,
    scenario: { ...scenario, workload: { ...scenario.workload } },
    environment: made.environment,
    interrupted: made.interrupted,
    ...identityOf(row),
    alpha,
    pairMs,
    used: used.length,
    discarded: pairs.length - used.length,
    figures: figures.map((figure) => noiseOf(figure, pairs, visible)),
    pairs: used.map(({ round, base, head }) => ({ round, base, head })),
  };
}

interface Gates {
  readonly pairMs: number;
  /** Of the family. */
  readonly figures: number;
  readonly alpha: number;
}

function noiseOf(
  { name, title, unit, path, threshold }: GateFigure,
  pairs: readonly GatePair[],
  gates: Gates,
): NoiseFigure {
  const values = valuesIn(pairs, name);
  const logRatios = values.map(({ base, head }) => Math.log(head / base));
  const test = logRatios.length === 0 ? null : signedRank(logRatios);
  const interval = test?.interval ? { low: Math.exp(test.interval.low), high: Math.exp(test.interval.high) } : null;
  const spread = spreadOfPairs(logRatios);
  return {
    ...{ name, title, unit, path, threshold, spread, interval },
    value: values.length === 0 ? null : median(values.flatMap(({ base, head }) => [base, head])),
    ratio: test && Math.exp(test.estimate),
    differs: interval !== null && (interval.low > 1 || interval.high < 1),
    visible: MINUTES.map((minutes) => {
      const most = Math.floor((minutes * 60_000) / gates.pairMs);
      return { minutes, pairs: most, change: visibleChange(most, spread, threshold, gates) };
    }),
  };
}

/** The smallest change that a gate of so many pairs sees; `null`: none, or the noise is not known. */
export function visibleChange(
  pairs: number,
  spread: number | null,
  threshold: number,
  { figures, alpha }: Pick<Gates, 'figures' | 'alpha'>,
): number | null {
  const last = planLooks(pairs, figures, alpha).at(-1);
  if (last === undefined || spread === null) return null;
  return smallestVisibleChange(pairs, spread, { alpha: last.alpha / figures, threshold });
}
