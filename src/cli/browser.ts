import { EXIT, UsageError } from '../errors.js';
import { browserProblem, Chromium } from '../load/browser/chromium.js';
import {
  BROWSER_LIMITS_SCHEMA_VERSION,
  type BrowserLimits,
  type ConnectionLimit,
} from '../report/browser-limits-schema.js';
import { renderBrowserLimits, renderBrowserLimitsMarkdown } from '../reporters/browser-limits.js';
import { resolveRows } from '../scenario/rows.js';
import { reachableRows } from '../scenario/via-browser.js';
import { makeCertificate } from '../server/certificate.js';
import { measureLimit } from '../suite/browser-limits.js';
import { commandLine } from './command-line.js';
import { openInterrupt } from './interrupt.js';
import { deliver, provable, spell } from './output.js';
import { registry } from './registry.js';
import { readTool } from './version.js';

export interface BrowserFlags {
  readonly transport: readonly string[];
  readonly connections: string;
  readonly json?: string;
  readonly markdown?: string;
}

const MAX_CONNECTIONS = 300;
const WAIT_MS = 2_000;

/** `rtbench browser`. `args`: the command line, for the result to say how to measure it again. */
export async function browser(flags: BrowserFlags, args: readonly string[]): Promise<number> {
  const { transport, json, markdown } = flags;
  const connections = connectionsOf(flags);
  if (json === '-' && markdown === '-')
    throw new UsageError('--json - and --markdown -: only one of them can have stdout');
  const specs = transport.length > 0 ? transport : await defaultSpecs();
  const requests = specs.map((spec) => ({ spec, where: '--transport' }));
  const asked = await resolveRows(requests, 'server', registry);
  const { reached, unreachable } = reachableRows(asked, { via: 'browser' });
  const problem = await browserProblem();
  if (problem !== undefined) throw new UsageError(problem);
  if (json !== undefined && json !== '-') await provable('--json', json);
  if (markdown !== undefined && markdown !== '-') await provable('--markdown', markdown);

  const startedAt = new Date().toISOString();
  const identity = await makeCertificate(['127.0.0.1']);
  const interrupt = openInterrupt();
  const chromium = await Chromium.launch({ certificate: identity.certificate });
  const limits: ConnectionLimit[] = [];
  try {
    for (const row of reached) {
      if (interrupt.signal.aborted) break;
      limits.push(await measureLimit({ chromium, row, identity, connections, waitMs: WAIT_MS }));
    }
  } finally {
    await chromium.close();
    interrupt.close();
  }
  const report: BrowserLimits = {
    schemaVersion: BROWSER_LIMITS_SCHEMA_VERSION,
    kind: 'browser',
    tool: readTool(),
    startedAt,
    command: commandLine(args),
    browser: { name: chromium.name, version: chromium.version },
    waitMs: WAIT_MS,
    interrupted: limits.length < reached.length,
    limits,
    unreachable: [...unreachable],
  };
  await deliver(json, spell(report));
  await deliver(markdown, renderBrowserLimitsMarkdown(report));
  (json === '-' || markdown === '-' ? process.stderr : process.stdout).write(renderBrowserLimits(report));
  return report.interrupted ? EXIT.interrupted : EXIT.ok;
}

function connectionsOf({ connections }: BrowserFlags): number {
  const count = Number(connections);
  if (/^\d+$/.test(connections) && count >= 1 && count <= MAX_CONNECTIONS) return count;
  throw new UsageError(`--connections: \`${connections}\` is not a whole number from 1 to ${MAX_CONNECTIONS}`);
}

/** What holds a connection or a request open, over HTTP/1.1 and over HTTP/2 where it can, and what no browser reaches. */
async function defaultSpecs(): Promise<string[]> {
  const rows = await resolveRows([], 'server', registry);
  const holding = rows.filter(
    ({ profile, settings }) => profile.delivery === 'push' || settings.intervalMs === undefined,
  );
  return holding.flatMap(({ transport, settings }) =>
    settings.http === undefined ? [transport] : [transport, `${transport}:http=2`],
  );
}
