import { readFile } from 'node:fs/promises';
import { messageOf, UsageError } from '../errors.js';
import type { GateDesign } from '../report/gate/journal.js';
import { fewestPairs, planLooks } from '../report/gate/looks.js';
import { parseNoiseReport, visibleChange } from '../report/gate/noise.js';
import type { NoiseReport } from '../report/gate/noise-schema.js';
import { signedPercent } from '../report/gate/wording.js';
import { counted } from '../report/wording.js';
import type { Plan, Row } from '../scenario/scenario.js';
import { formatDurationMs } from '../units.js';
import { noiseProblem } from './gate-noise.js';
import type { PairPlan, PairRequest } from './gate-plan.js';

/** What a gate will do. */
export interface Gate {
  readonly row: Row;
  readonly plan: Plan;
  readonly design: GateDesign;
  readonly request: PairRequest;
  readonly pairMs: number;
  readonly noise: NoiseReport | null;
}

/** How far pairs differ where no A/A run has said it: as the CPU of a quiet machine with two cores does. */
const ASSUMED_SPREAD = 0.03;

/**
 * `noiseFile`: what `rtbench noise` found.
 *
 * @throws UsageError where what is asked for cannot be told by the pairs there may be.
 */
export async function designGate(
  { row, plan, pairs, pairMs }: PairPlan,
  request: PairRequest,
  noiseFile: string | undefined,
): Promise<Gate> {
  const { figures, alpha } = request;
  const fewest = fewestPairs(figures.length, alpha);
  if (pairs < fewest) {
    const time = formatDurationMs(Math.ceil((fewest * pairMs) / 1_000) * 1_000);
    throw new UsageError(
      `${request.pairs === null ? '--budget' : '--pairs'}: ${pairs} pairs can show no regression: by chance all of them agree in ` +
        `1 of ${2 ** pairs} gates, and with ${counted(figures.length, 'figure')} at ${100 * alpha} % it takes ${fewest}, about ${time}`,
    );
  }
  const noise = noiseFile === undefined ? null : await readNoise(noiseFile, row, plan);
  const spreadOf = (name: string) => noise?.figures.find((figure) => figure.name === name)?.spread ?? null;
  const design = { figures, alpha, pairs, knownSpreadOf: ({ name }: { name: string }) => spreadOf(name) };
  return { row, plan, design, request, pairMs, noise };
}

async function readNoise(file: string, row: Row, plan: Plan): Promise<NoiseReport> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(
      `--noise: ${file} cannot be read (${messageOf(error)}); make it with rtbench noise --json ${file}`,
    );
  });
  const noise = parseNoiseReport(text, file);
  if (noise === undefined)
    throw new UsageError(`--noise: ${file} is no noise.json; make one with rtbench noise --json ${file}`);
  const problem = noiseProblem(noise, row, plan);
  if (problem !== null)
    throw new UsageError(`--noise: ${file} is of ${problem}; make it anew with rtbench noise --json ${file}`);
  return noise;
}

/** What will be done, how long it takes, and what it can see. */
export function describeGate({ row, design, pairMs, request, noise }: Gate): string {
  const { figures, alpha, pairs } = design;
  const looks = planLooks(pairs, figures.length, alpha).map((look) => look.pairs);
  const longestMs = request.budgetMs ?? pairs * pairMs;
  const visible = figures.map((figure) => {
    const spread = noise === null ? ASSUMED_SPREAD : design.knownSpreadOf(figure);
    const change = visibleChange(pairs, spread, figure.threshold, { figures: figures.length, alpha });
    return `${figure.name} ${change === null ? 'not known' : signedPercent(change)}`;
  });
  const whence =
    noise === null
      ? `if pairs differ by ${100 * ASSUMED_SPREAD} %; rtbench noise measures by how much they do here`
      : 'by the noise of this machine';
  return [
    `${row.label}: up to ${pairs} pairs of about ${formatDurationMs(pairMs)}, at most ${formatDurationMs(longestMs)}, ` +
      `looked at after ${looks.join(', ')}; false alarms in ${100 * alpha} % of gates at the most`,
    `smallest change seen in 4 of 5 gates: ${visible.join(', ')} (${whence})`,
    '',
  ].join('\n');
}
