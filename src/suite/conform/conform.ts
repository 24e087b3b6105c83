import { randomBytes } from 'node:crypto';
import { messageOf } from '../../errors.js';
import type { CheckOutcome, TechniqueOutcome } from '../../report/conformance-report.js';
import type { Row } from '../../scenario/scenario.js';
import {
  type Conformance,
  type ConformanceCheck,
  inTime,
  NotChecked,
  type Peer,
} from '../../transports/conformance.js';
import { loadTransport } from '../../transports/index.js';
import { Client } from '../../transports/testing/client.js';
import type { Settings, Transport } from '../../transports/transport.js';
import { commonChecks } from './common-checks.js';

/** A poll every so often, so that the checks of many messages are done soon. */
const POLL_INTERVAL_MS = 50;
/** How much longer than a server's patience one check may take: it has a dozen things to wait for, and many to publish. */
const CHECK_PATIENCES = 12;

export interface PeerOptions
  extends Pick<Peer, 'origin' | 'patienceMs' | 'historyMessages' | 'keepAliveMs'>,
    Partial<Pick<Peer, 'tls' | 'headers'>> {
  readonly signal: AbortSignal;
  /** What outcomes say passes through it; absent: they say it as it is. */
  readonly redact?: (text: string) => string;
}

/** Holds a server against the contract, one technique after the other. */
export async function conformTo(
  rows: readonly Row[],
  options: PeerOptions,
  onOutcome: (outcome: TechniqueOutcome) => void = () => {},
): Promise<readonly TechniqueOutcome[]> {
  const outcomes: TechniqueOutcome[] = [];
  for (const row of rows) {
    options.signal.throwIfAborted();
    const outcome = redacted(await outcomeOf(row, peerOf(options)), options.redact);
    onOutcome(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

function redacted(outcome: TechniqueOutcome, redact: (text: string) => string = String): TechniqueOutcome {
  const clean = (reason: string | null) => (reason === null ? null : redact(reason));
  const checks = outcome.checks.map((check) => ({ ...check, reason: clean(check.reason) }));
  return { ...outcome, reason: clean(outcome.reason), checks };
}

/** Why a server does not offer a technique; `null`: it does. */
export async function whyAbsent({ module, settings }: Row, options: PeerOptions): Promise<string | null> {
  const transport = await loadTransport(module);
  return absenceOf(transport, await transport.conformance?.(), settings, peerOf(options));
}

/** As whom the checks see a server. */
export function peerOf(options: PeerOptions): Peer {
  const prefix = `conform-${randomBytes(4).toString('hex')}`;
  let channels = 0;
  const { tls = null, headers = {}, ...others } = options;
  return { ...others, tls, headers, newChannel: () => `${prefix}-${++channels}` };
}

async function outcomeOf(
  { module, settings: own, transport: name, label }: Row,
  peer: Peer,
): Promise<TechniqueOutcome> {
  const transport = await loadTransport(module);
  const settings = 'intervalMs' in own ? { ...own, intervalMs: POLL_INTERVAL_MS } : own;
  const conformance = await transport.conformance?.();
  const reason = await absenceOf(transport, conformance, settings, peer);
  if (reason !== null) return { transport: name, label, state: 'absent', reason, checks: [] };
  const checks: CheckOutcome[] = [];
  let first: string | null = null;
  const tryOut = async (check: ConformanceCheck) => {
    const outcome = first === null ? await carryOut(check, peer) : left(check, `\`${first}\` comes first`);
    checks.push(outcome);
    if (check.comesFirst && outcome.state === 'failed') first = check.id;
  };
  for (const check of conformance?.checks ?? []) await tryOut(check);
  // The client half is for servers that speak the protocol; with others its bounds mean nothing.
  first ??= checks.find(({ level, state }) => level === 'required' && state === 'failed')?.id ?? null;
  for (const check of commonChecks(transport, settings)) await tryOut(check);
  const fails = checks.some(({ level, state }) => level === 'required' && state === 'failed');
  return { transport: name, label, state: fails ? 'fails' : 'conforms', reason: null, checks };
}

async function absenceOf(
  transport: Transport,
  conformance: Conformance | undefined,
  settings: Settings,
  peer: Peer,
): Promise<string | null> {
  const { title, endpoint } = transport.profile;
  if (endpoint === undefined && Object.keys(peer.headers).length > 0)
    return `${title} is not sent the headers asked for`;
  try {
    return conformance ? await conformance.whyAbsent(peer) : await whyNoConnection(transport, settings, peer);
  } catch (error) {
    return messageOf(error);
  }
}

/** With nothing else to go by, what its client half makes of the server. */
async function whyNoConnection(transport: Transport, settings: Settings, peer: Peer): Promise<string | null> {
  const signal = AbortSignal.any([peer.signal, AbortSignal.timeout(peer.patienceMs)]);
  const { origin, tls } = peer;
  const side = { transport, urls: [origin], settings, tls, credentials: null, payload: 'text' } as const;
  const client = await Client.connect(side, { signal, channels: [peer.newChannel()] });
  await client.connection.close();
  return null;
}

async function carryOut(check: ConformanceCheck, peer: Peer): Promise<CheckOutcome> {
  const { id, title, level } = check;
  peer.signal.throwIfAborted();
  // What a check leaves open when it fails ends with it.
  const over = new AbortController();
  const own = { ...peer, signal: AbortSignal.any([peer.signal, over.signal]) };
  const bound = { ...peer, patienceMs: CHECK_PATIENCES * peer.patienceMs };
  try {
    await inTime(bound, 'the end of the check', check.run(own));
    return { id, title, level, state: 'passed', reason: null };
  } catch (error) {
    peer.signal.throwIfAborted();
    return error instanceof NotChecked
      ? left(check, error.message)
      : { id, title, level, state: 'failed', reason: messageOf(error).split('\n')[0] ?? '' };
  } finally {
    over.abort(new Error('the check is over'));
  }
}

function left({ id, title, level }: ConformanceCheck, reason: string): CheckOutcome {
  return { id, title, level, state: 'not checked', reason };
}
