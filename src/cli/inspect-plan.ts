import { UsageError } from '../errors.js';
import { resolveRows } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import { isLoopback } from '../scenario/target.js';
import type { Script } from '../suite/inspect/record.js';
import { scriptOf } from '../suite/inspect/script.js';
import { loadTransport } from '../transports/index.js';
import type { Inspector, Pattern } from '../transports/inspection.js';
import { ACCEPTED, parseSizeBytes } from '../units.js';
import { provable } from './output.js';
import { registry } from './registry.js';

export interface InspectFlags {
  readonly pattern?: string;
  readonly size?: string;
  readonly url?: string;
  readonly iMayLoadThisHost?: boolean;
  readonly tls?: boolean;
  readonly json?: string;
  readonly pcap?: string;
  readonly raw?: boolean;
}

/** Between two heartbeats, where the technique can have them and its settings say nothing else. */
const HEARTBEAT_MS = 300;
const MAX_SIZE_BYTES = 1024 * 1024;

/** What is to be recorded, and by what it is read. */
export interface InspectPlan {
  readonly row: Row;
  readonly inspector: Inspector;
  readonly pattern: Pattern | null;
  readonly script: Script;
  /** Base URL of a server elsewhere. */
  readonly url: string | null;
}

/** Reads the flags, and proves that the files can be written. Throws `UsageError`. */
export async function planInspection(spec: string, flags: InspectFlags): Promise<InspectPlan> {
  if (flags.tls) throw new UsageError(TLS_REFUSED);
  const { row, inspector } = await inspectable(spec, flags.url === undefined);
  const plan = {
    row,
    inspector,
    url: flags.url === undefined ? null : serverUrl(flags.url, flags.iMayLoadThisHost === true),
    pattern: patternOf(flags.pattern, inspector, row),
    script: scriptOf(sizeOf(flags.size)),
  };
  if (flags.json === '-' && flags.pcap === '-') {
    throw new UsageError('--json - and --pcap -: only one of them can have stdout; give one a file');
  }
  for (const [flag, target] of [
    ['--json', flags.json],
    ['--pcap', flags.pcap],
  ] as const) {
    if (target !== undefined && target !== '-') await provable(flag, target);
  }
  return plan;
}

const TLS_REFUSED =
  '--tls: what goes over TLS is encrypted, and shown would be noise: inspect it in the clear; what TLS adds to it is in ' +
  'the details of `rtbench run --tls`';

/** A client that is to hear heartbeats takes a server for dead that sends none: one elsewhere was not asked to. */
async function inspectable(
  spec: string,
  isOurs: boolean,
): Promise<{ readonly row: Row; readonly inspector: Inspector }> {
  const wishes = isOurs ? { heartbeatMs: HEARTBEAT_MS } : {};
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

/** Base URL of a server elsewhere. */
function serverUrl(text: string, mayLoad: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.hostname === '' || url.port === '0') {
    throw new UsageError(`--url: \`${text}\` is no URL such as http://127.0.0.1:8080`);
  }
  if (url.pathname.length > 1 || url.search !== '') {
    throw new UsageError(`--url: techniques have paths of their own: give ${url.protocol}//${url.host} alone`);
  }
  if (/^(?:https|wss|tls|grpcs):$/.test(url.protocol)) throw new UsageError(TLS_REFUSED.replace('--tls', '--url'));
  if (!isLoopback(url.hostname) && !mayLoad) {
    throw new UsageError(
      `--url: ${url.hostname} is not this machine; if it is yours to load, say so: --i-may-load-this-host`,
    );
  }
  return `${url.protocol}//${url.host}`;
}
