import { isLoopback } from '../scenario/target.js';
import { spellOpenPort } from '../scenario/target-port.js';
import { observedCaveats } from './observed-wording.js';
import type { Report } from './schema.js';
import type { TargetFacts } from './target-schema.js';

/** Which server it was, where it was not rtbench's own, for the line that says what was measured. */
export function targetFact({ target }: Pick<Report, 'target'>): string | undefined {
  return target && `the server at ${spellOpenPort(target.url)}`;
}

/** What being outside of the server makes of the figures; empty where it is rtbench's own. */
export function targetCaveats({ target, scenario }: Pick<Report, 'target' | 'scenario'>): string[] {
  if (!target) return [];
  const isAsked = scenario.workload.publish === 'server' && target.stamp === undefined;
  return [
    `Measured from outside: bytes are those of the clients' sockets, and what the server did in between is not seen.`,
    ...observedCaveats({ target, scenario }),
    ...(!isAsked ? [] : [`Messages were published by ${target.publish.trim()}, and the request is in the latency.`]),
  ];
}

/** Whether anything lay between clients and the server but this machine. */
export function isElsewhere({ target }: Pick<Report, 'target'>): boolean {
  return target !== undefined && !isLoopback(new URL(target.url).hostname);
}

/** Whether bytes are those under TLS. */
export function isOverTls({ url, endpoints }: TargetFacts): boolean {
  return [url, ...Object.values(endpoints).flatMap((endpoint) => endpoint.url ?? [])].some((one) =>
    one.startsWith('https:'),
  );
}
