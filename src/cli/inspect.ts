import { EXIT, messageOf, UsageError } from '../errors.js';
import { buildInspection } from '../report/inspection/build.js';
import type { Inspection } from '../report/inspection/inspection.js';
import { renderInspection } from '../reporters/inspect-text.js';
import { resolveRows } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import { record } from '../suite/inspect/record.js';
import { scriptOf } from '../suite/inspect/script.js';
import type { RecordedConnection } from '../suite/inspect/tap.js';
import { loadTransport } from '../transports/index.js';
import type { Direction, Inspector, Pattern, Streams } from '../transports/inspection.js';
import { ACCEPTED, parseSizeBytes } from '../units.js';
import { commandLine } from './command-line.js';
import { openInterrupt } from './interrupt.js';
import { deliver, provable, screenFor, spell } from './output.js';
import { registry } from './registry.js';
import { readTool } from './version.js';

export interface InspectFlags {
  readonly pattern?: string;
  readonly size?: string;
  readonly url?: string;
  readonly iMayLoadThisHost?: boolean;
  readonly tls?: boolean;
  readonly json?: string;
  readonly raw?: boolean;
}

/** Between two heartbeats, where the technique can have them and its settings say nothing else. */
const HEARTBEAT_MS = 300;
const MAX_SIZE_BYTES = 1024 * 1024;
const DEFAULT_WIDTH = 80;

/** `rtbench inspect`: 0 when every byte is accounted for, 1 when not, 3 when the exchange does not come about. */
export async function inspect(spec: string, flags: InspectFlags, args: readonly string[]): Promise<number> {
  if (flags.tls) throw new UsageError(TLS_REFUSED);
  const { row, inspector } = await inspectable(spec);
  const url = flags.url === undefined ? null : serverUrl(flags.url, flags.iMayLoadThisHost === true);
  const pattern = patternOf(flags.pattern, inspector, row);
  const script = scriptOf(sizeOf(flags.size));
  if (flags.json !== undefined && flags.json !== '-') await provable('--json', flags.json);
  const screen = screenFor(flags);
  const startedAt = new Date().toISOString();
  const interrupt = openInterrupt();
  const { signal } = interrupt;
  try {
    const recorded = await record({ transport: row, worstWaitMs: row.worstWaitMs, pattern, script, url, signal });
    const inspection = buildInspection({
      tool: readTool(),
      startedAt,
      command: commandLine(args),
      transport: row.transport,
      label: row.label,
      settings: row.settings,
      pattern: pattern && { name: flags.pattern ?? '', summary: pattern.summary },
      url,
      connections: recorded.connections.map((connection) => ({
        ...connection,
        units: inspector.decode(streamsOf(connection), row.settings),
      })),
      server: recorded.server,
      problem: recorded.problem,
    });
    await deliver(flags.json, spell(inspection));
    screen.write(renderInspection(inspection, looks(screen, flags)));
    return codeOf(inspection);
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    const whom = url ?? 'the reference server';
    console.error(`rtbench: the exchange with ${whom} did not come about: ${messageOf(error)}`);
    return EXIT.runFailed;
  } finally {
    interrupt.close();
  }
}

const TLS_REFUSED =
  '--tls: what goes over TLS is encrypted, and shown would be noise: inspect it in the clear; what TLS adds to it is in ' +
  'the details of `rtbench run --tls`';

async function inspectable(spec: string): Promise<{ readonly row: Row; readonly inspector: Inspector }> {
  const wishes = { heartbeatMs: HEARTBEAT_MS };
  const [row] = await resolveRows([{ spec, where: 'technique' }], 'server', registry, process.cwd(), wishes);
  if (!row) throw new UsageError(`technique: \`${spec}\` is none`);
  const inspector = await (await loadTransport(row.module)).inspector?.();
  if (!inspector) throw new UsageError(`technique: ${row.label} brings nothing that reads its bytes`);
  return { row, inspector };
}

function patternOf(name: string | undefined, { patterns = {} }: Inspector, { label }: Row): Pattern | null {
  if (name === undefined) return null;
  const pattern = Object.hasOwn(patterns, name) ? patterns[name] : undefined;
  if (pattern) return pattern;
  const names = Object.keys(patterns);
  throw new UsageError(
    names.length === 0
      ? `--pattern: ${label} has one exchange only: leave --pattern out`
      : `--pattern: \`${name}\` is none of ${names.join(', ')}`,
  );
}

function sizeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const bytes = parseSizeBytes(text);
  if (bytes !== undefined && bytes <= MAX_SIZE_BYTES) return bytes;
  throw new UsageError(`--size: \`${text}\` is not ${ACCEPTED.size}, of 1 MiB at most`);
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Base URL of a server elsewhere. */
function serverUrl(text: string, mayLoad: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.hostname === '' || url.port === '0') {
    throw new UsageError(`--url: \`${text}\` is no URL such as http://127.0.0.1:8080`);
  }
  if (/^(?:https|wss|tls|grpcs):$/.test(url.protocol)) throw new UsageError(TLS_REFUSED.replace('--tls', '--url'));
  if (!LOOPBACK.test(url.hostname) && !mayLoad) {
    throw new UsageError(
      `--url: ${url.hostname} is not this machine; if it is yours to load, say so: --i-may-load-this-host`,
    );
  }
  return `${url.protocol}//${url.host}`;
}

function streamsOf({ chunks }: RecordedConnection): Streams {
  const bytes = (direction: Direction) =>
    Buffer.concat(chunks.filter((chunk) => chunk.direction === direction).map((chunk) => chunk.bytes));
  return { up: bytes('up'), down: bytes('down') };
}

function looks(screen: NodeJS.WriteStream, { raw = false }: InspectFlags) {
  const color = screen.isTTY === true && !process.env.NO_COLOR;
  return { width: screen.columns ?? DEFAULT_WIDTH, color, raw };
}

function codeOf({ count, events }: Inspection): number {
  const unread = events.some(({ parts }) => parts.some(({ kind }) => kind === 'unread'));
  return count.problems.length === 0 && !unread ? EXIT.ok : EXIT.checkFailed;
}
