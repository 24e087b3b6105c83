import type { Row } from '../scenario/scenario.js';
import { combineRuns } from './row-figures.js';
import type { CompletedRun, ReportRow, RunResult, Verdict } from './schema.js';

/** What a row of the plan says of itself in the report. */
export type RowIdentity = Pick<Row, 'transport' | 'label' | 'settings'> & {
  readonly profile: Pick<Row['profile'], 'group' | 'delivery' | 'inProcess'>;
};

const VERDICTS: readonly Verdict[] = ['valid', 'suspect', 'saturated', 'invalid'];

/** The worst of several verdicts, in the order valid, suspect, saturated, invalid; `valid` where there are none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce(
    (worst, verdict) => (VERDICTS.indexOf(verdict) > VERDICTS.indexOf(worst) ? verdict : worst),
    'valid',
  );
}

/**
 * One row of the report from its rounds. `failed` when a round failed; `completed` when none did and at least one ran
 * to its end; else `aborted`. Only completed rows carry figures; the others keep what their rounds measured in
 * `rounds`. Reasons count rounds from 1.
 */
export function reportRow(row: RowIdentity, results: readonly RunResult[], plannedRounds: number): ReportRow {
  const rounds = [...results].sort((a, b) => a.round - b.round);
  const identity = identityOf(row);
  const completed = rounds.filter((run) => run.state === 'completed');
  const failed = rounds.some((run) => run.state === 'failed');
  const [first, ...others] = completed;
  if (failed || first === undefined) {
    const state = failed ? 'failed' : 'aborted';
    return { ...identity, state, verdict: 'invalid', reasons: endReasons(rounds, state, plannedRounds), rounds };
  }
  return {
    ...identity,
    state: 'completed',
    verdict: worstVerdict(completed.map((run) => run.verdict)),
    reasons: [...verdictReasons(completed), ...missingRounds(completed.length, plannedRounds)],
    ...combineRuns([first, ...others]),
    rounds,
  };
}

/** What a row is, whatever was measured of it. */
export function identityOf(row: RowIdentity) {
  return {
    transport: row.transport,
    label: row.label,
    group: row.profile.group,
    deliveredBy: row.profile.delivery,
    inProcess: row.profile.inProcess ?? false,
    settings: { ...row.settings },
  };
}

function verdictReasons(completed: readonly CompletedRun[]): string[] {
  return gather(
    completed.flatMap((run) => run.reasons.map((text) => ({ round: run.round, text }))),
    completed.length,
  );
}

function endReasons(rounds: readonly RunResult[], rowState: 'failed' | 'aborted', plannedRounds: number): string[] {
  const ends = rounds.flatMap((run) => {
    if (run.state === 'completed') return [];
    return [{ round: run.round, text: run.state === rowState ? run.reason : `${run.state}: ${run.reason}` }];
  });
  const reasons = gather(ends, plannedRounds);
  return reasons.length === 0 ? ['no round was run'] : reasons;
}

function missingRounds(completed: number, planned: number): string[] {
  return completed < planned ? [`only ${completed} of ${planned} rounds were completed`] : [];
}

/** Each text once; one that does not hold for all rounds names the rounds it holds for. */
function gather(items: readonly { round: number; text: string }[], allRounds: number): string[] {
  const roundsOf = new Map<string, Set<number>>();
  for (const { round, text } of items) {
    const rounds = roundsOf.get(text) ?? new Set();
    roundsOf.set(text, rounds.add(round + 1));
  }
  return [...roundsOf].map(([text, rounds]) => {
    if (rounds.size === allRounds) return text;
    return `${rounds.size === 1 ? 'round' : 'rounds'} ${[...rounds].join(', ')}: ${text}`;
  });
}
