import type { HerdTally } from '../protocol/herd-messages.js';
import type { HerdRun } from '../report/herd.js';
import type { HerdPlan } from '../scenario/herd-plan.js';
import { parseReconnectPolicy } from '../scenario/reconnect-policy.js';
import type { Row } from '../scenario/scenario.js';
import websocket from '../transports/websocket/index.js';

/** A transport's row that a herd can be planned with. */
export const HERD_ROW: Row = {
  transport: 'websocket',
  module: 'file:///websocket.js',
  label: 'WebSocket',
  settings: {},
  profile: websocket.profile,
  worstWaitMs: 0,
  noticesMs: null,
};

export function herdPlan(policies: readonly string[], changes: Partial<HerdPlan> = {}): HerdPlan {
  const { scale = 1 } = changes;
  return {
    row: HERD_ROW,
    clients: 100,
    policies: policies.map((spec) => parseReconnectPolicy(spec, scale)),
    awayMs: 500,
    leave: 'kill',
    windowMs: 100,
    scale,
    workers: 1,
    seed: 1,
    auth: null,
    addresses: ['127.0.0.1'],
    ...changes,
  };
}

/** A run whose clients lose the server 1 s after the epoch and are accepted, once each, so long after it. */
export function herdRun(
  spec: string,
  acceptsMs: readonly number[],
  { tally = {}, awayMs = 500, scale = 1 }: { tally?: Partial<HerdTally>; awayMs?: number; scale?: number } = {},
): HerdRun {
  const acceptsUs = [...acceptsMs].sort((a, b) => a - b).map((ms) => 1_000_000 + ms * 1_000);
  const attempts: Record<string, number> = {};
  for (const us of acceptsUs) attempts[Math.floor(us / 10_000)] = (attempts[Math.floor(us / 10_000)] ?? 0) + 1;
  return {
    state: 'completed',
    policy: parseReconnectPolicy(spec, scale),
    connectAllMs: 40,
    goneUs: 995_000,
    returnedUs: 1_000_000 + awayMs * 1_000,
    acceptsUs,
    server: { cpuUs: 50_000, overUs: 1_000_000 },
    tallies: [
      {
        lostUs: acceptsUs.map(() => 1_000_000),
        backUs: acceptsUs.map((us) => us + 2_000),
        connectUs: acceptsUs.map(() => 2_000),
        attempts,
        refused: 0,
        lostAgain: 0,
        errors: [],
        ...tally,
      },
    ],
  };
}
