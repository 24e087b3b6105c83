import { formatBytes, formatCount, parseRatePerSecond, parseSizeBytes } from '../units.js';
import { MAX_BODY_BYTES, MAX_MESSAGES, MAX_RATE_PER_SECOND, MIN_BODY_BYTES } from './limits.js';
import type { Row, Scenario, Workload } from './scenario.js';

/**
 * What clients send while the server publishes. It ends at the server: nobody gets it.
 *
 * - `stream`: at times that are given before anything starts, whatever comes back (open loop); which client sends which
 *   message is a function of the seed.
 * - `acknowledgements`: each client answers every message as soon as it has it.
 */
export type Uplink =
  | { readonly kind: 'stream'; readonly ratePerSecond: number; readonly sizeBytes: number }
  | { readonly kind: 'acknowledgements'; readonly sizeBytes: number };

export const UPLINK_ACCEPTED =
  'what clients send besides, over all of them, such as `300/s` or `300/s:64B`; `acknowledge` or `acknowledge:64B`, an ' +
  `answer to every message; or \`none\` (from ${formatBytes(MIN_BODY_BYTES)}, the envelope, to ${formatBytes(MAX_BODY_BYTES)}, ` +
  `up to ${formatCount(MAX_RATE_PER_SECOND)}/s)`;

/** `300/s:64B`, `acknowledge:64B`; without a size the smallest. `null`: `none`. `undefined`: none of these. */
export function parseUplink(text: string): Uplink | null | undefined {
  const trimmed = text.trim();
  if (trimmed === 'none') return null;
  const [what = '', size = `${MIN_BODY_BYTES}B`, ...rest] = trimmed.split(':').map((part) => part.trim());
  const sizeBytes = parseSizeBytes(size);
  if (rest.length > 0 || sizeBytes === undefined || sizeBytes < MIN_BODY_BYTES || sizeBytes > MAX_BODY_BYTES) {
    return undefined;
  }
  if (what === 'acknowledge') return { kind: 'acknowledgements', sizeBytes };
  // A bare number would be a rate too, and reads like a size here.
  const ratePerSecond = what.includes('/') ? parseRatePerSecond(what) : undefined;
  if (ratePerSecond === undefined || ratePerSecond <= 0 || ratePerSecond > MAX_RATE_PER_SECOND) return undefined;
  return { kind: 'stream', ratePerSecond, sizeBytes };
}

/** As `parseUplink` reads it. */
export function spellUplink(uplink: Uplink | null): string {
  if (uplink === null) return 'none';
  return `${uplink.kind === 'stream' ? `${uplink.ratePerSecond}/s` : 'acknowledge'}:${uplink.sizeBytes}B`;
}

/** The same at another rate; acknowledgements have that of what they answer. */
export function uplinkAt(uplink: Uplink | null, factor: number): Uplink | null {
  return uplink?.kind === 'stream' ? { ...uplink, ratePerSecond: uplink.ratePerSecond * factor } : uplink;
}

/** Who sends messages: clients, whether alone or beside the server, or the server alone. */
export type Sender = 'server' | 'clients';

export function senderOf(workload: Pick<Workload, 'publish' | 'uplink'>): Sender {
  return clientsSend(workload) ? 'clients' : 'server';
}

/** Whether messages go up from clients, be they published or not. */
export function clientsSend({ publish, uplink }: Pick<Workload, 'publish' | 'uplink'>): boolean {
  return publish === 'clients' || uplink !== null;
}

/** Why what clients send does not go together with the rest of the scenario, and what to do. */
export function uplinkProblems(scenario: Scenario, rows: readonly Row[]): readonly string[] {
  const { workload, faults, slowReaders, via } = scenario;
  const { uplink } = workload;
  if (uplink === null) return [];
  if (workload.publish === 'clients') {
    return ['`uplink` is for `publish: server`: where clients publish, every message goes up already; leave it out'];
  }
  const problems = rows
    .filter(({ profile }) => profile.uplink === 'none')
    .map(
      ({ label }) => `${label} has no uplink, and here clients send (\`uplink\`): leave it out or use --uplink none`,
    );
  if (faults !== null) {
    problems.push(
      'what is on its way up when a connection is lost is lost, and nobody sends it again, so that `uplink` and faults cannot be counted together: use --uplink none with faults',
    );
  }
  if (slowReaders !== null) {
    problems.push('slow readers that send as well would be two questions: use --uplink none with `slowReaders`');
  }
  if (via === 'browser') {
    problems.push('`via: browser` has probes that only listen, and here clients send (`uplink`): use --uplink none');
  }
  return [...problems, ...amountProblems(workload, uplink)];
}

function amountProblems({ warmupMs, durationMs }: Workload, uplink: Uplink): readonly string[] {
  if (uplink.kind === 'acknowledgements') return [];
  const problems: string[] = [];
  if ((uplink.ratePerSecond * durationMs) / 1_000 < 1) {
    problems.push(`at ${uplink.ratePerSecond}/s no message of \`uplink\` falls into the window: raise its rate`);
  }
  if (uplink.ratePerSecond > MAX_RATE_PER_SECOND) {
    problems.push(
      `\`uplink\` at this scale is ${formatCount(uplink.ratePerSecond)}/s, above ${formatCount(MAX_RATE_PER_SECOND)}/s: lower --scale or its rate`,
    );
  }
  const messages = (uplink.ratePerSecond * (warmupMs + durationMs)) / 1_000;
  if (messages > MAX_MESSAGES) {
    problems.push(
      `\`uplink\` sends ${formatCount(messages)} messages in one run, above ${formatCount(MAX_MESSAGES)}: lower its rate, --duration or --warmup`,
    );
  }
  return problems;
}
