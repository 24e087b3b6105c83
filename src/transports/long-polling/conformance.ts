import type { Conformance } from '../conformance.js';
import { holdChecks, pollChecks, whyNoPolls } from '../http/poll-checks.js';

export const conformance: Conformance = { whyAbsent: whyNoPolls, checks: [...pollChecks, ...holdChecks] };
