import type { FoundMend, Passage } from '../../report/proxies/schema.js';
import type { Row } from '../../scenario/scenario.js';
import type { ColumnSpec } from './columns.js';
import { type Column, columnOf, findMend, type Subject, subjectOf, type TrialOptions, watchThrough } from './trial.js';

export interface ProxiesOptions extends TrialOptions {
  readonly rows: readonly Row[];
  /** Of programs that are installed. */
  readonly columns: readonly ColumnSpec[];
  readonly onPassage: (passage: Passage) => void;
  readonly onMend: (mend: FoundMend) => void;
  /** Called when a column is whole, to save what there is; waited for. */
  readonly onColumn: () => Promise<void>;
}

/**
 * Each transport through each column, those of a column side by side: first with nothing between, for comparison. Where
 * a plain configuration does not do, the lines are looked for that make the difference. Stops after an abort, with
 * everything that was started ended; rejects where a middlebox does not start.
 */
export async function measureProxies(options: ProxiesOptions): Promise<void> {
  const { columns, signal, onColumn, onMend } = options;
  try {
    const subjects = await Promise.all(options.rows.map(subjectOf));
    await sideBySide(subjects, (subject) => pass(options, subject, DIRECT));
    await onColumn();
    for (const column of columns) {
      await sideBySide(subjects, async (subject) => {
        const passage = await pass(options, subject, columnOf(column, subject.speech));
        const isPlain = column.kind === 'foreign' && column.configuration === 'default';
        if (!isPlain || passage.outcome === 'delivered') return;
        const mend = await findMend(column.middlebox, subject, passage, options);
        if (mend !== null) onMend(mend);
      });
      await onColumn();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** All are waited for when one fails: whoever returns has nothing running any more. */
async function sideBySide<T>(items: readonly T[], measure: (item: T) => Promise<unknown>): Promise<void> {
  for (const result of await Promise.allSettled(items.map(measure))) {
    if (result.status === 'rejected') throw result.reason;
  }
}

const DIRECT: Column = { middlebox: 'direct', configuration: 'none', ref: null };

async function pass(options: ProxiesOptions, { row }: Subject, column: Column): Promise<Passage> {
  const passage = await watchThrough(column, row, options);
  options.onPassage(passage);
  return passage;
}
