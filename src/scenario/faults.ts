import { UsageError } from '../errors.js';
import { ACCEPTED, parseDurationMs, spellDurationMs } from '../units.js';
import type { Row } from './scenario.js';

/** What is done to a run, and how its clients come back from it. */
export interface FaultPlan {
  /** In the order of their times. Empty: nothing is done, and clients come back from what happens by itself. */
  readonly injected: readonly Fault[];
  /** How long clients wait before they connect again, as `parseReconnectPolicy` reads it. */
  readonly reconnect: string;
  /** Whether clients go on after the last message that they saw; else they begin anew with what is published next. */
  readonly resume: boolean;
}

export const FAULT_KINDS = ['cut', 'half-open', 'stall', 'net-stall', 'restart', 'kill'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/**
 * - `cut`: connections are reset at the server, chosen by the seed among those open then.
 * - `half-open`: connections die without a word, chosen as above: whatever is sent is lost, and neither side is told.
 * - `stall`: the server's event loop stands still and goes on.
 * - `net-stall`: nothing passes between clients and server, either way, and then everything that waited.
 * - `restart`: the server lets its clients go and ends; then a new process takes its ports.
 * - `kill`: the server is killed (SIGKILL); then a new process takes its ports.
 */
export interface Fault {
  readonly kind: FaultKind;
  /** After the start of the window, ms. */
  readonly atMs: number;
  /** Of the connections, in (0, 1]; `null` where the fault is not about single connections. */
  readonly share: number | null;
  /** How long it lasts, ms; `null` where it ends by itself. */
  readonly forMs: number | null;
}

/** What is between the kind and the time. */
const AMOUNTS: Readonly<Record<FaultKind, 'share' | 'duration' | 'none'>> = {
  cut: 'share',
  'half-open': 'share',
  stall: 'duration',
  'net-stall': 'duration',
  restart: 'none',
  kill: 'none',
};

/** What a fault must look like, for messages and help. */
export const ACCEPTED_FAULT =
  'a fault and its time in the window such as cut:50%@2s, half-open:50%@2s, stall:500ms@2s, net-stall:500ms@2s, restart@2s or kill@2s';

/** As `parseFault` reads it. */
export const FAULT_PATTERN = /^\s*([a-z-]+)\s*(?::\s*([^@\s]+)\s*)?@\s*(\S+)\s*$/;

/** Clients wait as the guide has them, unless told otherwise. */
export const DEFAULT_RECONNECT = 'exponential-jitter';

/**
 * Reads `kind[:amount]@time`: `cut:50%@2s` (all connections without an amount), `stall:500ms@2s`, `restart@2s`.
 *
 * @throws UsageError that says which part is not accepted.
 */
export function parseFault(text: string): Fault {
  const [, name, amount, time = ''] = FAULT_PATTERN.exec(text) ?? [];
  const kind = FAULT_KINDS.find((known) => known === name);
  if (kind === undefined) throw new UsageError(`\`${text}\` is not ${ACCEPTED_FAULT}`);
  const atMs = parseDurationMs(time);
  if (atMs === undefined) throw new UsageError(`\`${text}\`: \`${time}\` is not ${ACCEPTED.duration}`);
  return { kind, atMs, ...amountOf(text, kind, amount) };
}

function amountOf(text: string, kind: FaultKind, amount: string | undefined): Pick<Fault, 'share' | 'forMs'> {
  const accepts = AMOUNTS[kind];
  if (accepts === 'none') {
    if (amount !== undefined) throw new UsageError(`\`${text}\`: \`${kind}\` takes no amount, write \`${kind}@2s\``);
    return { share: null, forMs: null };
  }
  if (accepts === 'share') {
    const share = amount === undefined ? 1 : shareOf(amount);
    if (share === undefined) throw new UsageError(`\`${text}\`: \`${amount}\` is not a share such as 50%`);
    return { share, forMs: null };
  }
  const forMs = amount === undefined ? undefined : parseDurationMs(amount);
  if (!forMs) throw new UsageError(`\`${text}\`: \`${kind}\` needs how long, as in ${kind}:500ms@2s`);
  return { share: null, forMs };
}

function shareOf(text: string): number | undefined {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  const share = Number(percent) / 100;
  return share > 0 && share <= 1 ? share : undefined;
}

/** As `parseFault` reads it. */
export function spellFault({ kind, atMs, share, forMs }: Fault): string {
  const amount = share === null ? (forMs === null ? '' : `:${spellDurationMs(forMs)}`) : `:${percentOf(share)}%`;
  return `${kind}${amount}@${spellDurationMs(atMs)}`;
}

/** Binary fractions would make 7.000000000000001 % of 7 %. */
function percentOf(share: number): number {
  return Number((100 * share).toPrecision(12));
}

/** Whether it is done to what lies between clients and server, by a relay. */
export function isOnTheWay({ kind }: Pick<Fault, 'kind'>): boolean {
  return kind === 'half-open' || kind === 'net-stall';
}

/** Whether connections die of it without either side being told. */
export function isSilent({ kind }: Pick<Fault, 'kind'>): boolean {
  return kind === 'half-open';
}

/** Whether clients come back by their library's own means instead of a policy that is carried out for them. */
export function isNative({ reconnect }: Pick<FaultPlan, 'reconnect'>): boolean {
  return /^native(:|$)/.test(reconnect);
}

/** Whether the server process ends and another one takes its place. */
export function endsServer({ kind }: Pick<Fault, 'kind'>): boolean {
  return kind === 'restart' || kind === 'kill';
}

/** Whether a row's messages carry ids, so that a client can go on after the last one that it saw. */
export function canResume({ profile, settings }: Pick<Row, 'profile' | 'settings'>): boolean {
  if (profile.resume !== 'setting') return profile.resume === 'always';
  return Object.entries(profile.resumeSettings ?? {}).every(([key, value]) => settings[key] === value);
}
