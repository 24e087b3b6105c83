import type { StatusObject } from '@grpc/grpc-js';
import type { Uplink } from './uplink.js';

/** What a client has going on over its channel, in one of the modes. */
export interface Exchange {
  /** Absent where the client does not publish. */
  readonly uplink: Uplink | undefined;
  /** No message is delivered from now on; what has been sent still goes out. */
  silence(): void;
  /** Ends every call, after `silence()`. What `ExchangeEvents` has may still come. */
  cancel(): void;
}

export interface ExchangeEvents {
  /** A message published from now on will arrive. */
  onOpen(): void;
  /** It cannot go on. May be called again. */
  onEnd(status: EndStatus): void;
}

export type EndStatus = Pick<StatusObject, 'code' | 'details' | 'metadata'>;
