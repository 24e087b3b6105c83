/** The code of a peer that ended the connection in order and gave no other reason. */
export const ENDED = 'end';

/** A connection is gone, and its protocol or the system said why. */
export class DropError extends Error {
  /**
   * As the protocol writes it: a WebSocket close code (`1001`), a gRPC status (`UNAVAILABLE`), an HTTP status (`503`),
   * `GOAWAY`, an error of the system (`ECONNRESET`), or `end`.
   */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** The code of an error that has one, whoever made it; `null` otherwise. */
export function codeOf(error: Error): string | null {
  return 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
    ? String(error.code)
    : null;
}
