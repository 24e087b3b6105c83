import { formatDurationMs } from '../units.js';
import { type FaultPlan, isNative, isSilent, spellFault } from './faults.js';
import type { Row, Scenario } from './scenario.js';
import type { Unreachable } from './via-browser.js';

/** Why these faults do not go together with the rest of the scenario, and what to do. */
export function faultProblems({ workload, faults, interleaveMs, slowReaders, via }: Scenario): readonly string[] {
  const problems: string[] = [];
  if (faults !== null && isNative(faults)) problems.push(...nativeProblems(faults));
  for (const fault of faults?.injected ?? []) {
    if (fault.atMs >= workload.durationMs) {
      problems.push(
        `the fault ${spellFault(fault)} comes after the window of ${formatDurationMs(workload.durationMs)}: let it come earlier, or raise --duration`,
      );
    }
  }
  if (faults !== null && interleaveMs !== null) {
    problems.push('rows side by side would share what is done to one of them: leave out --interleave or the faults');
  }
  if (faults !== null && slowReaders !== null) {
    problems.push(
      'what slow readers miss and what faults cost cannot be told apart in one run: leave out one of the two',
    );
  }
  if (faults !== null && via === 'browser') {
    problems.push('clients in a browser do not come back as the others do: leave out --via or the faults');
  }
  if (faults !== null && workload.publish === 'clients') {
    problems.push(
      'where clients publish, a message lost on its way up cannot be told from one missed: use `publish: server` with faults',
    );
  }
  return problems;
}

function nativeProblems({ reconnect, resume }: FaultPlan): readonly string[] {
  const problems: string[] = [];
  if (reconnect !== 'native') {
    problems.push(
      `\`${reconnect}\`: how long a library waits by itself is not told to it here: leave the wait out, and have the server tell it, such as -t sse:retryMs=500ms`,
    );
  }
  if (!resume) {
    problems.push('a library that reconnects by itself goes on after the last message it saw: leave out --resume off');
  }
  return problems;
}

/** Where clients are to come back by their library's own means: the rows that have one, and the others. */
export function withoutOwnReconnect(
  rows: readonly Row[],
  faults: FaultPlan | null,
): { readonly rows: readonly Row[]; readonly leftOut: readonly Unreachable[] } {
  if (faults === null || !isNative(faults)) return { rows, leftOut: [] };
  const own = rows.filter(({ profile }) => profile.reconnect === 'built-in');
  const others = rows.filter((row) => !own.includes(row));
  return {
    // Such a library looks at nothing but its connection.
    rows: own.map((row) => ({ ...row, noticesMs: null })),
    leftOut: others.map(({ transport, label }) => ({ transport, label, reason: NO_RECONNECT })),
  };
}

const NO_RECONNECT = 'it has no reconnection of its own, which --reconnect native asks for';

/** What faults of this plan cannot show. */
export function faultNotes({ faults, workload }: Scenario, rows: readonly Row[]): readonly string[] {
  const silent = faults?.injected.filter(isSilent) ?? [];
  if (silent.length === 0) return [];
  const leftMs = workload.durationMs - Math.min(...silent.map(({ atMs }) => atMs));
  const real = rows.filter(({ profile }) => !profile.inProcess);
  const never = real.filter(({ noticesMs }) => noticesMs === null);
  const late = real.filter(({ noticesMs }) => noticesMs !== null && noticesMs > leftMs);
  const notes: string[] = [];
  if (never.length > 0) {
    notes.push(
      `nothing of ${labelsOf(never)} looks for a connection that is silently dead at these settings: --heartbeat 500ms has every transport look that can`,
    );
  }
  if (late.length > 0) {
    notes.push(
      `${labelsOf(late)} may notice a silently dead connection later than the ${formatDurationMs(leftMs)} that the window goes on: use --heartbeat 500ms, or a longer --duration`,
    );
  }
  return notes;
}

function labelsOf(rows: readonly Row[]): string {
  return rows
    .map(({ label, noticesMs }) => label + (noticesMs === null ? '' : ` (${formatDurationMs(noticesMs)})`))
    .join(', ');
}
