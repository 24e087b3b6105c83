import { EXIT } from '../errors.js';

/** Turns the first Ctrl-C (or SIGTERM) into an abort, and the second into an end at once. */
export function openInterrupt(): { readonly signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    // The processes of a run end when their link to this one does.
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    close() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
