// @ts-check
import { pollLoop } from './poll-loop.js';

/** @param {import('./main.js').ControlOptions} options */
export function connect(options) {
  const intervalMs = Number(options.settings.intervalMs);
  let dueMs = performance.now() + options.phase * intervalMs;
  return pollLoop(options, {
    query: '',
    pauseMs() {
      const nowMs = performance.now();
      while (dueMs <= nowMs) dueMs += intervalMs;
      const waitMs = dueMs - nowMs;
      dueMs += intervalMs;
      return waitMs;
    },
  });
}
