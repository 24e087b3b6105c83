import { messageOf } from '../errors.js';
import type { CompletedRun, EndedBy, RunResult } from '../report/schema.js';
import type { Plan, PlannedRun } from '../scenario/scenario.js';
import type { ServerIdentity } from '../server/certificate.js';
import { endAfterAll, endBefore } from './ending.js';
import type { SuiteEvent } from './events.js';
import { carryOut as carryOutInProcesses, type RunOptions } from './run.js';

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
  /** Carries out one run; in fresh processes unless told otherwise. */
  readonly carryOut?: (options: RunOptions) => Promise<CompletedRun>;
}

/** The results of each row of the plan, in the order of its rounds. */
export type SuiteResults = readonly (readonly RunResult[])[];

/** Carries out the plan's runs one after the other, with `rounds: auto` as many rounds as it takes. A run that fails is a result; the others go on. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResults> {
  const { plan, signal, pinned, wire, identity = null, onEvent, onResult, carryOut = carryOutInProcesses } = options;
  const startedMs = performance.now();
  const atMs = () => performance.now() - startedMs;
  const results: RunResult[][] = plan.rows.map(() => []);
  onEvent({ type: 'planned', atMs: 0, plan });
  let endedBy: EndedBy | null = null;
  for (const run of plan.runs) {
    endedBy = signal.aborted ? 'interruption' : endBefore(run, { plan, results, atMs: atMs() });
    if (endedBy !== null) break;
    onEvent({ type: 'runStarted', atMs: atMs(), run });
    const carry = () =>
      carryOut({
        plan,
        run,
        signal,
        pinned,
        wire,
        identity,
        onStep: (step) => onEvent({ type: 'step', atMs: atMs(), run, step }),
        onProgress: (progress) => onEvent({ type: 'progress', atMs: atMs(), run, progress }),
      });
    const first = await resultOf(run, carry);
    const result = isInstrumentFault(first) && !signal.aborted ? secondOf(first, await resultOf(run, carry)) : first;
    results[run.row]?.push(result);
    onEvent({ type: 'runEnded', atMs: atMs(), run, result });
    await onResult(results);
  }
  const by = signal.aborted ? 'interruption' : (endedBy ?? endAfterAll(plan, results));
  onEvent({ type: 'ended', atMs: atMs(), interrupted: signal.aborted, by });
  return results;

  async function resultOf({ round }: PlannedRun, carry: () => Promise<RunResult>): Promise<RunResult> {
    try {
      return await carry();
    } catch (error) {
      if (signal.aborted) return { state: 'aborted', round, reason: 'interrupted' };
      return { state: 'failed', round, reason: messageOf(error) };
    }
  }
}

/** The machine disturbed the instrument, and every message arrived as promised: what did not is no bad luck. */
function isInstrumentFault(result: RunResult): result is CompletedRun {
  if (result.state !== 'completed' || result.fault !== 'instrument') return false;
  const { lost, duplicated, reordered } = result.delivery;
  return lost + duplicated + reordered + result.connections.dropped === 0;
}

/**
 * What is kept of a run that was carried out again: the second, whatever it says, with the reason. A hiccup of a shared
 * machine then costs one run and not the whole suite; a machine that cannot carry the load fails the second time too.
 */
function secondOf(first: CompletedRun, second: RunResult): RunResult {
  if (second.state !== 'completed') return second;
  const note = `measured a second time, the first was invalid: ${first.reasons.join('; ')}`;
  return { ...second, reasons: [...second.reasons, note] };
}
