import type { Conformance } from '../conformance.js';
import { findPolls, holdChecks, POLL_PATHS, pollChecks, whyNoPolls } from '../http/poll-checks.js';

export const conformance: Conformance = {
  whyAbsent: whyNoPolls,
  checks: [...pollChecks, ...holdChecks],
  usualPaths: POLL_PATHS,
  find: findPolls,
};
