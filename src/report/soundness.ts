import type { CompletedRun, RunResult } from './schema.js';

/** A run that says what the server takes: it came to its end, and neither instrument nor server gave out. */
export function isSound(result: RunResult): result is CompletedRun {
  return result.state === 'completed' && (result.verdict === 'valid' || result.verdict === 'suspect');
}

/** What a stored measurement says of how its run went. */
export function standingOfRun(result: RunResult) {
  return result.state === 'completed'
    ? { state: result.state, verdict: result.verdict, reasons: [...result.reasons] }
    : { state: result.state, verdict: null, reasons: [result.reason] };
}
