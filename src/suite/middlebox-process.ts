import type { Endpoint, FromMiddlebox, MiddleboxRef, ToMiddlebox } from '../protocol/messages.js';
import type { BetweenProcesses } from './between.js';
import { Child } from './child.js';

const START_MS = 30_000;

export interface MiddleboxProcess extends BetweenProcesses {
  /** Of the program itself, whose process is the child of one that ends it. */
  readonly pid: number;
}

/**
 * A middlebox in front of these servers, in a process that ends with this one however this one ends. Rejects with what
 * it said where it does not start; nothing is then left of it.
 */
export async function startMiddlebox(
  title: string,
  middlebox: MiddleboxRef,
  servers: readonly Endpoint[],
): Promise<MiddleboxProcess> {
  const child = new Child<ToMiddlebox, FromMiddlebox>({
    title,
    entry: new URL('../network/middlebox/main.js', import.meta.url),
  });
  const stop = () => child.stop({ type: 'stop' });
  try {
    await child.hello();
    const { addresses, pid } = await child.request({ type: 'start', middlebox, servers }, 'ready', START_MS);
    return { addresses, pid, pids: [...new Set([child.pid, pid])], failure: child.failure, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
