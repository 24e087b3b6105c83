import { EXIT, messageOf, UsageError } from '../errors.js';
import { browserProblem, Chromium } from '../load/browser/chromium.js';
import {
  BROWSER_LIMITS_SCHEMA_VERSION,
  type BrowserLimits,
  type ConnectionLimit,
} from '../report/browser-limits-schema.js';
import { readEnvironment } from '../report/environment.js';
import { renderBrowserLimitsMarkdown } from '../reporters/browser-limits-markdown.js';
import { renderBrowserLimitsTable } from '../reporters/browser-limits-table.js';
import { resolveRows } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import { reachableRows } from '../scenario/via-browser.js';
import { makeCertificate, type ServerIdentity } from '../server/certificate.js';
import { measureLimits } from '../suite/browser-limits.js';
import { commandLine } from './command-line.js';
import { openInterrupt } from './interrupt.js';
import { deliver, type JsonOutput, openJsonOutput, provable, spell } from './output.js';
import { registry } from './registry.js';
import { readTool } from './version.js';

export interface BrowserFlags {
  readonly transport: readonly string[];
  readonly connections: string;
  readonly out?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly quiet?: boolean;
}

interface Request {
  readonly rows: readonly Row[];
  readonly unreachable: BrowserLimits['unreachable'];
  readonly connections: number;
}

const MAX_CONNECTIONS = 300;
const WAIT_MS = 2_000;

/** `rtbench browser`. `args`: the command line, for the result to say how to measure it again. */
export async function browser(flags: BrowserFlags, args: readonly string[]): Promise<number> {
  const { json, markdown, out } = flags;
  if (json === '-' && markdown === '-') throw new UsageError('--json and --markdown: only one of them can be stdout');
  const request = await requestOf(flags);
  const problem = await browserProblem();
  if (problem !== undefined) throw new UsageError(problem);
  if (markdown !== undefined && markdown !== '-') await provable('--markdown', markdown);
  const screen = json === '-' || markdown === '-' ? process.stderr : process.stdout;
  const startedAt = new Date();
  const interrupt = openInterrupt();
  const identity = await makeCertificate(['127.0.0.1']);
  // Before the folder: a browser that does not start leaves no empty document.
  const chromium = await launch(identity);
  let output: JsonOutput;
  let report: BrowserLimits;
  try {
    output = await openJsonOutput({ folder: out, scenario: 'browser', startedAt, fileName: 'browser.json', json });
    const tools = { chromium, identity, signal: interrupt.signal, args, startedAt, save: output.save };
    report = await measure(request, flags, tools);
  } finally {
    await chromium.close();
    interrupt.close();
  }
  await output.finish(spell(report));
  await deliver(markdown, renderBrowserLimitsMarkdown(report));
  const color = screen.isTTY === true && !process.env.NO_COLOR;
  screen.write(renderBrowserLimitsTable(report, { width: screen.columns ?? 100, color }));
  screen.write(`\nSaved: ${output.file}\n`);
  if (report.interrupted) return EXIT.interrupted;
  return report.limits.every(({ state }) => state === 'completed') ? EXIT.ok : EXIT.runFailed;
}

async function requestOf({ transport, connections }: BrowserFlags): Promise<Request> {
  const count = Number(connections);
  if (!/^\d+$/.test(connections) || count < 1 || count > MAX_CONNECTIONS) {
    throw new UsageError(`--connections: \`${connections}\` is not a whole number from 1 to ${MAX_CONNECTIONS}`);
  }
  const specs = transport.length > 0 ? transport : await defaultSpecs();
  const asked = await resolveRows(
    specs.map((spec) => ({ spec, where: '--transport' })),
    'server',
    registry,
  );
  const { reached, unreachable } = reachableRows(asked, { via: 'browser' });
  if (reached.length === 0) {
    const why = unreachable.map(({ label, reason }) => `${label} is not reachable from a browser: ${reason}`);
    throw new UsageError(why.map((text) => `--transport: ${text}`));
  }
  return { rows: reached, unreachable: [...unreachable], connections: count };
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

async function launch({ certificate }: ServerIdentity): Promise<Chromium> {
  try {
    return await Chromium.launch({ certificate });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

interface Tools {
  readonly chromium: Chromium;
  readonly identity: ServerIdentity;
  readonly signal: AbortSignal;
  readonly args: readonly string[];
  readonly startedAt: Date;
  readonly save: (json: string) => Promise<void>;
}

async function measure(
  { rows, unreachable, connections }: Request,
  { quiet = false }: BrowserFlags,
  { chromium, identity, signal, args, startedAt, save }: Tools,
): Promise<BrowserLimits> {
  const startedMs = performance.now();
  const environment = readEnvironment({ pinning: null, deflateRatio: null });
  const limits: ConnectionLimit[] = [];
  const reportNow = (): BrowserLimits => ({
    schemaVersion: BROWSER_LIMITS_SCHEMA_VERSION,
    kind: 'browser',
    tool: readTool(),
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - startedMs),
    command: commandLine(args),
    environment,
    interrupted: signal.aborted,
    browser: { name: chromium.name, version: chromium.version },
    waitMs: WAIT_MS,
    planned: rows.length,
    limits,
    unreachable,
  });
  for await (const limit of measureLimits(rows, { chromium, identity, connections, waitMs: WAIT_MS, signal })) {
    limits.push(limit);
    if (!quiet) console.error(`[${limits.length}/${rows.length}] ${limit.label} · ${progressOf(limit)}`);
    await save(spell(reportNow()));
  }
  return reportNow();
}

function progressOf(limit: ConnectionLimit): string {
  return limit.state === 'completed' ? `${limit.atServer} of ${limit.asked} are open` : `failed: ${limit.reason}`;
}
