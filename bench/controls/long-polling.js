// @ts-check
import { pollLoop } from './poll-loop.js';

/** @param {import('./main.js').ControlOptions} options */
export function connect(options) {
  return pollLoop(options, { query: `&hold=${options.settings.holdMs}`, pauseMs: () => 0 });
}
