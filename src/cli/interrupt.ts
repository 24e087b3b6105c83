import { EXIT } from '../errors.js';

/** What a process is told over its link for a Ctrl-C where signals are not its own to take. */
export const INTERRUPT = 'interrupt';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Does what a Ctrl-C does, for a key that is none to the terminal. */
  interrupt(): void;
  close(): void;
}

/**
 * Turns the first Ctrl-C (or SIGTERM) into an abort, and the second into an end at once. `from`: `link` takes them from
 * the parent process alone, which has the signals, and counts its end as one.
 */
export function openInterrupt(from: 'signals' | 'link' = 'signals'): Interrupt {
  const controller = new AbortController();
  const onInterrupt = () => {
    // The processes of a run end when their link to this one does.
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
  };
  const onMessage = (message: unknown) => {
    if (message === INTERRUPT) onInterrupt();
  };
  const ignore = () => {};
  const onSignal = from === 'link' ? ignore : onInterrupt;
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  if (from === 'link') {
    process.on('message', onMessage);
    process.on('disconnect', onInterrupt);
  }
  return {
    signal: controller.signal,
    interrupt: onInterrupt,
    close() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      process.off('message', onMessage);
      process.off('disconnect', onInterrupt);
    },
  };
}
