import { buildInspection } from '../report/inspection/build.js';
import type { Inspection } from '../report/inspection/inspection.js';
import type { Recorded } from '../suite/inspect/record.js';
import type { Unit } from '../transports/inspection.js';

type Read = Recorded['connections'][number] & { readonly units: readonly Unit[] };

/** An inspection's document, of which only the exchange matters. */
export function inspectionOf(
  connections: readonly Read[],
  { server = null, problem = null }: Partial<Pick<Recorded, 'server' | 'problem'>> = {},
): Inspection {
  return buildInspection({
    tool: { name: 'rtbench', version: '0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    command: 'rtbench inspect x',
    transport: 'x',
    label: 'X',
    settings: {},
    pattern: null,
    url: null,
    connections,
    server,
    problem,
  });
}
