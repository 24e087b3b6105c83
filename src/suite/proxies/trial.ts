import type { Between } from '../../network/between.js';
import { IDLE_CUT_MS } from '../../network/middlebox/hostile-modes.js';
import type { ForeignMiddlebox, Mend } from '../../network/middlebox/middlebox.js';
import { mendsFor } from '../../network/middlebox/middleboxes.js';
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

export interface TrialOptions {
  readonly timing: PassageTiming;
  readonly signal: AbortSignal;
  /** Of tests; by default each in a process of its own. */
  readonly start?: (title: string, middlebox: MiddleboxRef, servers: readonly Endpoint[]) => Promise<Between>;
}

/** A row, and what its server speaks. */
export interface Subject {
  readonly row: Row;
  readonly speech: Speech;
}

/** One thing to stand between, as it is started. */
export interface Column {
  readonly middlebox: string;
  readonly configuration: string;
  /** `null`: nothing stands between. */
  readonly ref: MiddleboxRef | null;
  /** In place of what was asked for. */
  readonly silenceMs?: number;
}

export async function subjectOf(row: Row): Promise<Subject> {
  const server = await openServer(row);
  await server.close();
  return { row, speech: server.speaks[0] ?? 'bytes' };
}

export function columnOf(column: ColumnSpec, speech: Speech): Column {
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

/** One client of the row through the column. */
export async function watchThrough(column: Column, row: Row, options: TrialOptions): Promise<Passage> {
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

/**
 * What makes the row pass that does not pass the plain configuration: the first group of lines that alone does; else all
 * that are documented together, if they do. Tried out; `null`: nothing known does.
 */
export async function findMend(
  middlebox: ForeignMiddlebox,
  { row, speech }: Subject,
  plain: Passage,
  options: TrialOptions,
): Promise<FoundMend | null> {
  const known = mendsFor(middlebox, speech);
  const candidates = known.length > 1 ? [...known.map((mend) => [mend]), known] : [known];
  for (const mends of candidates.filter(({ length }) => length > 0)) {
    const trial = await watchThrough(foreignColumn(middlebox, 'trial', mends), row, options);
    if (trial.outcome !== 'delivered') continue;
    return {
      middlebox: middlebox.name,
      transport: plain.transport,
      label: plain.label,
      from: plain.outcome,
      names: mends.map(({ name }) => name),
      lines: mends.flatMap(({ lines }) =>
        lines.map(({ at, text, whole = text, reason, source }) => ({ at, text: whole, reason, source })),
      ),
      to: trial.outcome,
    };
  }
  return null;
}
