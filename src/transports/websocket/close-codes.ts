/** RFC 6455, 7.4.1, and the registry of IANA. */
const MEANINGS: Readonly<Record<number, string>> = {
  1000: 'normal closure',
  1001: 'going away: a page is left, a server stops',
  1002: 'protocol error',
  1003: 'unsupported data',
  1004: 'reserved',
  1005: 'no status received',
  1006: 'abnormal closure: no close frame came',
  1007: 'invalid payload: not the type that the frame says',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'a mandatory extension is missing',
  1011: 'unexpected error of the server',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  1015: 'TLS handshake failed',
};

/** Codes that stand for what happens without a close frame, and may not be in one. */
const NEVER_SENT: ReadonlySet<number> = new Set([1004, 1005, 1006, 1015]);

export interface CloseCode {
  readonly meaning: string;
  /** May be in a close frame. */
  readonly sendable: boolean;
}

export function closeCode(code: number): CloseCode {
  const known = MEANINGS[code];
  if (known !== undefined) return { meaning: known, sendable: !NEVER_SENT.has(code) };
  if (code >= 3000 && code <= 3999) return { meaning: 'of a library or framework, registered', sendable: true };
  if (code >= 4000 && code <= 4999) return { meaning: 'of the application', sendable: true };
  return { meaning: 'of no standard', sendable: false };
}
