import { formatCount, parseDurationMs, parseSizeBytes, spellDurationMs } from '../units.js';

/**
 * What the server does with a client that reads more slowly than messages come: more than `bufferBytes` wait for it in
 * the server, and the hub hands it no more until there is room again.
 */
export type WhenFull = Wait | DropOldest | Disconnect;

interface Bounded {
  /** Most bytes that wait in the server's process for one client; one message may go over it. */
  readonly bufferBytes: number;
}

/** It goes on where it was, for as long as the history reaches; one that has fallen out of it is told so. */
export interface Wait extends Bounded {
  readonly policy: 'wait';
}

/** It goes on with the newest `keepMessages`; the older ones it never gets. */
export interface DropOldest extends Bounded {
  readonly policy: 'drop-oldest';
  readonly keepMessages: number;
}

/** Its connection is closed once it has been full for `afterMs`, or is more than `behindMessages` behind. */
export interface Disconnect extends Bounded {
  readonly policy: 'disconnect';
  readonly afterMs: number;
  readonly behindMessages: number;
}

const MIN_BUFFER_BYTES = 1_024;
const MAX_BUFFER_BYTES = 64 * 1_048_576;
const MAX_MESSAGES = 1_000_000;
const MAX_AFTER_MS = 3_600_000;

export const DEFAULT_BUFFER_BYTES = 1_048_576;

export const WAIT: Wait = { policy: 'wait', bufferBytes: DEFAULT_BUFFER_BYTES };

export const WHEN_FULL_ACCEPTED =
  '`wait`, `drop-oldest` or `disconnect`, each with its keys: `wait:buffer=1MiB`, `drop-oldest:keep=100,buffer=1MiB`, ' +
  `\`disconnect:after=1s,behind=1000,buffer=1MiB\` (at most ${spellDurationMs(MAX_AFTER_MS)}, ` +
  `${formatCount(MAX_MESSAGES)} messages and 64MiB; at least 1 message and 1KiB)`;

/** `drop-oldest:keep=50` and the like; what is not said is 1 MiB, 100 messages, 1 s and 1,000 messages. */
export function parseWhenFull(text: string): WhenFull | undefined {
  const [, policy = '', list = ''] = /^([a-z-]+)(?::(.+))?$/.exec(text.trim()) ?? [];
  const given = new Map<string, string>();
  for (const pair of list === '' ? [] : list.split(',')) {
    const [key = '', value, ...rest] = pair.split('=').map((part) => part.trim());
    if (value === undefined || rest.length > 0 || given.has(key)) return undefined;
    given.set(key, value);
  }
  const parsed = resolve(policy, (key) => {
    const value = given.get(key);
    given.delete(key);
    return value;
  });
  return given.size === 0 ? parsed : undefined;
}

function resolve(policy: string, take: (key: string) => string | undefined): WhenFull | undefined {
  const bufferBytes = between(MIN_BUFFER_BYTES, MAX_BUFFER_BYTES, parseSizeBytes(take('buffer') ?? '1MiB'));
  if (bufferBytes === undefined) return undefined;
  if (policy === 'wait') return { policy, bufferBytes };
  if (policy === 'drop-oldest') {
    const keepMessages = messagesIn(take('keep') ?? '100');
    return keepMessages === undefined ? undefined : { policy, bufferBytes, keepMessages };
  }
  if (policy !== 'disconnect') return undefined;
  const afterMs = between(1, MAX_AFTER_MS, parseDurationMs(take('after') ?? '1s'));
  const behindMessages = messagesIn(take('behind') ?? '1000');
  return afterMs === undefined || behindMessages === undefined
    ? undefined
    : { policy, bufferBytes, afterMs, behindMessages };
}

function messagesIn(text: string): number | undefined {
  return /^\d+$/.test(text) ? between(1, MAX_MESSAGES, Number(text)) : undefined;
}

function between(min: number, max: number, value: number | undefined): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

/** As `parseWhenFull` reads it, every key spelt out. */
export function spellWhenFull(whenFull: WhenFull): string {
  const buffer = `buffer=${whenFull.bufferBytes}`;
  switch (whenFull.policy) {
    case 'wait':
      return `wait:${buffer}`;
    case 'drop-oldest':
      return `drop-oldest:keep=${whenFull.keepMessages},${buffer}`;
    case 'disconnect':
      return `disconnect:after=${spellDurationMs(whenFull.afterMs)},behind=${whenFull.behindMessages},${buffer}`;
  }
}
