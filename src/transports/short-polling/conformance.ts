import type { Conformance } from '../conformance.js';
import { pollChecks, whyNoPolls } from '../http/poll-checks.js';

export const conformance: Conformance = { whyAbsent: whyNoPolls, checks: pollChecks };
