import type { Payload, Settings } from './transport.js';

/**
 * A transport's client in a page of a browser: a function that opens one and returns what ends it. Its source is sent
 * to the page, so it uses what a browser has and its own parameters, and nothing of the module that it stands in.
 */
export type PageHalf = (options: PageOptions) => () => void;

/** `ConnectOptions`, as far as a page has use for them. */
export interface PageOptions {
  /** Base URL of the server: the page's own origin. */
  readonly url: string;
  readonly clientId: number;
  readonly channels: readonly string[];
  readonly since: number | null;
  readonly settings: Settings;
  readonly payload: Payload;
  readonly phase: number;
  /** A message published from now on will arrive. At most once. */
  readonly onOpen: () => void;
  /** One message: text, or bytes in base64 where `encoding` says so. */
  readonly onMessage: (body: string | ArrayBuffer, id: number | null, encoding?: 'base64') => void;
  /** It is over, or has never opened. */
  readonly onDrop: (reason: string) => void;
  readonly onGap: (oldestId: number) => void;
}
