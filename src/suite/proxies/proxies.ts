import { IDLE_CUT_MS } from '../../network/middlebox/hostile-modes.js';
import type { ForeignMiddlebox, Mend } from '../../network/middlebox/middlebox.js';
import type { Endpoint, MiddleboxRef, Speech } from '../../protocol/messages.js';
import type { PassageTiming } from '../../report/proxies/observation.js';
import { passageOf } from '../../report/proxies/passage.js';
import type { FoundMend, Passage } from '../../report/proxies/schema.js';
import type { Row } from '../../scenario/scenario.js';
import { startMiddlebox } from '../middlebox-process.js';
import { openServer } from '../same-process.js';
import { type ColumnSpec, HOSTILE } from './columns.js';
import { observe } from './observation.js';

/** With it nothing that works is silent for long enough to be mistaken. */
const SILENCES = 2;

export interface ProxiesOptions {
  readonly rows: readonly Row[];
  /** Of programs that are installed. */
  readonly columns: readonly ColumnSpec[];
  readonly timing: PassageTiming;
  readonly signal: AbortSignal;
  readonly onPassage: (passage: Passage) => void;
  readonly onMend: (mend: FoundMend) => void;
  /** Called when a column is whole, to save what there is; waited for. */
  readonly onColumn: () => Promise<void>;
  /** Of tests; by default each in a process of its own. */
  readonly start?: typeof startMiddlebox;
}

/**
 * Each transport through each column, those of a column side by side: first with nothing between, for comparison. Where
 * a plain configuration does not do, the lines are looked for that make the difference. Stops after an abort, with
 * everything that was started ended; rejects where a middlebox does not start.
 */
export async function measureProxies(options: ProxiesOptions): Promise<void> {
  const { columns, signal, onColumn } = options;
  try {
    const subjects = await Promise.all(options.rows.map(async (row) => ({ row, speech: await speechOf(row) })));
    await sideBySide(subjects, (subject) => pass(options, subject, DIRECT));
    await onColumn();
    for (const column of columns) {
      await sideBySide(subjects, async (subject) => {
        const passage = await pass(options, subject, columnOf(column, subject.speech));
        const isPlain = column.kind === 'foreign' && column.configuration === 'default';
        if (isPlain && passage.outcome !== 'delivered') await findMend(options, subject, column.middlebox, passage);
      });
      await onColumn();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** A row, and what its server speaks. */
interface Subject {
  readonly row: Row;
  readonly speech: Speech;
}

async function speechOf(row: Row): Promise<Speech> {
  const server = await openServer(row);
  await server.close();
  return server.speaks[0] ?? 'bytes';
}

/** All are waited for when one fails: whoever returns has nothing running any more. */
async function sideBySide<T>(items: readonly T[], measure: (item: T) => Promise<unknown>): Promise<void> {
  for (const result of await Promise.allSettled(items.map(measure))) {
    if (result.status === 'rejected') throw result.reason;
  }
}

interface Column {
  readonly middlebox: string;
  readonly configuration: string;
  /** `null`: nothing stands between. */
  readonly ref: MiddleboxRef | null;
  /** In place of what was asked for. */
  readonly silenceMs?: number;
}

const DIRECT: Column = { middlebox: 'direct', configuration: 'none', ref: null };

function columnOf(column: ColumnSpec, speech: Speech): Column {
  if (column.kind === 'foreign') {
    const { middlebox, configuration } = column;
    return foreignColumn(middlebox, configuration, configuration === 'default' ? [] : mendsFor(middlebox, speech));
  }
  const { mode } = column;
  return {
    middlebox: HOSTILE,
    configuration: mode,
    ref: { kind: 'hostile', mode, idleCutMs: IDLE_CUT_MS },
    ...(mode === 'idle-cut' && { silenceMs: SILENCES * IDLE_CUT_MS }),
  };
}

function foreignColumn({ name }: ForeignMiddlebox, configuration: string, mends: readonly Mend[]): Column {
  return { middlebox: name, configuration, ref: { kind: 'foreign', name, mends: mends.map((mend) => mend.name) } };
}

function mendsFor({ mends }: ForeignMiddlebox, speech: Speech): readonly Mend[] {
  return mends.filter((mend) => mend.speech === speech);
}

async function pass(options: ProxiesOptions, { row }: Subject, column: Column): Promise<Passage> {
  const passage = await watch(options, row, column);
  options.onPassage(passage);
  return passage;
}

async function watch(options: ProxiesOptions, row: Row, column: Column): Promise<Passage> {
  const { signal, start = startMiddlebox } = options;
  const { middlebox, configuration, ref, silenceMs = options.timing.silenceMs } = column;
  const timing = { ...options.timing, silenceMs };
  const between = ref
    ? (servers: readonly Endpoint[]) => start(`${middlebox} (${configuration})`, ref, servers)
    : undefined;
  const seen = await observe({ row, between, timing, signal });
  const mends = ref?.kind === 'foreign' ? ref.mends : [];
  return passageOf({ middlebox, configuration, mends, row, timing }, seen);
}

/** The first group of lines that alone makes it pass; else all that are documented together, if they do. Tried out. */
async function findMend(
  options: ProxiesOptions,
  { row, speech }: Subject,
  middlebox: ForeignMiddlebox,
  plain: Passage,
): Promise<void> {
  const known = mendsFor(middlebox, speech);
  const candidates = known.length > 1 ? [...known.map((mend) => [mend]), known] : [known];
  for (const mends of candidates.filter(({ length }) => length > 0)) {
    const trial = await watch(options, row, foreignColumn(middlebox, 'trial', mends));
    if (trial.outcome !== 'delivered') continue;
    options.onMend({
      middlebox: middlebox.name,
      transport: plain.transport,
      label: plain.label,
      from: plain.outcome,
      names: mends.map(({ name }) => name),
      lines: mends.flatMap(({ lines }) =>
        lines.map(({ at, text, whole = text, reason, source }) => ({ at, text: whole, reason, source })),
      ),
      to: trial.outcome,
    });
    return;
  }
}
