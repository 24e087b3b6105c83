import { z } from 'zod';
import { ACCEPTED, PATTERN, parseDurationMs, parseRatePerSecond } from '../units.js';
import { secretProblem } from './credentials-in-plain-sight.js';
import { MAX_CLIENTS, MAX_RATE_PER_SECOND } from './limits.js';
import { CLOCK_OFFSET_ACCEPTED, parseClockOffset, parseStamp, STAMP_ACCEPTED } from './stamp.js';
import {
  DEFAULT_BOUNDS,
  type PublishRequest,
  REFERENCE_PUBLISH,
  type Target,
  type TargetEndpoint,
  type TargetServer,
} from './target.js';
import { withOpenPort } from './target-port.js';

const URL_ACCEPTED =
  'the address of a server such as http://localhost:5000 (http or https, no path: that goes with a technique; {port} is one of its own for each run)';
const PATH_ACCEPTED = 'a path such as /events, with its query';
const HEADERS_ACCEPTED = `names of headers with their values, such as \`authorization: Bearer \${TOKEN}\``;
const PID_BESIDE_COMMAND = 'left out where `command` starts the server';
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const DEFAULT_READY_MS = 30_000;
const DEFAULT_ANSWER_MS = 10_000;
const MAX_READY_MS = 600_000;

/** `http://host:port` alone, or nothing; `{port}` becomes 0. */
export function originOf(address: string): string | undefined {
  const text = withOpenPort(address);
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { origin, pathname, search, hash, username, password } = new URL(text);
  return pathname === '/' && search + hash + username + password === '' ? origin : undefined;
}

function text(accepted: string, isFine: (text: string) => boolean = (text) => text !== '') {
  return z.string({ error: accepted }).refine(isFine, { error: accepted }).superRefine(noSecret);
}

function noSecret(value: string, context: z.RefinementCtx): void {
  const problem = secretProblem(value);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, params: { secret: true } });
}

const origin = z.string({ error: URL_ACCEPTED }).transform((value, context): string => {
  const found = originOf(value);
  if (found !== undefined) return found;
  // One with a user and a password is not repeated in the message.
  const secret = /\/\/[^/]*@/.test(value);
  context.issues.push({ code: 'custom', message: URL_ACCEPTED, input: value, params: { secret } });
  return z.NEVER;
});

const path = text(PATH_ACCEPTED, (value) => value.startsWith('/') && !/\s/.test(value));

const headers = z
  .record(z.string().regex(HEADER_NAME, { error: HEADERS_ACCEPTED }), z.string({ error: HEADERS_ACCEPTED }), {
    error: HEADERS_ACCEPTED,
  })
  .superRefine((all, context) => {
    for (const [name, value] of Object.entries(all)) {
      const problem = /[\r\n]/.test(value) ? HEADERS_ACCEPTED : secretProblem(`${name}: ${value}`);
      if (problem !== undefined) {
        context.addIssue({ code: 'custom', path: [name], message: problem, params: { secret: true } });
      }
    }
  });

function duration(maxMs: number) {
  return z
    .string({ error: ACCEPTED.duration })
    .regex(PATTERN.duration, { error: ACCEPTED.duration })
    .transform((value, context) => {
      const ms = parseDurationMs(value);
      if (ms !== undefined && ms > 0 && ms <= maxMs) return ms;
      context.issues.push({ code: 'custom', message: ACCEPTED.duration, input: value });
      return z.NEVER;
    });
}

export const targetEndpointSchema = z.strictObject({
  url: origin.optional().describe('Instead of that of the target.'),
  path: path
    .optional()
    .describe('Where the server takes this technique, with its query; {channel} and {client} are filled in.'),
  subprotocol: text('a name', (value) => HEADER_NAME.test(value))
    .optional()
    .describe('WebSocket: the subprotocol to ask for.'),
  event: text('the type of an event').optional().describe('SSE: the type of the events that carry messages.'),
  first: text('a text').optional().describe('WebSocket: what a client sends first, such as a subscription.'),
  message: text('a text with {body} or {bodyJson}', (value) => /\{body(Json)?\}/.test(value))
    .optional()
    .describe('WebSocket: what a client sends to publish; {body} is the body, {bodyJson} the body as a JSON string.'),
});

const publish = z.strictObject({
  method: z.enum(['POST', 'PUT', 'PATCH'], { error: '`POST`, `PUT` or `PATCH`' }).optional(),
  url: origin.optional().describe('Instead of that of the target.'),
  path: path.describe('{channel} is filled in.'),
  headers: headers.optional(),
  body: text('a text with {body} or {bodyJson}', (value) => /\{body(Json)?\}/.test(value))
    .optional()
    .describe('{body} is the body, {bodyJson} the body as a JSON string; by default {body}.'),
});

const COUNT = `a whole number from 1 to ${MAX_CLIENTS}`;

const bounds = z.strictObject({
  clients: z.int({ error: COUNT }).min(1, { error: COUNT }).max(MAX_CLIENTS, { error: COUNT }).optional(),
  rate: z
    .string({ error: ACCEPTED.rate })
    .transform((value, context) => {
      const rate = parseRatePerSecond(value);
      if (rate !== undefined && rate > 0 && rate <= MAX_RATE_PER_SECOND) return rate;
      context.issues.push({ code: 'custom', message: ACCEPTED.rate, input: value });
      return z.NEVER;
    })
    .optional(),
  duration: duration(3_600_000).optional(),
});

const OBSERVE = '`observe`, or a request with its `path`';

/** A text with parts of its own. */
function spelled<T>(accepted: string, parse: (text: string) => T | undefined) {
  return z.string({ error: accepted }).transform((value, context): T => {
    const found = parse(value);
    if (found !== undefined) return found;
    context.issues.push({ code: 'custom', message: accepted, input: value });
    return z.NEVER;
  });
}

const targetObject = z.strictObject({
  url: origin.describe('The server: scheme, host and port.'),
  headers: headers.optional().describe(`Sent with every request; \${NAME} is read from the environment.`),
  endpoints: z
    .record(z.string(), targetEndpointSchema, {
      error: 'names of transports with their `path` and what else they take',
    })
    .optional()
    .describe('By transport, where and how the server takes it; by default as rtbench serve does.'),
  publish: z
    .union([z.literal('observe', { error: OBSERVE }), publish], { error: OBSERVE })
    .optional()
    .describe(
      'The request that publishes a message, by default POST /messages?channel={channel} with the body; observe: nothing is published, the server sends what it sends.',
    ),
  stamp: spelled(STAMP_ACCEPTED, parseStamp)
    .optional()
    .describe(
      'Where a message carries when it was sent: envelope (the body that was published), field:/path:ms or field:regex:t=(\\d+):ms (the time of the server in s, ms, us, ns or iso, or its sequence number), none (arrivals alone). By default envelope, and none with `publish: observe`.',
    ),
  clockOffset: spelled(CLOCK_OFFSET_ACCEPTED, parseClockOffset)
    .optional()
    .describe('How far the clock of a server elsewhere is ahead of this one, and the bound: 3ms±1ms.'),
  ca: text('the path of a PEM file')
    .optional()
    .describe('The only certificate authority to trust over https; by default those of the system.'),
  command: text('a command such as "python app.py"')
    .optional()
    .describe('Starts the server for each run, and ends it after.'),
  ready: text('a port or a URL', (value) => readinessText(value))
    .optional()
    .describe('With command: the port or URL that answers when it is ready; by default the port of `url`.'),
  readyWithin: duration(MAX_READY_MS).optional().describe('With command: how long that may take; by default 30s.'),
  answerWithin: duration(MAX_READY_MS)
    .optional()
    .describe('How long it may take to take a connection and to answer; by default 10s.'),
  pid: z
    .int({ error: 'the id of a process' })
    .min(1, { error: 'the id of a process' })
    .optional()
    .describe('The process of a server that runs, to be sampled with those it started.'),
  bounds: bounds.optional().describe('The most that it may be loaded with; by default 1,000 clients, 1000/s, 5m.'),
});

export const targetSchema = targetObject.superRefine(({ command, pid }, context) => {
  if (command === undefined || pid === undefined) return;
  context.addIssue({ code: 'custom', path: ['pid'], message: PID_BESIDE_COMMAND, input: pid });
});

export type TargetFile = z.output<typeof targetSchema>;
/** As it is written; what it lacks may be said elsewhere. */
export type TargetInput = Readonly<Partial<z.input<typeof targetSchema>>>;

function readinessText(value: string): boolean {
  return /^(\d{1,5}|\{port\})$/.test(value) || (/^https?:\/\//i.test(value) && URL.canParse(withOpenPort(value)));
}

/** A target with nothing left open. */
export function toTarget(file: TargetFile, mayLoadHost: boolean): Target {
  return {
    url: file.url,
    headers: lowerCased(file.headers),
    endpoints: (file.endpoints ?? {}) as Readonly<Record<string, TargetEndpoint>>,
    publish: publishOf(file.publish),
    stamp: file.stamp ?? { kind: file.publish === 'observe' ? 'none' : 'envelope' },
    clockOffset: file.clockOffset ?? null,
    caFile: file.ca ?? null,
    bounds: {
      clients: file.bounds?.clients ?? DEFAULT_BOUNDS.clients,
      ratePerSecond: file.bounds?.rate ?? DEFAULT_BOUNDS.ratePerSecond,
      durationMs: file.bounds?.duration ?? DEFAULT_BOUNDS.durationMs,
    },
    answerMs: file.answerWithin ?? DEFAULT_ANSWER_MS,
    server: serverOf(file),
    mayLoadHost,
  };
}

function publishOf(file: TargetFile['publish']): PublishRequest | null {
  if (file === undefined) return REFERENCE_PUBLISH;
  if (file === 'observe') return null;
  const { method, url, path, headers, body } = file;
  return {
    method: method ?? REFERENCE_PUBLISH.method,
    url: url ?? null,
    path,
    headers: lowerCased(headers),
    body: body ?? REFERENCE_PUBLISH.body,
  };
}

function serverOf({ command, ready, readyWithin, pid }: TargetFile): TargetServer | null {
  if (command !== undefined) {
    return { kind: 'command', command, ready: ready ?? null, timeoutMs: readyWithin ?? DEFAULT_READY_MS };
  }
  return pid === undefined ? null : { kind: 'pid', pid };
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
