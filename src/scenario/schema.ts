import { z } from 'zod';
import { AUTH_WAYS } from '../transports/credentials.js';
import {
  ACCEPTED,
  formatBytes,
  formatCount,
  PATTERN,
  parseBytesPerSecond,
  parseDurationMs,
  parseRatePerSecond,
  parseSizeBytes,
  spellDurationMs,
} from '../units.js';
import { AUTH_ACCEPTED } from './auth.js';
import { ACCEPTED_FAULT, DEFAULT_RECONNECT, FAULT_PATTERN, type Fault, parseFault } from './faults.js';
import { MAX_BODY_BYTES, MAX_CLIENTS, MAX_RATE_PER_SECOND, MAX_ROUNDS, MIN_BODY_BYTES } from './limits.js';
import { NETWORK_NAMES } from './network.js';
import { parseReconnectPolicy, RECONNECT_POLICIES } from './reconnect-policy.js';
import type { Bursts } from './scenario.js';
import { parseSlowReaders, SLOW_READERS_ACCEPTED } from './slow-readers.js';
import { targetSchema } from './target-schema.js';
import { parseUplink, UPLINK_ACCEPTED } from './uplink.js';
import { parseVia, VIA_SPELLINGS } from './via.js';
import { parseWhenFull, WHEN_FULL_ACCEPTED } from './when-full.js';

/*
 * The message of every check is the accepted form alone ("a rate such as 20/s"), so that a file's problem can say
 * "must be …" and a flag's "is not …".
 */

const MAX_SEED = 2_147_483_647;
const MAX_SCALE = 3_600;

function durationMs(
  minMs: number,
  maxMs: number,
  accepted = `${ACCEPTED.duration}, from ${spellDurationMs(minMs)} to ${spellDurationMs(maxMs)}`,
) {
  return z
    .string({ error: accepted })
    .regex(PATTERN.duration, { error: accepted })
    .transform(within(accepted, parseDurationMs, minMs, maxMs));
}

/** Either a duration or one word that stands for one. */
function durationMsOr<Word extends string>(minMs: number, maxMs: number, word: Word) {
  const error = `${ACCEPTED.duration}, from ${spellDurationMs(minMs)} to ${spellDurationMs(maxMs)}, or \`${word}\``;
  return z.union([durationMs(minMs, maxMs, error), z.literal(word)], { error });
}

function sizeBytes(minBytes: number, maxBytes: number) {
  const accepted = `${ACCEPTED.size}, from ${formatBytes(minBytes)} (the envelope) to ${formatBytes(maxBytes)}`;
  return numberOrText(PATTERN.size, accepted).transform(within(accepted, parseSizeBytes, minBytes, maxBytes));
}

function ratePerSecond() {
  const accepted = `${ACCEPTED.rate}, above 0 and up to ${formatCount(MAX_RATE_PER_SECOND)}/s`;
  const lowest = Number.MIN_VALUE;
  return numberOrText(PATTERN.rate, accepted).transform(
    within(accepted, parseRatePerSecond, lowest, MAX_RATE_PER_SECOND),
  );
}

function numberOrText(pattern: RegExp, accepted: string) {
  return z.union([z.number(), z.string().regex(pattern, { error: accepted })], { error: accepted });
}

function within(accepted: string, parse: (text: string) => number | undefined, min: number, max: number) {
  return (value: number | string, context: z.RefinementCtx): number => {
    const parsed = parse(String(value));
    if (parsed !== undefined && parsed >= min && parsed <= max) return parsed;
    context.issues.push({ code: 'custom', message: accepted, input: value });
    return z.NEVER;
  };
}

function whole(min: number, max: number, error = `a whole number from ${formatCount(min)} to ${formatCount(max)}`) {
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** Either a number or one word that stands for one. */
function wholeOr<Word extends string>(min: number, max: number, word: Word) {
  const error = `a whole number from ${formatCount(min)} to ${formatCount(max)}, or \`${word}\``;
  return z.union([whole(min, max, error), z.literal(word)], { error });
}

function oneOf<const Words extends readonly [string, string]>(words: Words) {
  return z.enum(words, { error: `\`${words[0]}\` or \`${words[1]}\`` });
}

/** A text with parts of its own. */
function parsed<T>(accepted: string, parse: (text: string) => T | undefined) {
  return z.string({ error: accepted }).transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: accepted, input: text });
    return z.NEVER;
  });
}

const MAX_DISTANCE_MS = 10_000;
const MIN_BYTES_PER_SECOND = 1_000;
const NETWORK = `one of ${NETWORK_NAMES.join(', ')}`;
const BANDWIDTH = `${ACCEPTED.bandwidth}, at least 8kbps`;

function bytesPerSecond(text: string): number | undefined {
  const value = parseBytesPerSecond(text);
  return value !== undefined && value >= MIN_BYTES_PER_SECOND ? value : undefined;
}

const ARRIVALS = '`poisson`, `periodic`, or bursts of a mean size from 1 up such as `bursts:8`';
const BURSTS = /^bursts:([1-9]\d{0,3}(?:\.\d+)?)$/;
const RECONNECT = `a reconnection policy such as fixed:wait=1s; there are ${RECONNECT_POLICIES.map(({ name }) => name).join(', ')}`;
const VIA = `one of ${VIA_SPELLINGS.join(', ')}`;
const FAULTS = 'a list of one or more faults such as ["cut:50%@2s", "restart@4s"]';

/** `parse` throws where the text is not what is accepted. */
function read<Value>(accepted: string, parse: (text: string) => Value) {
  return (text: string, context: z.RefinementCtx): Value => {
    try {
      return parse(text);
    } catch {
      context.issues.push({ code: 'custom', message: accepted, input: text });
      return z.NEVER;
    }
  };
}

const EXPECT = 'figures with what they must be, such as `latencyUs.p99: "<250ms"`';
const expected = z.union([z.number(), z.string()]);

const LIST = 'a list of one or more transports such as [sse, "websocket:deflate=true"]';
const ITEM = 'a transport such as sse or "websocket:deflate=true"';
const NAME = 'lower-case letters and digits, joined by hyphens';

/** A scenario as a user writes it: strict, every key optional, values with units. Parses to values without. */
export const scenarioFileSchema = z.strictObject({
  name: z
    .string({ error: NAME })
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: NAME })
    .optional()
    .describe('Name in results and folders; by default that of the file.'),
  title: z.string({ error: 'a text' }).optional().describe('Name for people; by default `name`.'),
  question: z
    .string({ error: 'a text' })
    .prefault('Which transport delivers this workload in time, and at what cost?')
    .describe('The question it answers, for a person who must decide.'),
  clients: whole(1, MAX_CLIENTS).prefault(100).describe('Connected clients, probes included.'),
  probes: whole(1, 1_000)
    .prefault(5)
    .describe('How many of the clients give the headline latency; they share one process of their own.'),
  publish: oneOf(['server', 'clients'])
    .prefault('server')
    .describe('Who publishes: the server (a feed), or the clients over their uplink (a chat, an echo).'),
  channels: wholeOr(1, 100_000, 'private')
    .prefault(1)
    .describe('Shared channels among which clients are dealt out evenly, or a private one for each client.'),
  rate: ratePerSecond().prefault('120/s').describe('Messages published in all, over every publisher.'),
  size: sizeBytes(MIN_BODY_BYTES, MAX_BODY_BYTES).prefault('200B').describe('Size of every body.'),
  payload: oneOf(['text', 'binary']).prefault('text').describe('Whether bodies are UTF-8 text or arbitrary bytes.'),
  scale: whole(1, MAX_SCALE)
    .prefault(1)
    .describe(
      'Carries everything out so many times as fast as it is written, ratios kept: rate, duration, the tolerated delay and the periods of transports. Network and CPU do not get faster.',
    ),
  arrivals: z
    .union(
      [
        z.enum(['poisson', 'periodic']),
        z
          .string({ error: ARRIVALS })
          .regex(BURSTS, { error: ARRIVALS })
          .transform((text): Bursts => ({ meanSize: Number(BURSTS.exec(text)?.[1]) })),
      ],
      { error: ARRIVALS },
    )
    .prefault('poisson')
    .describe(
      'poisson: publishes come at random; periodic: like a ticker, the channels in turn; bursts:8: in bursts of 8 on average, each in one channel, at random.',
    ),
  uplink: parsed(UPLINK_ACCEPTED, parseUplink)
    .prefault('none')
    .describe(
      'What clients send while the server publishes; it ends at the server, and nobody gets it: `300/s:64B` (over all clients, at times as `arrivals` says), `acknowledge:64B` (each client answers every message it gets). By default nothing.',
    ),
  tolerates: durationMs(1, 3_600_000)
    .prefault('250ms')
    .describe('The delay its user tolerates; a transport is within tolerance when its p99 is.'),
  warmup: durationMsOr(0, 600_000, 'auto')
    .prefault('auto')
    .describe(
      'Time of traffic before the window opens; `auto`: as long as 10,000 deliveries take, between 1 and 2 seconds.',
    ),
  duration: durationMs(10, 3_600_000).prefault('2500ms').describe('Length of the measuring window of one round.'),
  rounds: wholeOr(1, MAX_ROUNDS, 'auto')
    .prefault(3)
    .describe(
      'How often each transport is run, in a new order every time; `auto`: until p50 and p99 are within ±5 %, or `budget` is spent.',
    ),
  budget: durationMs(1_000, 86_400_000)
    .optional()
    .describe('With `rounds: auto`, the time that all rounds may take; by default 5m.'),
  seed: whole(0, MAX_SEED).prefault(1).describe('Of everything drawn at random: arrivals, bodies, order of runs.'),
  workers: wholeOr(1, 64, 'auto')
    .prefault('auto')
    .describe('Processes for the clients that are no probes; `auto`: one less than cores.'),
  interleave: durationMs(5, 60_000)
    .optional()
    .describe(
      'Runs the transports of a round side by side, publishing in turns of this length, so that a change of the machine between two runs does not look like a difference between them.',
    ),
  tls: z
    .boolean({ error: '`true` or `false`' })
    .optional()
    .describe('Whether everything goes over TLS; by default only with a preset that asks for it.'),
  auth: z
    .enum(AUTH_WAYS, { error: AUTH_ACCEPTED })
    .optional()
    .describe(
      'How clients show a token when they connect: in a header (bearer), a cookie, the URL (query) or their first message. A transport that cannot does it in a way that it can. By default not at all.',
    ),
  preset: z
    .literal('web', { error: '`web`' })
    .optional()
    .describe(
      'web: what browsers get: TLS, HTTP/2 for what runs over HTTP requests, and no transport that a browser cannot reach.',
    ),
  via: z
    .enum(VIA_SPELLINGS, { error: VIA })
    .transform(parseVia)
    .optional()
    .describe(
      'browser: the probes are pages of a headless Chromium, each of which is one client. nginx, haproxy, hostile: that proxy stands between clients and server, set up as its documentation says for the technique, as it is by default, or misbehaving in one way.',
    ),
  network: z
    .enum(NETWORK_NAMES, { error: NETWORK })
    .optional()
    .describe('What lies between clients and server: distance and bandwidth as published; by default none, loopback.'),
  rtt: durationMs(0, MAX_DISTANCE_MS)
    .optional()
    .describe('Round trip between client and server; instead of that of `network`, where both are given.'),
  jitter: durationMs(0, MAX_DISTANCE_MS)
    .optional()
    .describe("Added to the delay of each direction: uniform from 0 up to this. A connection's order stays."),
  bandwidth: parsed(BANDWIDTH, bytesPerSecond)
    .optional()
    .describe('Of each connection, in each direction; instead of those of `network`, where both are given.'),
  whenFull: parsed(WHEN_FULL_ACCEPTED, parseWhenFull)
    .prefault('wait')
    .describe(
      'What the server does with a client that does not keep up: `wait` (it goes on where it was, as far as the history reaches), `drop-oldest:keep=100` (it goes on with the newest 100 messages), `disconnect:after=1s,behind=1000` (its connection is closed); each with `buffer=1MiB`, what may wait for one client in the server.',
    ),
  slowReaders: parsed(SLOW_READERS_ACCEPTED, parseSlowReaders)
    .optional()
    .describe(
      'Clients of the crowd that do not keep up while the window lasts, and how much each reads: `10%:1KiB/s`, `10%:stop`. By default none.',
    ),
  heartbeat: durationMs(10, 3_600_000)
    .optional()
    .describe(
      'Time between two heartbeats of every transport that can have them (pings, comments, polls), by which a connection that died silently is noticed; by default as its settings are.',
    ),
  faults: z
    .array(
      z
        .string({ error: ACCEPTED_FAULT })
        .regex(FAULT_PATTERN, { error: ACCEPTED_FAULT })
        .transform(read<Fault>(ACCEPTED_FAULT, parseFault)),
      { error: FAULTS },
    )
    .min(1, { error: FAULTS })
    .optional()
    .describe(
      'What is done to every run, at a time after the start of its window: cut:50%@2s (connections reset), half-open:50%@2s (connections die, and neither side is told), stall:500ms@2s (the server stands still), net-stall:500ms@2s (nothing passes between clients and server), restart@2s, kill@2s.',
    ),
  reconnect: z
    .string({ error: RECONNECT })
    .transform(read(RECONNECT, (text) => parseReconnectPolicy(text).spec))
    .optional()
    .describe(
      `How long clients wait before they connect again, name or name:key=value,…; native: the library's own, of transports that have one; by default ${DEFAULT_RECONNECT} where there are faults, and clients do not come back where there are none.`,
    ),
  resume: oneOf(['on', 'off'])
    .optional()
    .describe(
      'Whether clients that come back go on after the last message they saw (on, the default), or begin anew (off).',
    ),
  expect: z
    .record(z.string(), z.union([expected, z.record(z.string(), expected)]), { error: EXPECT })
    .optional()
    .describe(
      'What figures must be, by their path in result.json; a miss ends `rtbench run` with exit code 1: `latencyUs.p99: "<250ms"`, `delivery.lost: 0`, `bytes.perMessage.down: "<=130"`. For every technique, or below one (`websocket:`) for its rows alone.',
    ),
  target: targetSchema
    .optional()
    .describe("A server that is not rtbench's own, to be measured instead of it; see docs/your-own-server.md."),
  transports: z
    .array(z.string({ error: ITEM }).min(1, { error: ITEM }), { error: LIST })
    .min(1, { error: LIST })
    .optional()
    .describe(
      'What to compare, `name` or `name:key=value,…`; a path (from the working directory) or a package also names one. By default all that ship.',
    ),
});

/** A parsed file: units gone, defaults filled in. */
export type ScenarioFile = z.output<typeof scenarioFileSchema>;
export type ScenarioKey = keyof ScenarioFile;

export const SCENARIO_KEYS = Object.keys(scenarioFileSchema.shape);
