import { UsageError } from '../errors.js';
import type { SettingSpecs, Settings } from '../transports/transport.js';
import { didYouMean } from './suggestion.js';
import { changedSettings, parseTransportSpec, resolveSettings } from './transport-spec.js';

/**
 * How long a client waits before it tries to connect again. Every policy draws each wait uniformly from a range of its
 * own, so that the same ranges make the waits and the theory of a herd.
 */
export interface ReconnectPolicy {
  /** The spec without defaults that parses to this policy; it does not carry `scale`. */
  readonly spec: string;
  /** Every time of the policy is multiplied by this; 1: as it stands. Whatever is shown of a scaled policy says so. */
  readonly scale: number;
  /** The wait before this attempt, from 1, counted from the loss of the connection. */
  waitRange(attempt: number): WaitRange;
}

/** Bounds of a uniform distribution; equal where nothing is drawn. */
export interface WaitRange {
  readonly lowMs: number;
  readonly highMs: number;
}

interface PolicyKind {
  /** One line for `--help`. */
  readonly summary: string;
  readonly settings: SettingSpecs;
  range(attempt: number, settings: Settings): WaitRange;
}

const LONGEST_MS = 600_000;

function duration(defaultMs: number, meaning: string, min = 1): SettingSpecs[string] {
  return { kind: 'durationMs', default: defaultMs, min, max: LONGEST_MS, meaning };
}

const FIRST = duration(1_000, 'wait before the first attempt, doubled for each one after it');
const MAX = duration(60_000, 'the doubled wait grows no further');
const JITTER = duration(500, 'added to each wait: uniform from nothing to this', 0);

const KINDS: Readonly<Record<string, PolicyKind>> = {
  immediate: {
    summary: 'at once, again and again',
    settings: {},
    range: () => ({ lowMs: 0, highMs: 0 }),
  },
  fixed: {
    summary: 'the same wait each time (wait=1s)',
    settings: { wait: duration(1_000, 'before each attempt') },
    range: (_, { wait }) => exactly(Number(wait)),
  },
  exponential: {
    summary: 'doubling waits without jitter (first=1s,max=60s)',
    settings: { first: FIRST, max: MAX },
    range: (attempt, settings) => exactly(doubled(attempt, settings)),
  },
  'exponential-jitter': {
    summary: 'doubling waits, each plus 0 to jitter (first=1s,max=60s,jitter=500ms)',
    settings: { first: FIRST, max: MAX, jitter: JITTER },
    range: (attempt, settings) => {
      const lowMs = doubled(attempt, settings);
      return { lowMs, highMs: lowMs + Number(settings.jitter) };
    },
  },
  'full-jitter': {
    summary: 'uniform from nothing to a doubling cap (first=1s,max=60s)',
    settings: { first: FIRST, max: MAX },
    range: (attempt, settings) => ({ lowMs: 0, highMs: doubled(attempt, settings) }),
  },
  native: {
    summary: "EventSource's own in Chromium: the same wait each time, which the server may set (retry=3s)",
    settings: { retry: duration(3_000, 'before each attempt, as `retry:` of the stream says') },
    range: (_, { retry }) => exactly(Number(retry)),
  },
};

/** Names and what they do, for help and documentation. */
export const RECONNECT_POLICIES: readonly { readonly name: string; readonly summary: string }[] = Object.entries(
  KINDS,
).map(([name, { summary }]) => ({ name, summary }));

function exactly(ms: number): WaitRange {
  return { lowMs: ms, highMs: ms };
}

function doubled(attempt: number, { first, max }: Settings): number {
  return Math.min(Number(first) * 2 ** (attempt - 1), Number(max));
}

/**
 * Reads `name[:key=value,…]`, such as `fixed:wait=2s`; a lone duration is the one setting of a policy with one
 * (`fixed:2s`).
 *
 * @throws UsageError naming every part that is not accepted, and the policies there are.
 */
export function parseReconnectPolicy(text: string, scale = 1): ReconnectPolicy {
  const [, name = '', rest] = /^\s*([^:]*?)\s*(?::(.*))?$/s.exec(text) ?? [];
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (!kind) {
    const names = Object.keys(KINDS);
    throw new UsageError(
      `\`${text}\` is not a reconnection policy${didYouMean(name, names)}the policies: ${names.join(', ')}`,
    );
  }
  const [onlyKey, ...otherKeys] = Object.keys(kind.settings);
  const isLone = rest !== undefined && onlyKey !== undefined && otherKeys.length === 0 && !rest.includes('=');
  const spec = parseTransportSpec(isLone ? `${name}:${onlyKey}=${rest}` : text);
  const settings = resolveSettings(spec, kind.settings);
  const changed = changedSettings(settings, kind.settings);
  return {
    spec: changed.length === 0 ? name : `${name}:${changed.join(',')}`,
    scale,
    waitRange: (attempt) => {
      const { lowMs, highMs } = kind.range(attempt, settings);
      return { lowMs: lowMs * scale, highMs: highMs * scale };
    },
  };
}

/** Draws the wait before this attempt (from 1), ms. `random`: uniform in [0, 1); called once, whatever the policy. */
export function waitMs(policy: ReconnectPolicy, attempt: number, random: () => number): number {
  const { lowMs, highMs } = policy.waitRange(attempt);
  return lowMs + (highMs - lowMs) * random();
}
