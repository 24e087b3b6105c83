/** One end of a conversation between two processes. Messages are plain JSON, in order, each once. */
export interface Link<Out, In> {
  send(message: Out): void;
  onMessage(handle: (message: In) => void): void;
  /** The other end is gone. */
  onClose(handle: () => void): void;
}

/**
 * The link of a forked process to the one that forked it. The process ends when the link does, so that nothing
 * outlives a coordinator that was killed, and leaves the signals of a terminal to the coordinator, which has tallies
 * to save first.
 */
export function parentLink<Out extends { type: string }, In>(): Link<Out, In> {
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => process.exit(0));
  return {
    send: (message) => process.send?.(message),
    onMessage: (handle) => process.on('message', (message) => handle(message as In)),
    // Before the listener that ends the process.
    onClose: (handle) => process.prependListener('disconnect', handle),
  };
}
