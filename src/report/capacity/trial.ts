import { knownFaults } from '../delivery-faults.js';
import type { RunResult } from '../schema.js';
import { latencyMs } from '../wording.js';
import type { Outcome } from './search.js';

export interface Judged {
  /** `null`: interrupted, which says nothing. */
  readonly outcome: Outcome | null;
  /** Why it is no pass; empty where it is. */
  readonly reasons: readonly string[];
}

/**
 * Whether a run keeps the objective, and if not, who is to blame, by the verdict that it has: an `invalid` run whose
 * instrument failed says nothing of the server, a `saturated` one is the server's own.
 */
export function judgeTrial(result: RunResult, p99LimitUs: number): Judged {
  if (result.state === 'aborted') return { outcome: null, reasons: [result.reason] };
  if (result.state === 'failed') return { outcome: 'run', reasons: [result.reason] };
  const { verdict, fault, reasons, delivery, latencyUs, notMeasured } = result;
  if (verdict === 'invalid') return { outcome: fault === 'delivery' ? 'delivery' : 'generator', reasons };
  if (verdict === 'saturated') return { outcome: 'server', reasons };
  const { lost, duplicated, reordered, unpublished } = delivery;
  if (knownFaults(delivery) > 0) {
    return { outcome: 'delivery', reasons: [`${lost} lost, ${duplicated} twice, ${reordered} out of order`] };
  }
  if (unpublished !== null && unpublished > 0)
    return { outcome: 'generator', reasons: [`${unpublished} messages were not published`, ...reasons] };
  const { p99 } = latencyUs;
  if (p99 === null) return { outcome: 'run', reasons: [`no p99: ${notMeasured['latencyUs.p99'] ?? 'not measured'}`] };
  if (p99 <= p99LimitUs) return { outcome: 'pass', reasons: [] };
  return {
    outcome: 'latency',
    reasons: [`p99 ${latencyMs(p99)} ms, above ${latencyMs(p99LimitUs)} ms`, ...reasons],
  };
}
