import type { Conformance } from '../conformance.js';
import { findPolls, POLL_PATHS, pollChecks, whyNoPolls } from '../http/poll-checks.js';

export const conformance: Conformance = {
  whyAbsent: whyNoPolls,
  checks: pollChecks,
  usualPaths: POLL_PATHS,
  find: findPolls,
};
