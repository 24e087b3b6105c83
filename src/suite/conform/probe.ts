import { messageOf } from '../../errors.js';
import type { Row } from '../../scenario/scenario.js';
import { inTime, type Peer } from '../../transports/conformance.js';
import { loadTransport } from '../../transports/index.js';
import { type PeerOptions, peerOf, whyAbsent } from './conform.js';

/** Whether a server answers to a technique, and where. */
export interface ProbeOutcome {
  readonly row: Row;
  /** `path`: `null` where the technique has none; `usual`: it is the path of the contract. */
  readonly found: { readonly path: string | null; readonly usual: boolean; readonly says: string } | null;
  /** What was heard where it was not found. */
  readonly reason: string | null;
}

/** Looks for each technique where the contract has it, where servers commonly have it, and at `paths`, which come first. */
export async function probeFor(
  rows: readonly Row[],
  options: PeerOptions,
  paths: readonly string[],
): Promise<readonly ProbeOutcome[]> {
  const outcomes: ProbeOutcome[] = [];
  for (const row of rows) outcomes.push(redacted(await outcomeOf(row, options, paths), options.redact));
  return outcomes;
}

function redacted({ row, found, reason }: ProbeOutcome, redact: (text: string) => string = String): ProbeOutcome {
  return {
    row,
    found: found && { ...found, says: redact(found.says) },
    reason: reason === null ? null : redact(reason),
  };
}

async function outcomeOf(row: Row, options: PeerOptions, paths: readonly string[]): Promise<ProbeOutcome> {
  options.signal.throwIfAborted();
  const conformance = await (await loadTransport(row.module)).conformance?.();
  if (!conformance) {
    const reason = await whyAbsent(row, options);
    return { row, found: reason === null ? { path: null, usual: true, says: 'connects' } : null, reason };
  }
  const [usual = ''] = conformance.usualPaths;
  const peer = peerOf(options);
  const heard: string[] = [];
  for (const path of new Set([...paths, ...conformance.usualPaths])) {
    options.signal.throwIfAborted();
    try {
      const says = await bounded(peer, (own) => conformance.find(own, path));
      if (says !== null) return { row, found: { path, usual: path === usual, says }, reason: null };
      heard.push(path);
    } catch (error) {
      // Who does not answer here does not answer elsewhere.
      if (heard.length === 0) return { row, found: null, reason: messageOf(error) };
      heard.push(path);
    }
  }
  return { row, found: null, reason: `nothing at ${heard.join(', ')}` };
}

/** What is left open ends with it. */
async function bounded<T>(peer: Peer, use: (peer: Peer) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const own = { ...peer, signal: AbortSignal.any([peer.signal, over.signal]) };
  try {
    return await inTime({ ...peer, patienceMs: 3 * peer.patienceMs }, 'an answer', use(own));
  } finally {
    over.abort(new Error('the look is over'));
  }
}
