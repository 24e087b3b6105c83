import { isDeepStrictEqual } from 'node:util';
import { readEnvironment } from '../report/environment.js';
import type { NoiseReport } from '../report/gate/noise-schema.js';
import { isSameRow } from '../report/row-identity.js';
import type { Plan, Row } from '../scenario/scenario.js';

/** Why the noise that was measured is not that of this row, load and machine; `null`: it is. */
export function noiseProblem(noise: NoiseReport, row: Row, { scenario }: Plan): string | null {
  if (!isSameRow(noise, row)) return `another row, ${noise.label}`;
  const { workload, interleaveMs } = noise.scenario;
  if (!isDeepStrictEqual({ ...workload }, { ...scenario.workload }) || interleaveMs !== scenario.interleaveMs) {
    return 'another load';
  }
  const { cpu, cores, node } = readEnvironment({ pinning: null, deflateRatio: null });
  const here = { cpu, cores, node };
  const there = { cpu: noise.environment.cpu, cores: noise.environment.cores, node: noise.environment.node };
  return isDeepStrictEqual(here, there)
    ? null
    : `another machine: ${there.cpu}, ${there.cores} cores, Node ${there.node}`;
}
