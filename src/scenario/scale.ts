import { UsageError } from '../errors.js';
import type { SettingSpec, SettingSpecs, Settings } from '../transports/transport.js';
import { formatCount, spellDurationMs } from '../units.js';
import { MAX_RATE_PER_SECOND } from './limits.js';
import type { Scenario } from './scenario.js';

/*
 * A scaled scenario is carried out so many times as fast as it is written, with its ratios kept: rate, window and
 * tolerated delay of the workload (`load.ts`), and here what transports do at times of their own: poll, hold, ping. What a
 * message takes over a network and what it costs a CPU does not get faster, so figures of scaled runs always say so.
 */

/** The settings with every period divided by `scale`, in whole ms. @throws UsageError where one gets too short. */
export function scaledSettings(target: string, settings: Settings, specs: SettingSpecs, scale: number): Settings {
  if (scale === 1) return settings;
  const problems: string[] = [];
  const scaled = Object.entries(settings).map(([key, value]) => {
    const spec = specs[key];
    const ms = Math.round(Number(value) / scale);
    if (spec?.kind !== 'durationMs' || spec.scales === false || value === 0) return [key, value];
    if (ms < spec.min) {
      problems.push(
        `\`${target}\`: \`${key}\` of ${spellDurationMs(Number(value))} is ${spellDurationMs(ms)} at a scale of ${scale}, ` +
          `below ${spellDurationMs(spec.min)}: lower --scale or make it longer`,
      );
    }
    return [key, ms];
  });
  if (problems.length > 0) throw new UsageError(problems);
  return Object.fromEntries(scaled);
}

/** The same for the defaults, so that what was changed can be told from what was only scaled. */
export function scaledSpecs(specs: SettingSpecs, scale: number): SettingSpecs {
  if (scale === 1) return specs;
  return Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, scaledSpec(spec, scale)]));
}

function scaledSpec(spec: SettingSpec, scale: number): SettingSpec {
  if (spec.kind !== 'durationMs' || spec.scales === false) return spec;
  return { ...spec, default: Math.round(spec.default / scale) };
}

/** What has times that are not the workload's and would be out of proportion. */
export function scaleProblems({
  scale,
  workload,
  heartbeatMs,
  faults,
  slowReaders,
  whenFull,
}: Scenario): readonly string[] {
  if (scale === 1) return [];
  const tooFast =
    workload.ratePerSecond > MAX_RATE_PER_SECOND
      ? [
          `a scale of ${scale} makes the rate ${formatCount(workload.ratePerSecond)}/s, above ${formatCount(MAX_RATE_PER_SECOND)}/s: lower --scale or --rate`,
        ]
      : [];
  const asInLife = [
    ...(heartbeatMs === null ? [] : ['heartbeats']),
    ...(faults === null ? [] : ['faults and reconnection']),
    ...(slowReaders === null ? [] : ['slow readers']),
    ...(whenFull.policy === 'wait' ? [] : ['what the server does with full clients']),
  ];
  return [
    ...tooFast,
    ...asInLife.map(
      (what) => `${what} would go on as in life in a scenario scaled by ${scale}: use --scale 1 with that`,
    ),
  ];
}
