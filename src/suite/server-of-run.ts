import type { FromServer, Mark, ServerSample, ToServer } from '../protocol/messages.js';
import type { AcceptLog, Ready, Replacement, Start } from './server-process.js';

/** The server of a run, whoever it is. */
export interface ServerOfRun {
  /** 0: not known. */
  readonly pid: number;
  /** Resolves when it can be started. To be called at once. */
  hello(): Promise<void>;
  /** Resolves when clients can connect. */
  start(start: Start): Promise<Ready>;
  sample(mark: Mark, collectGarbage: boolean): Promise<ServerSample>;
  request<T extends FromServer['type']>(
    message: ToServer,
    type: T,
    timeoutMs?: number,
  ): Promise<Extract<FromServer, { type: T }>>;
  stall(forMs: number): Promise<Extract<FromServer, { type: 'stalled' }>>;
  accepts(): Promise<AcceptLog>;
  replace(replacement: Replacement): Promise<Ready>;
  /** Ends what of it belongs to the run. Resolves when it is gone. */
  stop(): Promise<void>;
}
