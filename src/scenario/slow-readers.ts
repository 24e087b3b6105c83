import { randomStream } from '../random.js';
import { parseSizeBytes } from '../units.js';
import type { Scenario } from './scenario.js';

/** Clients that do not keep up while the window lasts; never probes. */
export interface SlowReaders {
  /** Of all clients, above 0 and at most 1. */
  readonly share: number;
  /** That each of them reads; 0: none at all. */
  readonly bytesPerSecond: number;
}

export const SLOW_READERS_ACCEPTED =
  'a share of the clients and how much each reads a second, such as `10%:1KiB/s`, or `10%:stop`';

/** `10%:1KiB/s`, `10%:stop`. */
export function parseSlowReaders(text: string): SlowReaders | undefined {
  const [, percent = '', rate = ''] = /^\s*(\d+(?:\.\d+)?)\s*%\s*:\s*(stop|.+\/s)\s*$/.exec(text) ?? [];
  // Of 0.7 % binary fractions would make 0.6999… %.
  const share = Number((Number(percent) / 100).toPrecision(12));
  const bytesPerSecond = rate === 'stop' ? 0 : parseSizeBytes(rate.replace(/\/s$/, ''));
  if (percent === '' || share <= 0 || share > 1 || bytesPerSecond === undefined) return undefined;
  if (rate !== 'stop' && bytesPerSecond < 1) return undefined;
  return { share, bytesPerSecond };
}

/** As `parseSlowReaders` reads it. */
export function spellSlowReaders({ share, bytesPerSecond }: SlowReaders): string {
  const percent = Number((share * 100).toPrecision(12));
  return `${percent}%:${bytesPerSecond === 0 ? 'stop' : `${bytesPerSecond}B/s`}`;
}

/** How many of the clients are slow: at least one. */
export function slowReaderCount({ workload, slowReaders }: Pick<Scenario, 'workload' | 'slowReaders'>): number {
  return slowReaders === null ? 0 : Math.max(1, Math.round(slowReaders.share * workload.clients));
}

/** Which of these clients are slow: any subset of that size, all alike, a function of the seed. */
export function chooseSlowReaders(clients: readonly number[], count: number, seed: number): ReadonlySet<number> {
  const draw = randomStream(seed, 'slow readers');
  const left = [...clients];
  for (let picked = 0; picked < Math.min(count, clients.length); picked++) {
    const at = picked + Math.floor(draw() * (left.length - picked));
    [left[picked], left[at]] = [left[at] ?? 0, left[picked] ?? 0];
  }
  return new Set(left.slice(0, count));
}
