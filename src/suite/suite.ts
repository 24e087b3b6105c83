import { messageOf } from '../errors.js';
import type { PublishPhase } from '../protocol/messages.js';
import { knownFaults } from '../report/delivery-faults.js';
import type { CompletedRun, EndedBy, RunResult } from '../report/schema.js';
import type { Plan, PlannedRun } from '../scenario/scenario.js';
import type { ServerIdentity } from '../server/certificate.js';
import { SKIPPED, SuiteControl } from './control.js';
import { endAfterAll, endBefore } from './ending.js';
import type { SuiteEvent } from './events.js';
import { Rendezvous } from './rendezvous.js';
import { carryOut as carryOutInProcesses, type RunOptions, type SideBySide } from './run.js';

export interface SuiteOptions {
  readonly plan: Plan;
  /** Aborted by Ctrl-C: the run under way is given up, those before it are kept. */
  readonly signal: AbortSignal;
  /** Pins server and load to cores of their own by `taskset`. */
  readonly pinned: boolean;
  /** This process and its children have a network namespace to themselves: its loopback is counted too. */
  readonly wire: boolean;
  /** What every server of the suite proves its name with, over TLS; absent or `null`: in the clear. */
  readonly identity?: ServerIdentity | null;
  readonly onEvent: (event: SuiteEvent) => void;
  /** Called after each run with all results so far, to save them; waited for. */
  readonly onResult: (results: SuiteResults) => Promise<void>;
  /** Whether a run that the machine disturbed is carried out again; absent: it is. */
  readonly again?: boolean;
  /** Asked between two runs whether to wait, and which rows to leave out; absent: nobody asks for anything. */
  readonly control?: SuiteControl | undefined;
  /** Carries out one run; in fresh processes unless told otherwise. */
  readonly carryOut?: (options: RunOptions) => Promise<CompletedRun>;
}

/** The results of each row of the plan, in the order of its rounds. */
export type SuiteResults = readonly (readonly RunResult[])[];

/** Carries out the plan's runs one after the other, or a round at a time where they are interleaved; with `rounds: auto` as many rounds as it takes. A run that fails is a result; the others go on. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResults> {
  const { plan, signal, pinned, wire, identity = null, onEvent, onResult, carryOut = carryOutInProcesses } = options;
  const startedMs = performance.now();
  const atMs = () => performance.now() - startedMs;
  const results: RunResult[][] = plan.rows.map(() => []);
  let doubtfulAgain = doubtfulAllowance(plan);
  const control = options.control ?? new SuiteControl();
  let waitedMs = 0;
  onEvent({ type: 'planned', atMs: 0, plan });
  control.attach((ask) => onEvent({ ...ask, atMs: atMs() }));
  let endedBy: EndedBy | null = null;
  for (const together of turnsOf(plan)) {
    const [first] = together;
    if (first === undefined) continue;
    await waitWhilePaused();
    endedBy = signal.aborted ? 'interruption' : endBefore(first, { plan, results, atMs: atMs() - waitedMs });
    if (endedBy !== null) break;
    const startedAtMs = atMs();
    const isLeftOut = together.every(({ row }) => control.isSkipped(row));
    if (!isLeftOut) for (const run of together) onEvent({ type: 'runStarted', atMs: atMs(), run });
    const outcomes = isLeftOut ? together.map(skipped) : await resultsOf(together);
    const tookMs = (atMs() - startedAtMs) / together.length;
    for (const [index, run] of together.entries()) {
      const result = outcomes[index];
      if (result === undefined) continue;
      results[run.row]?.push(result);
      onEvent({ type: 'runEnded', atMs: atMs(), run, result, tookMs });
    }
    await onResult(results);
  }
  const by = signal.aborted ? 'interruption' : (endedBy ?? endAfterAll(plan, results));
  onEvent({ type: 'ended', atMs: atMs(), interrupted: signal.aborted, by });
  return results;

  async function waitWhilePaused(): Promise<void> {
    if (!control.isPaused || signal.aborted) return;
    const fromMs = atMs();
    onEvent({ type: 'paused', atMs: fromMs });
    await control.whenGoing(signal);
    waitedMs += atMs() - fromMs;
  }

  /** Of runs that go on side by side, or of one; all of them again where the machine disturbed one. */
  async function resultsOf(runs: readonly PlannedRun[]): Promise<RunResult[]> {
    let kept = await carryOutTogether(runs);
    const notes: string[][] = runs.map(() => []);
    for (let times = 1; times <= MAX_AGAIN; times++) {
      if (options.again === false || signal.aborted || !mayGoAgain(kept, times)) break;
      const later = await carryOutTogether(runs);
      // What an interruption ended says nothing: what there was before it does.
      if (later.some(({ state }) => state === 'aborted')) break;
      for (const [index, first] of kept.entries()) notes[index]?.push(noteOf(first, times));
      kept = later;
    }
    return kept.map((last, index) =>
      last.state === 'completed' ? { ...last, reasons: [...last.reasons, ...(notes[index] ?? [])] } : last,
    );
  }

  function mayGoAgain(results: readonly RunResult[], times: number): boolean {
    const disturbed = results.filter(isInstrumentFault);
    if (disturbed.length === 0) return false;
    if (times === 1 && disturbed.some(({ verdict }) => verdict === 'invalid')) return true;
    if (doubtfulAgain < results.length) return false;
    doubtfulAgain -= results.length;
    return true;
  }

  function carryOutTogether(runs: readonly PlannedRun[]): Promise<RunResult[]> {
    const rendezvous = new Rendezvous<PublishPhase>(runs.length);
    // The one that a watcher sees: the last to have been announced.
    const shown = runs.at(-1);
    return Promise.all(
      runs.map(async (run, index): Promise<RunResult> => {
        try {
          return await carryOut({
            plan,
            run,
            signal: AbortSignal.any([signal, control.signalOf(run.row)]),
            pinned,
            sideBySide: sideBySideOf(index, runs.length, rendezvous),
            wire,
            identity,
            onStep: (step) => run === shown && onEvent({ type: 'step', atMs: atMs(), run, step }),
            onProgress: (progress) => run === shown && onEvent({ type: 'progress', atMs: atMs(), run, progress }),
          });
        } catch (error) {
          if (signal.aborted) return { state: 'aborted', round: run.round, reason: 'interrupted' };
          if (control.isSkipped(run.row)) return skipped(run);
          return { state: 'failed', round: run.round, reason: messageOf(error) };
        } finally {
          rendezvous.leave();
        }
      }),
    );
  }

  function sideBySideOf(index: number, of: number, rendezvous: Rendezvous<PublishPhase>): SideBySide | null {
    const { interleaveMs } = plan.scenario;
    if (interleaveMs === null) return null;
    return { turn: { index, of, sliceMs: interleaveMs }, meet: (phase) => rendezvous.meet(phase) };
  }
}

function skipped({ round }: PlannedRun): RunResult {
  return { state: 'aborted', round, reason: SKIPPED };
}

/** Runs that are carried out at the same time: those of a round where the scenario interleaves them, else each alone. */
function turnsOf({ runs, rows, scenario }: Plan): readonly (readonly PlannedRun[])[] {
  const size = scenario.interleaveMs === null ? 1 : rows.length;
  return Array.from({ length: Math.ceil(runs.length / size) }, (_, at) => runs.slice(at * size, (at + 1) * size));
}

/**
 * The machine disturbed the instrument, and every message arrived as promised: what did not is no bad luck. A hiccup of
 * a shared machine then costs one run and not the whole suite; a machine that cannot carry the load fails again.
 */
function isInstrumentFault(result: RunResult): result is CompletedRun {
  if (result.state !== 'completed' || result.fault !== 'instrument') return false;
  return knownFaults(result.delivery) + result.connections.dropped === 0;
}

/** How often a run is carried out again at the most; each time the later one is kept, whatever it says. */
const MAX_AGAIN = 2;
/** Of the plan's runs, the share that may be carried out again though they are not invalid but in doubt only. */
const DOUBTFUL_AGAIN_SHARE = 0.25;
const TIMES = ['a first', 'a second', 'a third'];

/** A single round is a quick look: what is in doubt there stays so. */
function doubtfulAllowance({ runs, scenario }: Plan): number {
  return scenario.rounds === 1 ? 0 : Math.floor(runs.length * DOUBTFUL_AGAIN_SHARE);
}

/** What is said of a run in whose place a later one is kept. */
function noteOf(before: RunResult, times: number): string {
  const again = `measured ${TIMES[times]} time`;
  if (!isInstrumentFault(before)) return `${again}, with the rows beside it, of which one was disturbed`;
  return `${again}, the one before was ${before.verdict}: ${before.reasons.map(withoutAdvice).join('; ')}`;
}

/** `the publisher was late, 3 ms at p99`, without what to do about it: a reason ends with that, after a colon. */
function withoutAdvice(reason: string): string {
  const at = reason.lastIndexOf(': ');
  return at === -1 ? reason : reason.slice(0, at);
}
