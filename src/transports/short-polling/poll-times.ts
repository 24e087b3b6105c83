/** When a client polls: at `startMs + phase × intervalMs + k × intervalMs`, whatever happened before. */
export interface PollTimes {
  readonly startMs: number;
  readonly intervalMs: number;
  /** In [0, 1). */
  readonly phase: number;
}

/** A function that says how long, in whole ms from the clock's now, to wait for the next poll. */
export function pausesBetweenPolls(times: PollTimes, nowMs: () => number): () => number {
  let dueMs = times.startMs;
  return () => {
    const now = nowMs();
    // A timer may ring a little early; what it was set for must not come twice.
    dueMs = nextPollMs(times, Math.max(now, dueMs));
    return Math.ceil(dueMs - now);
  };
}

/** The first poll time later than `afterMs`. */
export function nextPollMs({ startMs, intervalMs, phase }: PollTimes, afterMs: number): number {
  const firstMs = startMs + phase * intervalMs;
  if (firstMs > afterMs) return firstMs;
  const passed = Math.floor((afterMs - firstMs) / intervalMs);
  const dueMs = firstMs + (passed + 1) * intervalMs;
  // Rounding may put the multiple on `afterMs` itself.
  return dueMs > afterMs ? dueMs : firstMs + (passed + 2) * intervalMs;
}
