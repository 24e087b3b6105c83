import type { Overrides } from '../scenario/load.js';

/** Flags of commands that measure a scenario at several loads. */
export interface StageFlags
  extends Pick<Overrides, 'payload' | 'duration' | 'warmup' | 'seed' | 'workers' | 'tls' | 'network' | 'rtt'> {
  readonly transport: readonly string[];
  readonly out?: string;
  readonly json?: string;
  readonly pin?: boolean;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
}

/** What they change in the scenario, without what is varied. */
export function overridesOf(flags: StageFlags): Overrides {
  const { payload, duration, warmup, seed, workers, tls, network, rtt, transport } = flags;
  const given = Object.entries({ payload, duration, warmup, seed, workers, tls, network, rtt });
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(transport.length > 0 ? { transports: transport } : {}),
  };
}
