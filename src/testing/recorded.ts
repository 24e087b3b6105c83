import { type RecordedConnection, Tap } from '../suite/inspect/tap.js';
import type { Streams } from '../transports/inspection.js';

/** A tap before a server of a test on loopback, and what went through it. */
export async function openTap(port: number): Promise<{
  readonly port: number;
  /** Of each connection so far. */
  streams(): Streams[];
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const tap = await Tap.open({ host: '127.0.0.1', port, maxBytes: 8 << 20, maxConnections: 100 });
  return {
    port: tap.port,
    streams: () => tap.connections.map(streamsOf),
    [Symbol.asyncDispose]: () => tap.close(),
  };
}

export function streamsOf({ chunks }: RecordedConnection): Streams {
  const bytes = (way: string) =>
    Buffer.concat(chunks.filter(({ direction }) => direction === way).map((chunk) => chunk.bytes));
  return { up: bytes('up'), down: bytes('down') };
}
