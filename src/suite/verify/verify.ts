import { messageOf } from '../../errors.js';
import type { Row } from '../../scenario/scenario.js';
import { bytesSection } from './bytes.js';
import { type Check, type CheckUnit, check, patiently, type Section } from './check.js';
import { comparisonChecks } from './comparison.js';
import { runChecks } from './delivery.js';
import { emptyPollCheck } from './empty-polls.js';
import { secondMessageCheck } from './second-message.js';

/** A poll's interval whose waits can be looked at: one so short that timers do not blur it, and worth waiting for. */
export const INTERVAL_MS = { min: 50, max: 2_000 };

export interface VerifyOptions {
  readonly rows: readonly Row[];
  readonly signal: AbortSignal;
  /** What is being looked at from now on. */
  readonly onStep: (step: string) => void;
}

/**
 * Holds what the instrument measures against what theory predicts, section by section, each as soon as it is done.
 * A check that cannot be carried out is a failed one. Throws `signal.reason` after an abort. No row may wait longer
 * than `INTERVAL_MS.max`; how long one waits below `INTERVAL_MS.min` is not looked at.
 */
export async function* verify({ rows, signal, onStep }: VerifyOptions): AsyncGenerator<Section> {
  const each = async (title: string, unit: CheckUnit, of: readonly Row[], look: (row: Row) => Promise<Check>) => {
    const checks: Check[] = [];
    for (const row of of) {
      signal.throwIfAborted();
      onStep(`${title}: ${row.label}`);
      checks.push(await look(row).catch((error: unknown) => notPossible(row, title, unit, error, signal)));
    }
    return checks;
  };
  for (const row of rows) {
    signal.throwIfAborted();
    onStep(`bytes: ${row.label}`);
    yield await bytesSection(row);
  }
  onStep('871 bytes against 2');
  yield { ...COMPARISON, checks: await comparisonChecks() };
  const intervals = rows.filter(
    ({ profile, worstWaitMs }) => profile.delivery === 'pull' && worstWaitMs >= INTERVAL_MS.min,
  );
  const others = rows.filter(({ worstWaitMs }) => worstWaitMs === 0);
  if (intervals.length > 0) {
    const look = (row: Row) => emptyPollCheck(row, signal);
    yield { ...EMPTY_POLLS, checks: await each('empty polls', 'share', intervals, look) };
  }
  if (others.length > 0) {
    const look = (row: Row) => patiently(() => secondMessageCheck(row, signal));
    yield { ...SECOND_MESSAGE, checks: await each('a second message', 'ms', others, look) };
  }
  yield* runSections(rows, signal, onStep);
}

async function* runSections(
  rows: readonly Row[],
  signal: AbortSignal,
  onStep: VerifyOptions['onStep'],
): AsyncGenerator<Section> {
  const delivery: Check[] = [];
  const waits: Check[] = [];
  for (const row of rows) {
    signal.throwIfAborted();
    onStep(`a short run: ${row.label}`);
    const checks = await runChecks(row, row.worstWaitMs >= INTERVAL_MS.min, signal);
    delivery.push(...checks.delivery);
    waits.push(...checks.waits);
  }
  if (waits.length > 0) yield { ...POLL_WAITS, checks: waits };
  yield { ...DELIVERY, checks: delivery };
}

function notPossible(row: Row, name: string, unit: CheckUnit, error: unknown, signal: AbortSignal): Check {
  signal.throwIfAborted();
  return check({ subject: row.label, name, unit, theory: null, measured: null, note: messageOf(error) });
}

const COMPARISON = {
  kind: 'comparison',
  title: 'The well-known "871 bytes against 2"',
  about:
    'the published request and answer against one WebSocket frame, replayed over sockets: measured bytes, except for ' +
    'the headers of IP and TCP, which are modelled',
} as const;

const EMPTY_POLLS = {
  kind: 'emptyPolls',
  title: 'Empty polls',
  about: 'of polls at an interval against Poisson arrivals, e^(−rate × interval) find nothing',
} as const;

const SECOND_MESSAGE = {
  kind: 'secondMessage',
  title: 'A second message, straight after the first',
  about:
    'through a relay that delays both ways: the answer of a held poll has one message, the next one waits for the ' +
    'next request; a push sends both',
} as const;

const POLL_WAITS = {
  kind: 'pollWaits',
  title: 'How long a poll makes a message wait',
  about: 'latency of a poll at an interval is uniform over the interval',
} as const;

const DELIVERY = {
  kind: 'delivery',
  title: 'Delivery, in a short real run of each',
  about: '20 clients, 200 messages a second: every message once and in order',
} as const;
