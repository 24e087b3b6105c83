import { deflateRawSync } from 'node:zlib';
import type { Workload } from '../scenario/scenario.js';
import { BodyMaker } from './body.js';

/** Bodies that are enough to tell; each is deflated by itself, as the first message of a connection is. */
const BODIES = 100;

/** Deflated size over size of this workload's bodies: 1 or more where there is nothing to gain. */
export function deflateRatio(seed: number, { sizeBytes, payload }: Pick<Workload, 'sizeBytes' | 'payload'>): number {
  const bodies = new BodyMaker(seed, sizeBytes, payload);
  let deflatedBytes = 0;
  for (let sequence = 0; sequence < BODIES; sequence++) {
    deflatedBytes += deflateRawSync(bodies.make({ publisher: 0, sequence, dueUs: sequence * 1_000, lagUs: 0 })).length;
  }
  return Math.round((deflatedBytes / (BODIES * sizeBytes)) * 1_000) / 1_000;
}
