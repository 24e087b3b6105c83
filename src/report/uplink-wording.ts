import type { Uplink } from '../scenario/uplink.js';
import { formatBytes } from '../units.js';
import type { Report } from './schema.js';
import { plainFigure } from './wording.js';

/** What clients send besides, one fact an item; empty where they send nothing. */
export function uplinkFacts(uplink: Uplink | null): string[] {
  if (uplink === null) return [];
  const size = formatBytes(uplink.sizeBytes);
  return uplink.kind === 'stream'
    ? [`the clients send ${plainFigure(uplink.ratePerSecond)} messages/s of ${size} to the server, where they end`]
    : [`each client acknowledges every message to the server with ${size}`];
}

/** What it does to figures that are called those of a delivery. */
export function uplinkCaveats({ scenario: { workload } }: Pick<Report, 'scenario'>): string[] {
  const { uplink } = workload;
  if (uplink === null) return [];
  const what =
    uplink.kind === 'stream'
      ? `The clients' ${plainFigure(uplink.ratePerSecond)} messages a second to the server are`
      : "The clients' acknowledgements are";
  return [`${what} in the bytes and the CPU of a delivery; each row sends them by its own way up.`];
}
