import { readFileSync } from 'node:fs';
import { messageOf, UsageError } from '../errors.js';
import type { ForeignServer, Observation, WorkerRole } from '../protocol/messages.js';
import type { Plan, Row } from '../scenario/scenario.js';
import { clockOf, REFERENCE_PUBLISH, type Target } from '../scenario/target.js';
import type { TlsTrust } from '../transports/transport.js';

/** What a server may have a client keep: far above any body, and little for thousands of clients. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** What a worker has to know of a target; `null`: the server of the run is rtbench's own. */
export function foreignServerOf(
  { target, scenario: { workload } }: Pick<Plan, 'scenario' | 'target'>,
  { endpoint }: Pick<Row, 'endpoint'>,
  role: WorkerRole,
): ForeignServer | null {
  if (!target || !endpoint) return null;
  const { url: _, ...spoken } = endpoint;
  const { url, ...template } = target.publish ?? REFERENCE_PUBLISH;
  const publishes = role === 'probe' && workload.publish === 'server';
  return {
    endpoint: { ...spoken, publish: template, maxMessageBytes: MAX_MESSAGE_BYTES },
    headers: target.headers,
    publish: publishes ? { ...template, url: url ?? target.url } : null,
    answerMs: target.answerMs,
    observation: observationOf(target, endpoint.url),
    trust: trustOf(target),
  };
}

/** What is looked for in the messages of a target; `null`: the bodies that were published. */
export function observationOf({ stamp, clockOffset }: Target, url: string): Observation | null {
  return stamp.kind === 'envelope' ? null : { stamp, clock: clockOf(clockOffset, url) };
}

/** What to connect to such a URL with; `null`: in the clear. */
export function tlsFor(url: string, trust: TlsTrust): TlsTrust | null {
  return /^(?:https|tls):$/.test(new URL(url).protocol) ? trust : null;
}

/** @throws UsageError where the file of the authority cannot be read. */
export function trustOf({ caFile }: Pick<Target, 'caFile'>): TlsTrust {
  if (caFile === null) return { ca: null };
  try {
    return { ca: readFileSync(caFile, 'utf8') };
  } catch (error) {
    throw new UsageError(`\`target.ca\`, --ca: ${messageOf(error)}; give the path of a PEM file`);
  }
}
