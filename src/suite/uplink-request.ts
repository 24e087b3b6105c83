import { channelCount, type Schedule } from '../load/schedule.js';
import { makeUplinkSchedule } from '../load/uplink-schedule.js';
import type { UplinkRequest } from '../protocol/uplink-messages.js';
import type { Workload } from '../scenario/scenario.js';
import type { Turn } from '../scenario/turns.js';
import { expectedDeliveries } from './progress.js';

/** By what the server knows what clients send besides; `null`: nothing. `published`: the schedule of what is published. */
export function uplinkRequest(
  seed: number,
  workload: Workload,
  turn: Turn | null,
  published: Schedule,
): UplinkRequest | null {
  const { uplink, clients } = workload;
  if (uplink === null) return null;
  const { kind, sizeBytes } = uplink;
  const shape = { kind, sizeBytes, clients, channels: channelCount(workload) };
  if (kind === 'stream') {
    const { warmupCount, windowCount } = makeUplinkSchedule(seed, workload, turn);
    const sequences = { warmup: warmupCount, window: windowCount };
    return { ...shape, sequences, expected: sequences };
  }
  return {
    ...shape,
    sequences: { warmup: published.warmupCount, window: published.windowCount },
    expected: {
      warmup: expectedDeliveries(published, workload, 'warmup'),
      window: expectedDeliveries(published, workload, 'window'),
    },
  };
}
