/**
 * Wire: length-prefixed frames. Up: one hello (JSON `{channels, since}`), then a frame a published body. Down: frames
 * of a 6-byte id and a body; the id 0 is the server's own: an empty body says "subscribed", a decimal number says
 * that the history starts at that id only.
 */
export const ID_BYTES = 6;
export const CONTROL_ID = 0;

export interface Hello {
  readonly channels: readonly string[];
  readonly since: number | null;
  /** Where the server asks for one. */
  readonly token?: string;
}

/** Text of the server's own frame to a client whose hello has no valid token; the end follows. */
export const UNAUTHORIZED = 'unauthorized';

/** Longest frame a client takes; far above any body, so that a broken peer cannot fill the memory. */
export const MAX_DOWN_BYTES = 64 * 1024 * 1024;
