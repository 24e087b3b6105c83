import { UsageError } from '../errors.js';
import type { AuthWay } from '../transports/credentials.js';
import { ACCEPTED, formatCount, parseDurationMs, spellDurationMs } from '../units.js';
import { AUTH_ACCEPTED, authProblems, parseAuthWay } from './auth.js';
import { SOCKETS_PER_ADDRESS, SPARE_DESCRIPTORS } from './limits.js';
import type { Machine } from './plan.js';
import { parseReconnectPolicy, type ReconnectPolicy } from './reconnect-policy.js';
import type { Row } from './scenario.js';

/** What `rtbench herd` was asked for, as text. */
export interface HerdRequest {
  readonly clients?: string | undefined;
  readonly policies: readonly string[];
  readonly away?: string | undefined;
  readonly leave?: string | undefined;
  readonly window?: string | undefined;
  readonly scale?: string | undefined;
  readonly workers?: string | undefined;
  readonly seed?: string | undefined;
  readonly auth?: string | undefined;
}

/** How a server goes: killed, or after it has closed every connection itself. */
export type Leave = 'kill' | 'close';

export interface HerdPlan {
  readonly row: Row;
  readonly clients: number;
  readonly policies: readonly ReconnectPolicy[];
  /** From the server's going until its successor is told to listen, ms. */
  readonly awayMs: number;
  readonly leave: Leave;
  /** Width in ms of the time over which a rate of accepts is taken; the peak is the most that fell into any such time. */
  readonly windowMs: number;
  /** Of every time of the policies; 1: as they stand. */
  readonly scale: number;
  /** Processes with clients. */
  readonly workers: number;
  readonly seed: number;
  /** How clients show a token each time they connect, where the transport can; `null`: not at all. */
  readonly auth: AuthWay | null;
  readonly addresses: readonly string[];
}

export const HERD_DEFAULTS = {
  clients: 2_000,
  policies: ['immediate', 'fixed', 'exponential', 'exponential-jitter', 'full-jitter'],
  awayMs: 2_000,
  /** Scaled where that makes it shorter. More than what two cores take to accept 2,000 connections. */
  windowMs: 1_000,
} as const;

const MAX_CLIENTS = 32_000;
/** Attempts are counted in bins of 10 ms. */
const MIN_WINDOW_MS = 10;

/** @throws UsageError with every value that is not accepted, and why this machine cannot carry the herd. */
export function makeHerdPlan(request: HerdRequest, row: Row, machine: Machine): HerdPlan {
  const problems: string[] = [];
  const take = <T>(flag: string, text: string, accepted: string, read: (text: string) => T | undefined, none: T): T => {
    const value = read(text);
    if (value === undefined) problems.push(`${flag}: must be ${accepted}, got \`${text}\``);
    return value ?? none;
  };
  const whole = (flag: string, text: string | undefined, least: number, most: number, otherwise: number) =>
    text === undefined
      ? otherwise
      : take(flag, text, `a whole number from ${least} to ${formatCount(most)}`, wholeIn(least, most), otherwise);
  const duration = (flag: string, text: string | undefined, leastMs: number, otherwise: number) => {
    const accepted = `${ACCEPTED.duration}, from ${spellDurationMs(leastMs)} to 600s`;
    return text === undefined ? otherwise : take(flag, text, accepted, durationFrom(leastMs), otherwise);
  };
  const { scale: scaleText, leave = 'kill' } = request;
  const scale = scaleText === undefined ? 1 : take('--scale', scaleText, 'a number from 0.01 to 10', scaleOf, 1);
  if (leave !== 'kill' && leave !== 'close') problems.push(`--leave: must be kill or close, got \`${leave}\``);
  const clients = whole('--clients', request.clients, 1, MAX_CLIENTS, HERD_DEFAULTS.clients);
  const plan: HerdPlan = {
    row,
    clients,
    policies: policiesOf(request.policies, scale, problems),
    awayMs: duration('--away', request.away, 0, HERD_DEFAULTS.awayMs),
    leave: leave === 'close' ? 'close' : 'kill',
    windowMs: duration(
      '--window',
      request.window,
      MIN_WINDOW_MS,
      Math.max(MIN_WINDOW_MS, HERD_DEFAULTS.windowMs * Math.min(1, scale)),
    ),
    scale,
    workers: Math.min(clients, whole('--workers', request.workers, 1, 64, 1)),
    seed: whole('--seed', request.seed, 0, 2 ** 31 - 1, 1),
    auth: request.auth === undefined ? null : take('--auth', request.auth, AUTH_ACCEPTED, parseAuthWay, null),
    addresses: addressesFor(clients, machine),
  };
  problems.push(...capacityProblems(plan, machine), ...authProblems([row], plan.auth));
  if (problems.length > 0) throw new UsageError(problems);
  return plan;
}

function policiesOf(given: readonly string[], scale: number, problems: string[]): readonly ReconnectPolicy[] {
  const policies = new Map<string, ReconnectPolicy>();
  for (const spec of given.length === 0 ? HERD_DEFAULTS.policies : given) {
    try {
      const policy = parseReconnectPolicy(spec, scale);
      policies.set(policy.spec, policy);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems.map((problem) => `--policy: ${problem}`));
    }
  }
  return [...policies.values()];
}

function capacityProblems({ clients, row, addresses }: HerdPlan, { descriptors, platform }: Machine): string[] {
  const problems: string[] = [];
  const needed = clients + SPARE_DESCRIPTORS;
  if (row.profile.inProcess) problems.push(`--transport: ${row.label} has no server that could go away`);
  if (row.profile.sharesConnection) {
    problems.push(
      `--transport: the clients of ${row.label} have one connection together, which is no herd: give each its own`,
    );
  }
  if (descriptors !== null && needed > descriptors) {
    problems.push(
      `--clients: ${formatCount(clients)} need ${formatCount(needed)} open files in the server process, and ` +
        `${formatCount(descriptors)} are allowed: raise it (ulimit -n ${needed}) or lower --clients`,
    );
  }
  if (addresses.length === 1 && platform !== 'linux' && clients > 4 * SOCKETS_PER_ADDRESS) {
    problems.push(`--clients: this system has one loopback address, enough for ${4 * SOCKETS_PER_ADDRESS} clients`);
  }
  return problems;
}

function addressesFor(clients: number, { platform }: Machine): readonly string[] {
  const count = platform === 'linux' ? Math.ceil(clients / SOCKETS_PER_ADDRESS) : 1;
  return Array.from({ length: count }, (_, index) => `127.0.0.${index + 1}`);
}

function wholeIn(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
}

function durationFrom(leastMs: number): (text: string) => number | undefined {
  return (text) => {
    const ms = parseDurationMs(text) ?? Number.NaN;
    return ms >= leastMs && ms <= 600_000 ? ms : undefined;
  };
}

function scaleOf(text: string): number | undefined {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= 0.01 && value <= 10 ? value : undefined;
}
