import { registry } from '../cli/registry.js';
import { resolveRows } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import { type Recorded, record } from '../suite/inspect/record.js';
import { scriptOf } from '../suite/inspect/script.js';
import { loadTransport } from '../transports/index.js';
import type { Inspector } from '../transports/inspection.js';

interface RecordingOptions {
  /** In place of the usual exchange. */
  readonly pattern?: string;
  readonly sizeBytes?: number | null;
  /** Where the technique can have heartbeats; absent or `null`: it has none. A busy machine can take one for missed. */
  readonly heartbeatMs?: number | null;
  /** Of a server elsewhere. */
  readonly url?: string | null;
  readonly stepMs?: number;
}

/** A technique's short exchange, as `rtbench inspect` records it. */
export async function recordTechnique(
  spec: string,
  { pattern, sizeBytes = null, heartbeatMs = null, url = null, stepMs = 10_000 }: RecordingOptions = {},
): Promise<{ readonly row: Row; readonly inspector: Inspector; readonly recorded: Recorded }> {
  const [row] = await resolveRows([{ spec, where: 'a test' }], 'server', registry, process.cwd(), { heartbeatMs });
  const inspector = row && (await (await loadTransport(row.module)).inspector?.());
  if (!row || !inspector) throw new Error(`${spec} has no inspector`);
  const own = pattern === undefined ? null : inspector.patterns?.[pattern];
  if (own === undefined) throw new Error(`${spec} has no pattern ${pattern}`);
  const { signal } = new AbortController();
  const script = scriptOf(sizeBytes);
  const { worstWaitMs } = row;
  const recorded = await record({ transport: row, worstWaitMs, pattern: own, script, url, signal, stepMs });
  return { row, inspector, recorded };
}
