import { UsageError } from '../errors.js';
import type { Report } from '../report/schema.js';
import { renderClaims } from '../reporters/claims-list.js';
import { renderGuideTable } from '../reporters/guide-table.js';
import type { RenderOptions } from '../reporters/reporter.js';
import { tableReporter } from '../reporters/table.js';
import { didYouMean } from '../scenario/suggestion.js';

/** Tables that `--table` may name. */
const TABLES = ['transports', 'guide'] as const;
export type TableName = (typeof TABLES)[number];

/** What `--table` and `--claims` ask for. */
export interface Shown {
  readonly table: TableName;
  readonly claims: boolean;
}

export interface ShownFlags {
  readonly table?: string;
  readonly claims?: boolean;
  /** Files of capacity and sweep documents, for the guide's table and claims. */
  readonly evidence: readonly string[];
}

/** @throws UsageError where evidence was given that nothing asks for. */
export function requireGuide({ evidence }: Pick<ShownFlags, 'evidence'>, { table, claims }: Shown): void {
  if (evidence.length > 0 && table !== 'guide' && !claims) {
    throw new UsageError("--evidence: is for the guide's table and its claims; add --table guide or --claims");
  }
}

/** @throws UsageError where there is no such table. */
export function shownBy({ table = 'transports', claims = false }: Omit<ShownFlags, 'evidence'>): Shown {
  const name = TABLES.find((known) => known === table);
  if (name === undefined) {
    throw new UsageError(
      `--table: unknown table \`${table}\`${didYouMean(table, TABLES)}there are ${TABLES.join(', ')}`,
    );
  }
  return { table: name, claims };
}

/** A report for a terminal: one of its tables, and below it the claims of the guide if asked for. */
export function renderShown(report: Report, { table, claims }: Shown, options: RenderOptions): string {
  const shown = table === 'guide' ? renderGuideTable(report, options) : tableReporter.render(report, options);
  return claims ? `${shown}${renderClaims(report, options)}` : shown;
}
