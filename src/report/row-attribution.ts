import { NO_PARTS } from './round-attribution.js';
import type { CompletedRun, LatencyParts } from './schema.js';

/** Means over the deliveries of all rounds; of the groups, around and beyond the percentile of each round. */
export function combineAttribution(runs: readonly CompletedRun[]): CompletedRun['attribution'] {
  return {
    mean: together(runs.map(({ attribution }) => attribution.mean)),
    aroundP50: together(runs.map(({ attribution }) => attribution.aroundP50)),
    aboveP99: together(runs.map(({ attribution }) => attribution.aboveP99)),
  };
}

function together(all: readonly LatencyParts[]): LatencyParts {
  const deliveries = all.reduce((sum, parts) => sum + parts.deliveries, 0);
  if (deliveries === 0) return NO_PARTS;
  const mean = (part: Exclude<keyof LatencyParts, 'deliveries'>) =>
    all.reduce((sum, parts) => sum + (parts[part] ?? 0) * parts.deliveries, 0) / deliveries;
  return {
    deliveries,
    latencyUs: mean('latencyUs'),
    scheduleLagUs: mean('scheduleLagUs'),
    ingressUs: mean('ingressUs'),
    turnUs: mean('turnUs'),
    transportUs: mean('transportUs'),
  };
}
