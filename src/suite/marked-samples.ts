import type { Mark } from '../protocol/messages.js';

/** The sample of a mark. Throws where none was taken. */
export function taken<T>(samples: ReadonlyMap<Mark, T>, mark: Mark): T {
  const sample = samples.get(mark);
  if (sample === undefined) throw new Error(`no sample was taken at "${mark}"`);
  return sample;
}
