/** How long in ms a reader that is ended for being slow may still take what waits for it, and hear why. */
export const FAREWELL_MS = 1_000;

/**
 * Destroys what has not closed by itself when the time of a farewell is up: its end waits behind what nobody reads.
 * Returns what calls it off.
 */
export function destroyAfterFarewell(connection: {
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}): () => void {
  const timer = setTimeout(() => connection.destroy(), FAREWELL_MS);
  const callOff = () => clearTimeout(timer);
  connection.once('close', callOff);
  return callOff;
}
