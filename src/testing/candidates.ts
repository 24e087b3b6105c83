import type { Evidence } from '../report/advice/measured-advice.js';
import type { Report, ReportRow } from '../report/schema.js';
import { resolveRows } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import type { Sender } from '../scenario/uplink.js';
import { builtInTransports, loadTransport } from '../transports/index.js';

/** The rows of what ships, or of these specs. */
export function shippedRows(publish: Sender, specs: readonly string[] = []): Promise<readonly Row[]> {
  const builtIn = new Map(builtInTransports.map(({ name, module }) => [name, module]));
  const requests = specs.map((spec) => ({ spec, where: 'test' }));
  return resolveRows(requests, publish, { builtIn, load: loadTransport });
}

/** A report whose rows have what the shipped row of the same transport is known for, under the report's own labels. */
export function evidenceFrom(report: Report, rows: readonly Row[], file = 'result.json'): Evidence {
  const candidates = report.transports.flatMap((row) => {
    const shipped = rows.find(({ transport }) => transport === row.transport);
    return shipped === undefined ? [] : [[row, { ...shipped, label: row.label }] as const];
  });
  return { report, file, candidateOf: new Map<ReportRow, Row>(candidates) };
}
